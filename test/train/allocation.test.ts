import { expect, test } from 'vitest';
import { createEngine, dataset } from '../../src/index.js';
import { sessionOf } from '../../src/train/trainer.js';
import { type Counts, countedEngine } from './counting-device.js';
import { all, BATCH, FEATURES, smallTwin } from './small-population.js';

const EXAMPLES = 400;
const data = dataset({
  x: Float32Array.from({ length: EXAMPLES * FEATURES }, (_, i) => Math.sin(i)),
  y: Uint32Array.from({ length: EXAMPLES }, (_, i) => i % 3),
  features: FEATURES,
});
const NOTHING: Counts = { buffers: 0, bindGroups: 0, pipelines: 0, shaderModules: 0, maps: 0, submits: 0 };

const { counting, engine } = await countedEngine();
const create = () => smallTwin(engine, {});

test('a step makes nothing, reads nothing back, and is one submit', async () => {
  using trainer = await create();
  trainer.step(BATCH); // the first one has the rest compiled
  await trainer.metrics();
  await sessionOf(trainer).executor.allCompiled();
  const steps = 300; // more than the step table has rows
  const counts = await counting.during(() => {
    for (let step = 0; step < steps; step++) trainer.step(BATCH);
  });
  expect(counts).toEqual({ ...NOTHING, submits: steps });
  const { steps: measured } = await trainer.metrics();
  expect(measured.map(({ step }) => step)).toEqual(Array.from({ length: 256 }, (_, i) => steps - 255 + i));
});

test('a changed hyper-parameter makes nothing and compiles nothing', async () => {
  using trainer = await create();
  const losses = async () => {
    trainer.step(BATCH);
    return (await trainer.metrics()).penalty;
  };
  const before = await losses();
  const counts = await counting.during(() => {
    trainer.set({ l2: 5, dropout: 0.1, learningRate: 0 });
    trainer.step(BATCH);
  });
  expect(counts).toEqual({ ...NOTHING, submits: 1 });
  expect(await losses()).toBeGreaterThan(100 * before);
});

test('fit puts several steps into one submit, and each epoch makes no more than its readbacks', async () => {
  using trainer = await create();
  await all(trainer.fit(data, { epochs: 1 })); // uploads the data
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
    trainer.step(BATCH);
    if (i % 5 === 0) {
      await all(trainer.fit(data, { epochs: 1, validation: data }));
      await trainer.predict(BATCH.x);
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
  const ends = Promise.allSettled([
    trainer.metrics(),
    trainer.evaluate(data),
    trainer.predict(BATCH.x),
    trainer.save(),
  ]);
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
    using trainer = await smallTwin(own, {});
    expect(counting.live.size).toBeGreaterThan(before);
    expect(trainer.stepsTaken).toBe(0);
  }
  expect(counting.live.size).toBe(before);
  expect(counting.destroyed).toBe(false);
});
