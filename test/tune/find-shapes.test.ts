import { expect, test } from 'vitest';
import { GpuEngine } from '../../src/gpu/engine.js';
import { dense, relu, sequential } from '../../src/index.js';
import { KERNELS } from '../../src/kernels/every-kernel.js';
import { checkTrainerOptions, traceTraining } from '../../src/train/trainer-options.js';
import { findShapes } from '../../src/tune/find-shapes.js';
import { sharedEngine } from '../gpu/stored.js';
import { OPTIONS } from './tuned-model.js';

const model = sequential([dense(128), relu(), dense(128), relu(), dense(128)]);
const { step } = traceTraining(
  'test',
  model,
  checkTrainerOptions('test', model, { ...OPTIONS, input: [128], batchSize: 64 }),
);

/** The shapes on a device that allows so many workgroups in a row. */
async function shapesOn(most: number | undefined) {
  const engine = await sharedEngine();
  const { device } = engine;
  const limits = new Proxy(device.limits, {
    get: (target, name) =>
      name === 'maxComputeWorkgroupsPerDimension' && most !== undefined ? most : Reflect.get(target, name, target),
  });
  const limited = new Proxy(device, {
    get(target, name) {
      const value = name === 'limits' ? limits : Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  const executor = new GpuEngine(limited, false, { kernels: KERNELS }).createExecutor();
  const shapes = findShapes(executor, step);
  executor.dispose();
  return shapes;
}

test('layers of equal sizes are one shape, and another kernel is another', async () => {
  const shapes = await shapesOn(undefined);
  expect(shapes.map(({ name, indices }) => [name, indices.length])).toEqual([
    ['matmul-nn m=64,k=128,n=128', 3],
    ['matmul-nt m=64,k=128,n=128', 2],
    ['matmul-tn-sums k=64,m=128,n=128', 3],
  ]);
  for (const { indices, candidates } of shapes) {
    for (const { dispatches } of candidates) expect(dispatches).toHaveLength(indices.length);
  }
});

test('a variant that needs more workgroups than the device allows is no candidate', async () => {
  const variants = async (most?: number) =>
    (await shapesOn(most)).map(({ candidates }) => candidates.map(({ variant }) => variant));
  for (const names of await variants()) expect(names).toContain('thin');
  // 64 rows of 32 quads are 32 workgroups of 64 lanes, tiles of 32 x 32 are 4 by 2.
  for (const names of await variants(8)) {
    expect(names).toContain('tiled');
    expect(names).not.toContain('thin');
  }
});
