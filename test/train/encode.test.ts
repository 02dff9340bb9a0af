import { describe, expect, test } from 'vitest';
import { type Batch, meanSquaredError, softmaxCrossEntropy } from '../../src/index.js';
import { complaint } from './complaint.js';
import { countedEngine } from './counting-device.js';
import { labels, numbers, ROWS, trainerOf, upload } from './gpu-batches.js';

const { device, engine } = await countedEngine();

// Rows of 4 features lie without gaps, others are padded inside; so are rows of 3 targets.
describe.each([4, 5, 1])('with %i features', (features) => {
  test.each(['classes', 'targets'] as const)(
    'encode and step on buffers equal step on arrays, with %s',
    async (kind) => {
      const loss = kind === 'classes' ? softmaxCrossEntropy() : meanSquaredError();
      const make = () => trainerOf(engine, features, loss);
      const [byArrays, byEncoder, bySteps] = [await make(), await make(), await make()];
      for (let step = 0; step < 6; step++) {
        const rows = step === 4 ? 2 : ROWS; // a short batch, and a whole one after it
        const x = numbers(rows * features, step);
        const y = kind === 'classes' ? labels(step).slice(0, rows) : numbers(rows * 3, -step);
        byArrays.step({ x, y });
        const batch: Batch = { x: upload(device, x), y: upload(device, y), rows };
        expect(bySteps.step(batch)).toBe(step);
        const encoder = device.createCommandEncoder();
        expect(byEncoder.encode(encoder, batch)).toBe(step);
        device.queue.submit([encoder.finish()]);
      }
      const [weights, metrics] = [await byArrays.weights(), await byArrays.metrics()];
      for (const trainer of [byEncoder, bySteps]) {
        expect(await trainer.metrics()).toEqual(metrics);
        expect(await trainer.weights()).toEqual(weights);
      }
      for (const trainer of [byArrays, byEncoder, bySteps]) trainer.dispose();
    },
  );
});

test('several steps go into one encoder, encoders are submitted in order', async () => {
  const [together, apart] = [await trainerOf(engine, 4), await trainerOf(engine, 4)];
  const batches = [0, 1, 2, 3].map((i): Batch => ({ x: upload(device, numbers(16, i)), y: upload(device, labels(i)) }));
  const encoders = [device.createCommandEncoder(), device.createCommandEncoder()];
  expect(batches.map((batch, i) => together.encode(encoders[i >> 1], batch))).toEqual([0, 1, 2, 3]);
  together.set({ learningRate: 0 }); // not for what is encoded already
  device.queue.submit(encoders.map((encoder) => encoder.finish()));
  for (const batch of batches) apart.step(batch);
  expect(await together.weights()).toEqual(await apart.weights());
});

test('a full table throws and names its size; what was submitted counts, and it goes on', async () => {
  using trainer = await trainerOf(engine, 4);
  const batch: Batch = { x: upload(device, numbers(16, 0)), y: upload(device, labels(0)) };
  const encoder = device.createCommandEncoder();
  for (let step = 0; step < 256; step++) expect(trainer.encode(encoder, batch)).toBe(step);
  const full = 'the step table holds 256 steps and is full; submit the encoders, then await metrics()';
  expect(await complaint(() => trainer.encode(encoder, batch))).toBe(`EngineError of kind limit: encode: ${full}`);
  expect(await complaint(() => trainer.step(batch))).toBe(`EngineError of kind limit: step: ${full}`);
  expect(trainer.stepsTaken).toBe(256);
  device.queue.submit([encoder.finish()]);
  expect((await trainer.metrics()).steps).toHaveLength(256);
  expect(trainer.step(batch)).toBe(256);
});

test('metrics of a step that was not submitted are an error, not numbers', async () => {
  using trainer = await trainerOf(engine, 4);
  const batch: Batch = { x: upload(device, numbers(16, 0)), y: upload(device, labels(0)) };
  trainer.step(batch);
  const encoder = device.createCommandEncoder();
  trainer.encode(encoder, batch);
  expect(await complaint(() => trainer.metrics())).toBe(
    'EngineError of kind validation: metrics: step 1 was encoded, but its encoder was not submitted before metrics were read',
  );
  device.queue.submit([encoder.finish()]);
  expect(trainer.step(batch)).toBe(2);
  expect((await trainer.metrics()).steps.map(({ step }) => step)).toEqual([2]);
});

test('buffers with NaN diverge, and leave nothing behind in the rows of a short batch', async () => {
  const [trainer, fresh] = [await trainerOf(engine, 5), await trainerOf(engine, 5)];
  trainer.step({ x: upload(device, new Float32Array(20).fill(NaN)), y: upload(device, labels(0)) });
  expect(await complaint(() => trainer.metrics())).toBe(
    'EngineError of kind diverged: training: loss is not finite after step 0; the trainer is back at step 0, lower the learning rate and go on',
  );
  const short: Batch = { x: upload(device, numbers(5, 0)), y: upload(device, labels(0)), rows: 1 };
  for (const each of [trainer, fresh]) each.step(short);
  expect(await trainer.metrics()).toEqual(await fresh.metrics());
  expect(await trainer.save()).toEqual(await fresh.save());
});
