import { beforeAll, describe, expect, test } from 'vitest';
import {
  adam,
  type Batch,
  createEngine,
  createReferenceEngine,
  createTrainer,
  dense,
  dropout,
  type Engine,
  l2,
  meanSquaredError,
  relu,
  sequential,
  sgd,
  softmaxCrossEntropy,
  type TrainerOptions,
} from '../../src/index.js';
import { complaint } from './complaint.js';
import { type CountingDevice, countingDevice } from './counting-device.js';

const COPY = GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
const ROWS = 4;

let counting: CountingDevice;
let device: GPUDevice;
let engine: Engine;
beforeAll(async () => {
  counting = await countingDevice();
  ({ device } = counting);
  engine = await createEngine({ device });
  return () => device.destroy();
});

function upload(data: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>, on = device, usage = COPY): GPUBuffer {
  const buffer = on.createBuffer({ size: data.byteLength, usage });
  on.queue.writeBuffer(buffer, 0, data);
  return buffer;
}

const numbers = (count: number, seed: number) => Float32Array.from({ length: count }, (_, i) => Math.sin(seed + i * i));
const labels = (seed: number) => Uint32Array.from({ length: ROWS }, (_, i) => (i + seed) % 3);
const options = (features: number): TrainerOptions => ({
  input: [features],
  batchSize: ROWS,
  loss: softmaxCrossEntropy(),
  optimizer: adam(),
  regularizer: l2(0.01),
});
const classifier = (features: number, on = engine) =>
  createTrainer(on, sequential([dense(6), relu(), dropout(0.5), dense(3)]), options(features));

// Rows of 4 features lie without gaps, others are padded inside; so are rows of 3 targets.
describe.each([4, 5, 1])('with %i features', (features) => {
  test.each(['classes', 'targets'] as const)(
    'encode and step on buffers equal step on arrays, with %s',
    async (kind) => {
      const make = () => {
        const model = sequential([dense(6), relu(), dropout(0.5), dense(3)]);
        const loss = kind === 'classes' ? softmaxCrossEntropy() : meanSquaredError();
        return createTrainer(engine, model, { ...options(features), loss });
      };
      const [byArrays, byEncoder, bySteps] = [await make(), await make(), await make()];
      for (let step = 0; step < 6; step++) {
        const rows = step === 4 ? 2 : ROWS; // a short batch, and a whole one after it
        const x = numbers(rows * features, step);
        const y = kind === 'classes' ? labels(step).slice(0, rows) : numbers(rows * 3, -step);
        byArrays.step({ x, y });
        const batch: Batch = { x: upload(x), y: upload(y), rows };
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
  const [together, apart] = [await classifier(4), await classifier(4)];
  const batches = [0, 1, 2, 3].map((i): Batch => ({ x: upload(numbers(16, i)), y: upload(labels(i)) }));
  const encoders = [device.createCommandEncoder(), device.createCommandEncoder()];
  expect(batches.map((batch, i) => together.encode(encoders[i >> 1], batch))).toEqual([0, 1, 2, 3]);
  together.set({ learningRate: 0 }); // not for what is encoded already
  device.queue.submit(encoders.map((encoder) => encoder.finish()));
  for (const batch of batches) apart.step(batch);
  expect(await together.weights()).toEqual(await apart.weights());
});

test('a full table throws and names its size; what was submitted counts, and it goes on', async () => {
  using trainer = await classifier(4);
  const batch: Batch = { x: upload(numbers(16, 0)), y: upload(labels(0)) };
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
  using trainer = await classifier(4);
  const batch: Batch = { x: upload(numbers(16, 0)), y: upload(labels(0)) };
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

test('what does not fit is refused before anything is recorded', async () => {
  using trainer = await classifier(4);
  const [x, y] = [upload(numbers(16, 0)), upload(labels(0))];
  const encoder = device.createCommandEncoder();
  const storage = upload(numbers(16, 0), device, GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST);
  const refused: [batch: unknown, message: string][] = [
    [
      { x: numbers(16, 0), y: labels(0) },
      'TypeError: encode: x and y must both be GPUBuffers, but x is a Float32Array',
    ],
    [{ x, y: labels(0) }, 'TypeError: encode: x and y must both be GPUBuffers, but y is a Uint32Array'],
    [{ x, y, rows: 5 }, 'RangeError: encode: rows must be an integer in [1, 4], got 5'],
    [{ x, y, rows: 0 }, 'RangeError: encode: rows must be an integer in [1, 4], got 0'],
    [{ x: upload(numbers(15, 0)), y }, 'RangeError: encode: x must hold 64 bytes (4 rows of 4), got 60'],
    [{ x, y: upload(labels(0).slice(1)) }, 'RangeError: encode: y must hold 16 bytes (4 rows of 1), got 12'],
    [{ x: storage, y }, 'TypeError: encode: x must have the usage COPY_SRC'],
    [{ x, y, row: 1 }, "TypeError: encode: unknown option 'row', did you mean 'rows'?; known: x, y, rows"],
  ];
  for (const [batch, message] of refused) {
    expect(await complaint(() => trainer.encode(encoder, batch as Batch))).toBe(message);
  }
  expect(await complaint(() => trainer.step({ x, y: labels(0) }))).toBe(
    'TypeError: step: x and y must both be GPUBuffers, but y is a Uint32Array',
  );
  expect(trainer.stepsTaken).toBe(0);
  device.queue.submit([encoder.finish()]);
  expect(counting.uncaught).toEqual([]);
});

test('buffers of another device, and buffers for the CPU reference', async () => {
  const other = (await countingDevice()).device;
  const foreign: Batch = { x: upload(numbers(16, 0), other), y: upload(labels(0), other) };
  const trainer = await classifier(4);
  trainer.step(foreign);
  const error = await complaint(() => trainer.metrics());
  expect(error).toMatch(/^EngineError of kind validation: submit: WebGPU refuses it: /);
  expect(await complaint(() => trainer.save())).toBe(error);
  trainer.dispose();
  using reference = await createTrainer(createReferenceEngine(), sequential([dense(3)]), {
    ...options(4),
    optimizer: sgd(),
  });
  const message = 'GPUBuffers need an engine on WebGPU; this one is the CPU reference';
  expect(await complaint(() => reference.step(foreign))).toBe(`EngineError of kind unsupported: step: ${message}`);
  const encoder = device.createCommandEncoder();
  expect(await complaint(() => reference.encode(encoder, foreign))).toBe(
    `EngineError of kind unsupported: encode: ${message}`,
  );
  other.destroy();
});
