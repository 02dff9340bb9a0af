import { beforeAll, expect, test } from 'vitest';
import {
  adam,
  createEngine,
  createTrainer,
  dataset,
  dense,
  dropout,
  type Engine,
  l2,
  relu,
  sequential,
  softmaxCrossEntropy,
} from '../../src/index.js';
import { type CountingDevice, type Counts, countingDevice } from './counting-device.js';

const FEATURES = 5;
const x = Float32Array.from({ length: 4 * FEATURES }, (_, i) => Math.sin(i));
const y = Uint32Array.of(0, 1, 2, 1);
const EXAMPLES = 400;
const data = dataset({
  x: Float32Array.from({ length: EXAMPLES * FEATURES }, (_, i) => Math.sin(i)),
  y: Uint32Array.from({ length: EXAMPLES }, (_, i) => i % 3),
  features: FEATURES,
});
const NOTHING: Counts = { buffers: 0, bindGroups: 0, pipelines: 0, shaderModules: 0, maps: 0, submits: 0 };

let counting: CountingDevice;
let engine: Engine;
beforeAll(async () => {
  counting = await countingDevice();
  engine = await createEngine({ device: counting.device });
  return () => {
    expect(counting.uncaught).toEqual([]);
    counting.device.destroy();
  };
});

const create = () =>
  createTrainer(engine, sequential([dense(8), relu(), dropout(0.5), dense(3)]), {
    input: [FEATURES],
    batchSize: 4,
    loss: softmaxCrossEntropy(),
    optimizer: adam(),
    regularizer: l2(0.01),
  });

test('a step makes nothing, reads nothing back, and is one submit', async () => {
  using trainer = await create();
  const steps = 300; // more than the step table has rows
  const counts = await counting.during(() => {
    for (let step = 0; step < steps; step++) trainer.step({ x, y });
  });
  expect(counts).toEqual({ ...NOTHING, submits: steps });
  const { steps: measured } = await trainer.metrics();
  expect(measured.map(({ step }) => step)).toEqual(Array.from({ length: 256 }, (_, i) => steps - 256 + i));
});

test('a changed hyper-parameter makes nothing and compiles nothing', async () => {
  using trainer = await create();
  const losses = async () => {
    trainer.step({ x, y });
    return (await trainer.metrics()).penalty;
  };
  const before = await losses();
  const counts = await counting.during(() => {
    trainer.set({ l2: 5, dropout: 0.1, learningRate: 0 });
    trainer.step({ x, y });
  });
  expect(counts).toEqual({ ...NOTHING, submits: 1 });
  expect(await losses()).toBeGreaterThan(100 * before);
});

test('fit puts several steps into one submit, and each epoch makes no more than its readbacks', async () => {
  using trainer = await create();
  for await (const _ of trainer.fit(data, { epochs: 1 })); // uploads the data
  let steps = 0;
  const counts = await counting.during(async () => {
    for await (const { steps: taken } of trainer.fit(data, { epochs: 2 })) steps += taken;
  });
  expect(steps).toBe((2 * EXAMPLES) / 4);
  expect(counts).toEqual({ ...NOTHING, buffers: counts.maps, maps: counts.maps, submits: counts.submits });
  // Every run of steps is read once, and every epoch's penalty. Runs double from one step, unless a step is slow.
  expect(counts.maps - 2).toBeLessThan(steps / 4);
  expect(counts.submits).toBeLessThan(steps / 2);
});

test('dispose gives every buffer back, also those of data, evaluation and prediction', async () => {
  const before = counting.live.size;
  const sizes = new Set<number>();
  for (let i = 0; i < 20; i++) {
    const trainer = await create();
    trainer.step({ x, y });
    if (i % 5 === 0) {
      for await (const _ of trainer.fit(data, { epochs: 1, validation: data }));
      await trainer.predict(x);
      await trainer.save();
    } else {
      sizes.add(counting.live.size);
    }
    trainer.dispose();
    expect(counting.live.size).toBe(before);
  }
  expect(sizes.size).toBe(1);
});

test('what is disposed while it works ends, frees everything and says so', async () => {
  const before = counting.live.size;
  const trainer = await create();
  const ends = Promise.allSettled([trainer.metrics(), trainer.evaluate(data), trainer.predict(x), trainer.save()]);
  trainer.dispose();
  for (const end of await ends) {
    expect(end).toMatchObject({ reason: { kind: 'disposed', message: 'trainer: it was disposed; create a new one' } });
  }
  const fitting = await create();
  const run = async () => {
    for await (const _ of fitting.fit(data, { epochs: 9, steps: true })) fitting.dispose();
  };
  await expect(run()).rejects.toMatchObject({ kind: 'disposed' });
  expect(counting.live.size).toBe(before);
});

test('`using` disposes, a device of the caller stays alive', async () => {
  const before = counting.live.size;
  {
    using own = await createEngine({ device: counting.device });
    using trainer = await createTrainer(own, sequential([dense(1)]), {
      input: [1],
      batchSize: 1,
      loss: softmaxCrossEntropy(),
      optimizer: adam(),
    });
    expect(counting.live.size).toBeGreaterThan(before);
    expect(trainer.stepsTaken).toBe(0);
  }
  expect(counting.live.size).toBe(before);
  expect(counting.destroyed).toBe(false);
});
