/**
 * Every name of `wgrad`, `wgrad/tune` and `wgrad/verify`: the entry of the single file `dist/wgrad.min.js`.
 * @module
 */
export * from './index.js';
export * from './tune.js';
export * from './verify.js';
