import { expect, test } from 'vitest';
import { type Batch, createReferenceEngine } from '../../src/index.js';
import { complaint } from './complaint.js';
import { countedEngine, countingDevice } from './counting-device.js';
import { labels, numbers, trainerOf, upload } from './gpu-batches.js';

const { counting, device, engine } = await countedEngine();

test('what does not fit is refused before anything is recorded', async () => {
  using trainer = await trainerOf(engine, 4);
  const [x, y] = [upload(device, numbers(16, 0)), upload(device, labels(0))];
  const encoder = device.createCommandEncoder();
  const storage = upload(device, numbers(16, 0), GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST);
  const refused: [batch: unknown, message: string][] = [
    [
      { x: numbers(16, 0), y: labels(0) },
      'TypeError: encode: x and y must both be GPUBuffers, but x is a Float32Array',
    ],
    [{ x, y: labels(0) }, 'TypeError: encode: x and y must both be GPUBuffers, but y is a Uint32Array'],
    [{ x, y, rows: 5 }, 'RangeError: encode: rows must be an integer in [1, 4], got 5'],
    [{ x, y, rows: 0 }, 'RangeError: encode: rows must be an integer in [1, 4], got 0'],
    [{ x: upload(device, numbers(15, 0)), y }, 'RangeError: encode: x must hold 64 bytes (4 rows of 4), got 60'],
    [{ x, y: upload(device, labels(0).slice(1)) }, 'RangeError: encode: y must hold 16 bytes (4 rows of 1), got 12'],
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
  const foreign: Batch = { x: upload(other, numbers(16, 0)), y: upload(other, labels(0)) };
  const trainer = await trainerOf(engine, 4);
  trainer.step(foreign);
  const error = await complaint(() => trainer.metrics());
  expect(error).toMatch(/^EngineError of kind validation: step: step 0 was not taken: submit: WebGPU refuses it: /);
  expect(trainer.stepsTaken).toBe(0);
  trainer.dispose();
  using reference = await trainerOf(createReferenceEngine(), 4);
  const message = 'GPUBuffers need an engine on WebGPU; this one is the CPU reference';
  expect(await complaint(() => reference.step(foreign))).toBe(`EngineError of kind unsupported: step: ${message}`);
  const encoder = device.createCommandEncoder();
  expect(await complaint(() => reference.encode(encoder, foreign))).toBe(
    `EngineError of kind unsupported: encode: ${message}`,
  );
  other.destroy();
});
