/**
 * Every name of `wgrad`, `wgrad/tune` and `wgrad/verify`, and those of `wgrad/ops` as `ops`: the entry of the single file
 * `dist/wgrad.min.js`.
 * @module
 */
export * from './index.js';
export * as ops from './ops.js';
export * from './tune.js';
export * from './verify.js';
