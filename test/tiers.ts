// `npm test` runs what is listed here, in a few minutes on two cores. `npm run test:all` runs every file everywhere.

const files = (folder: string, ...names: readonly string[]) => names.map((name) => `test/${folder}/${name}.test.ts`);

/**
 * The only files that `npm test` leaves out in Node; CI runs them after it, as far as its time goes. Bugs of kernels, plans and
 * steps are noticed without them (test/node/tiers.test.ts): in Chromium `verifyEngine` runs every kernel in every variant, Dawn's
 * null backend makes the kernels of other devices, test/node/cli-train.test.ts trains presets, and test/steps has the steps of
 * the family's parts. What only they notice are bugs in the scripts, rivals and pages of examples that they run, in the types that
 * the package exports, in the gradients of the family's parts, in `autotune`, in long trainings and a long search for the best λ,
 * in memory that is not given back, in checks of `verify` that find nothing, and in searches and populations that are stopped,
 * resumed, lost or called at an unlucky moment.
 */
export const SLOW_IN_NODE = [
  ...files('fleet', 'kills', 'local'),
  ...files('gpu-engine', 'dispose-frees', 'lost-search'),
  ...files('kernels', 'kernels'),
  ...files('laws', 'population', 'trainers'),
  ...files('mutation', 'planted-in-tiles', 'verify-finds'),
  ...files('nn', 'family'),
  ...files('node', 'examples', 'package-lint', 'reproduce', 'rival-family', 'rival-jax', 'rival-tfjs'),
  ...files('node/docs', 'site'),
  ...files('plan', 'other-devices'),
  ...files('train', 'presets'),
  ...files(
    'tune',
    'autotune',
    'autotune-failures',
    'forged-search',
    'search-concurrency',
    'search-turns',
    'winner-file',
  ),
  ...files('verify', 'overflow', 'verify-engine'),
  ...files('witness', 'best-lambda', 'trajectory'),
];

/**
 * The tests of the built page that `npm test` runs: its build, files, knobs, charts, masks, layout in brief, and a browser without a
 * GPU. CI runs the others after it.
 */
export const PAGE = files(
  'node',
  'demo-build',
  'demo-charts',
  'demo-files',
  'demo-knobs',
  'demo-layout',
  'demo-mask',
  'demo-no-gpu',
);

/**
 * Tests that `npm test` runs in Chromium: `verifyEngine()` and `verify(trainer)`, which check kernels and steps there, workers,
 * and what depends on the implementation of WebGPU: engine, errors, memory, mapping, a trainer's whole life.
 */
export const CHROMIUM = [
  ...files('browser', 'verify-engine', 'verify-worker'),
  ...files('gpu', 'data', 'end', 'failures', 'memory', 'pending-maps', 'probe', 'recording'),
  ...files('gpu-engine', 'create-engine', 'engine', 'faults'),
  ...files('train', 'abort', 'disposed', 'encode', 'fit', 'trainer'),
  ...files('onnx', 'columns'),
  ...files('tune', 'tuning'),
];

/** Files outside test/node that need Node, themselves or by what they import: the only ones that Chromium never runs. */
export const NODE_ALONE = [
  ...files('demo', 'colours', 'words'),
  ...files('fleet', 'fleet', 'kills', 'local'),
  ...files('gpu-engine', 'dispose-frees'),
  ...files('mutation', 'report'),
  ...files('random', 'contract'),
  ...files('table', 'prepare-in-turns', 'read-table'),
];

/** Random cases of each law: of `npm test`, and of `npm run test:all`. */
export const CASES = { quick: 12, all: 100 };
