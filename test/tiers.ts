// `npm test` runs what is listed here, in a few minutes on two cores. `npm run test:all` runs every file everywhere.

/** The only files that `npm test` leaves out in Node: slow, and about more than one version's numbers. */
export const SLOW_IN_NODE = [
  'test/node/reproduce.test.ts',
  'test/node/rival-*.test.ts',
  'test/tune/autotune.test.ts',
  'test/witness/best-lambda.test.ts',
];

/** The tests of the built page that `npm test` runs: each part of the page once. */
export const PAGE = ['build', 'charts', 'device', 'files', 'knobs', 'mask', 'no-gpu', 'search', 'typing', 'views'].map(
  (part) => `test/node/demo-${part}.test.ts`,
);

/**
 * What `npm test` runs in Chromium: `verifyEngine()` and `verify(trainer)`, which check kernels and steps there, workers,
 * and what depends on the implementation of WebGPU: engine, errors, memory, mapping, a trainer's whole life.
 */
export const CHROMIUM = [
  'test/browser/*.test.ts',
  'test/gpu/{data,end,failures,memory,pending-maps,probe,recording}.test.ts',
  'test/gpu-engine/{create-engine,engine,faults}.test.ts',
  'test/train/{abort,checkpoint,disposed,encode,fit,gpu-and-reference,set,trainer}.test.ts',
  'test/tune/stored-shape.test.ts',
];

/** Random cases of each law: of `npm test`, and of `npm run test:all`. */
export const CASES = { quick: 20, all: 100 };
