import { expect, test } from 'vitest';
import {
  adam,
  createPopulation,
  createTrainer,
  dataset,
  dense,
  type Engine,
  meanSquaredError,
  sequential,
} from '../../src/index.js';
import { complaint } from '../train/complaint.js';
import { countedEngine } from '../train/counting-device.js';

const batch = { x: Float32Array.of(1, 2, 3, 4), y: Float32Array.of(1, 2) };
const options = (features: number) => ({
  input: [features],
  batchSize: 2,
  loss: meanSquaredError(),
  optimizer: adam(),
});
const create = (engine: Engine, features = 2, units = 1) =>
  createTrainer(engine, sequential([dense(units), dense(1)]), options(features));

const { counting, device, engine } = await countedEngine();

test('data beyond the limits of the device are refused with the number that fits, and the trainer goes on with others', async () => {
  const trainer = await create(engine);
  await trainer.evaluate(dataset({ ...batch, features: 2 }));
  const live = counting.live.size;
  // Rows lie in quads of four floats.
  const rows = device.limits.maxStorageBufferBindingSize / 16 + 1;
  const large = dataset({ x: new Float32Array(rows * 2), y: new Float32Array(rows), features: 2 });
  const limit = `${device.limits.maxStorageBufferBindingSize} (maxStorageBufferBindingSize)`;
  for (let i = 0; i < 2; i++) {
    expect(await complaint(() => trainer.evaluate(large))).toBe(
      `EngineError of kind limit: memory: data1.x needs ${rows * 16} bytes, this device binds at most ${limit}; ` +
        `at most ${rows - 1} examples of these data fit`,
    );
  }
  expect(counting.live.size).toBe(live);
  const fits = dataset({ x: batch.x.slice(), y: batch.y.slice(), features: 2 });
  for await (const { steps } of trainer.fit(fits, { epochs: 1, validation: fits })) expect(steps).toBe(1);
  expect(counting.uncaught).toEqual([]);
});

test('weights of examples beyond the limits are refused with the number that fits', async () => {
  const members = Array.from({ length: 64 }, () => ({}));
  using population = await createPopulation(engine, sequential([dense(1)]), { ...options(2), members });
  const rows = 200_000; // a row of one number takes a quad
  const large = dataset({ x: new Float32Array(rows * 2), y: new Float32Array(rows), features: 2 });
  const weights = new Float32Array(rows).fill(1);
  const most = device.limits.maxStorageBufferBindingSize / 64 / 16;
  expect(await complaint(() => population.evaluate(large, { weights }))).toMatch(
    new RegExp(
      `memory: data\\d\\.weights needs ${rows * 64 * 16} bytes, .*; at most ${most} examples of these data fit$`,
    ),
  );
});

test.each([
  [
    'bytes',
    6000,
    6000,
    /^EngineError of kind limit: memory: .+ needs \d+ bytes, this device binds at most \d+ \(max\w+\); /,
  ],
  [
    'workgroups',
    5_000_000,
    1,
    /^EngineError of kind limit: .+ needs \d+ workgroups in a row, this device allows 65535; /,
  ],
])('a batch that needs too many %s is refused with the largest one that fits', async (_, batchSize, features, why) => {
  const live = counting.live.size;
  const make = (size: number) =>
    createTrainer(engine, sequential([dense(1)]), {
      input: [features],
      batchSize: size,
      loss: meanSquaredError(),
      optimizer: adam(),
    });
  const said = await complaint(() => make(batchSize));
  expect(said).toMatch(why);
  expect(counting.live.size).toBe(live);
  const [, most] = /batchSize may be at most (\d+)$/.exec(said) ?? [];
  expect(Number(most)).toBeGreaterThan(batchSize / 100);
  expect(await complaint(() => make(Number(most) + 1))).toMatch(new RegExp(`; batchSize may be at most ${most}$`));
  (await make(Number(most))).dispose();
});

test('a device that has no memory left is told of, and what was made is given back', async () => {
  const live = counting.live.size;
  const filters: string[] = [];
  const [push, pop] = [device.pushErrorScope.bind(device), device.popErrorScope.bind(device)];
  let full = true;
  device.pushErrorScope = (filter) => {
    filters.push(filter);
    return push(filter);
  };
  device.popErrorScope = async () => {
    const isFull = filters.pop() === 'out-of-memory' && full;
    const error = await pop();
    return isFull ? ({ message: 'planted' } satisfies GPUError) : error;
  };
  expect(await complaint(() => create(engine))).toMatch(
    /^EngineError of kind memory: memory: the device has no \d+ bytes left$/,
  );
  expect(counting.live.size).toBe(live);
  full = false;
  const trainer = await create(engine);
  expect(trainer.step(batch)).toBe(0);
  expect((await trainer.metrics()).steps).toHaveLength(1);
  Object.assign(device, { pushErrorScope: push, popErrorScope: pop });
});

test('a submit that does not happen is never read as numbers', async () => {
  const { queue } = device;
  const submit = queue.submit.bind(queue);
  const dropped = { submit: () => undefined };
  const [first, second] = [await create(engine), await create(engine)];
  await first.metrics();
  // A step that is not run leaves the canary of its row.
  Object.defineProperty(queue, 'submit', { value: dropped.submit, configurable: true });
  first.step(batch);
  Object.defineProperty(queue, 'submit', { value: submit, configurable: true });
  expect(await complaint(() => first.metrics())).toBe(
    'EngineError of kind validation: metrics: step 0 was encoded, but its encoder was not submitted before metrics were read',
  );
  // A copy that is not run leaves the canary of the staging buffer.
  Object.defineProperty(queue, 'submit', { value: dropped.submit, configurable: true });
  const read = complaint(() => second.weights());
  Object.defineProperty(queue, 'submit', { value: submit, configurable: true });
  expect(await read).toBe('EngineError of kind validation: readback: the GPU did not copy what was asked for');
});

test("errors of the device's owner stay theirs, and ours do not become theirs", async () => {
  const trainer = await create(engine);
  device.pushErrorScope('validation');
  trainer.step(batch);
  device.createBuffer({ size: 4, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE });
  const metrics = trainer.metrics();
  const scope = await device.popErrorScope();
  expect(scope).not.toBeNull();
  expect((await metrics).steps).toHaveLength(1);
  device.pushErrorScope('validation');
  trainer.step(batch);
  expect(await device.popErrorScope()).toBeNull();
  expect(counting.uncaught).toEqual([]);
});
