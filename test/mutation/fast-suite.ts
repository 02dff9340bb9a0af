/** The fast suite: the tests that exercise plans and shaders and take a minute together. */
export const FAST_SUITE: Readonly<Record<string, () => Promise<unknown>>> = {
  'test/plan/plan.test.ts': () => import('../plan/plan.test.js'),
  'test/plan/print-plan.test.ts': () => import('../plan/print-plan.test.js'),
  'test/nn/optimizers.test.ts': () => import('../nn/optimizers.test.js'),
  'test/random/philox.test.ts': () => import('../random/philox.test.js'),
  'test/kernels/trees.test.ts': () => import('../kernels/trees.test.js'),
  'test/gpu/updates.test.ts': () => import('../gpu/updates.test.js'),
  'test/gpu/steps.test.ts': () => import('../gpu/steps.test.js'),
  'test/gpu/fusion.test.ts': () => import('../gpu/fusion.test.js'),
  'test/gpu/masks.test.ts': () => import('../gpu/masks.test.js'),
  'test/gpu/philox.test.ts': () => import('../gpu/philox.test.js'),
  'test/gpu/data.test.ts': () => import('../gpu/data.test.js'),
  'test/gpu/probe.test.ts': () => import('../gpu/probe.test.js'),
  'test/gpu/riders.test.ts': () => import('../gpu/riders.test.js'),
  'test/witness/first-steps.test.ts': () => import('../witness/first-steps.test.js'),
};

/** Names of tests that repeat others more thoroughly and take most of the time. */
export const LEFT_OUT = /tensor by tensor|with every tensor stored|has the same bits again|share of kept elements/;
