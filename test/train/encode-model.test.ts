import { expect, test } from 'vitest';
import {
  adam,
  createReferenceEngine,
  createTrainer,
  dense,
  loadModel,
  relu,
  sequential,
  softmaxCrossEntropy,
} from '../../src/index.js';
import { complaint } from './complaint.js';
import { countedEngine, countingDevice } from './counting-device.js';

const { counting, device, engine } = await countedEngine();

const USAGE = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
const numbers = (count: number, seed = 0) => Float32Array.from({ length: count }, (_, i) => Math.sin(seed + i * i));
const bufferOf = (data: Float32Array<ArrayBuffer>, usage = USAGE, own = device) => {
  const buffer = own.createBuffer({ size: data.byteLength, usage });
  own.queue.writeBuffer(buffer, 0, data);
  return buffer;
};
const empty = (count: number, usage = USAGE) => bufferOf(new Float32Array(count).fill(7), usage);

async function read(buffer: GPUBuffer): Promise<Float32Array> {
  const staging = device.createBuffer({ size: buffer.size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(buffer, 0, staging, 0, buffer.size);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  return new Float32Array(staging.getMappedRange().slice(0));
}

async function modelOf(features: number, outputs: number, on = engine, batchSize?: number) {
  const model = sequential([dense(6), relu(), dense(outputs)]);
  const options = { input: [features], batchSize: 2, loss: softmaxCrossEntropy(), optimizer: adam() };
  using trainer = await createTrainer(on, model, options);
  return loadModel(on, await trainer.save({ weightsOnly: true }), { batchSize });
}

test.each([
  [4, 4, 1, undefined],
  [3, 5, 256, undefined],
  [5, 3, 257, undefined],
  [1, 1, 700, undefined],
  [7, 2, 33, undefined],
  [7, 2, 33, 5],
  [2, 1, 5000, 4000],
])('%i inputs, %i outputs, %i rows: the bits of predict, and nothing beyond', async (features, outputs, rows, size) => {
  using model = await modelOf(features, outputs, engine, size);
  const [x, more] = [numbers(rows * features), 3];
  const [from, to] = [bufferOf(Float32Array.of(...x, ...numbers(9))), empty(rows * outputs + more)];
  const encoder = device.createCommandEncoder();
  model.encode(encoder, from, to, { rows });
  device.queue.submit([encoder.finish()]);
  const found = await read(to);
  expect(found.subarray(0, rows * outputs)).toEqual(await model.predict(x));
  expect([...found.subarray(rows * outputs)]).toEqual(Array(more).fill(7));
  expect(counting.uncaught).toEqual([]);
});

test('encoders may be submitted in any order, and frames make nothing new', async () => {
  using model = await modelOf(3, 2);
  const inputs = [numbers(9, 1), numbers(9, 2)];
  const frames = inputs.map((x) => ({ x, from: bufferOf(x), to: empty(6), encoder: device.createCommandEncoder() }));
  for (const { encoder, from, to } of frames) model.encode(encoder, from, to);
  for (const { encoder } of frames.toReversed()) device.queue.submit([encoder.finish()]);
  for (const { x, to } of frames) expect(await read(to)).toEqual(await model.predict(x));
  const counts = await counting.during(() => {
    for (let frame = 0; frame < 5; frame++) {
      const encoder = device.createCommandEncoder();
      model.encode(encoder, frames[0].from, frames[0].to);
      model.encode(encoder, frames[1].from, frames[1].to);
      device.queue.submit([encoder.finish()]);
    }
  });
  expect(counts).toMatchObject({ buffers: 0, bindGroups: 0, pipelines: 0, shaderModules: 0 });
});

test('what does not fit is refused before anything is recorded', async () => {
  using model = await modelOf(3, 2);
  const encoder = device.createCommandEncoder();
  const [x, out] = [bufferOf(numbers(9)), empty(6)];
  const mapped = device.createBuffer({ size: 36, usage: USAGE, mappedAtCreation: true });
  const refused: [call: () => void, message: string][] = [
    [() => model.encode({} as never, x, out), 'TypeError: encode: encoder must be a GPUCommandEncoder, got a Object'],
    [
      () => model.encode(encoder, numbers(9) as never, out),
      'TypeError: encode: x must be a GPUBuffer, got a Float32Array',
    ],
    [() => model.encode(encoder, x, undefined as never), 'TypeError: encode: out must be a GPUBuffer, got undefined'],
    [() => model.encode(encoder, x, x), 'TypeError: encode: x and out must be different buffers'],
    [
      () => model.encode(encoder, bufferOf(numbers(9), GPUBufferUsage.COPY_DST), out),
      'TypeError: encode: x must have the usage STORAGE',
    ],
    [
      () => model.encode(encoder, x, empty(6, GPUBufferUsage.COPY_DST)),
      'TypeError: encode: out must have the usage STORAGE',
    ],
    [() => model.encode(encoder, mapped, out), 'TypeError: encode: x is mapped; call its unmap() first'],
    [
      () => model.encode(encoder, bufferOf(numbers(10)), out),
      'RangeError: encode: x must hold whole rows of 12 bytes, got 40; or give rows',
    ],
    [
      () => model.encode(encoder, x, out, { rows: 4 }),
      'RangeError: encode: x must hold 48 bytes (4 rows of 3), got 36',
    ],
    [() => model.encode(encoder, x, empty(5)), 'RangeError: encode: out must hold 24 bytes (3 rows of 2), got 20'],
    [() => model.encode(encoder, x, out, { rows: 0 }), 'RangeError: encode: rows must be a positive integer, got 0'],
    [
      () => model.encode(encoder, x, out, { row: 1 } as never),
      "TypeError: encode: unknown option 'row', did you mean 'rows'?; known: rows",
    ],
  ];
  for (const [call, message] of refused) expect(await complaint(call)).toBe(message);
  const most = device.limits.maxStorageBufferBindingSize;
  const large = device.createBuffer({ size: most + 4, usage: USAGE });
  using one = await modelOf(1, 1);
  expect(await complaint(() => one.encode(encoder, large, out))).toBe(
    `EngineError of kind limit: encode: x would take ${most + 4} bytes, this device binds at most ${most}; give fewer rows`,
  );
  large.destroy();
  device.queue.submit([encoder.finish()]);
  expect(counting.uncaught).toEqual([]);
});

test('a buffer of another device is told at the next call, and the model stays usable', async () => {
  using model = await modelOf(3, 2);
  const other = await countingDevice();
  const out = empty(6);
  model.encode(device.createCommandEncoder(), bufferOf(numbers(9), USAGE, other.device), out);
  await device.queue.onSubmittedWorkDone();
  const again = () => model.encode(device.createCommandEncoder(), bufferOf(numbers(9)), out);
  expect(await complaint(again)).toMatch(
    /^EngineError of kind validation: encode: x of an earlier call was refused by WebGPU: /,
  );
  expect(await complaint(again)).toBe('nothing');
  expect(await model.predict(numbers(3))).toHaveLength(2);
  other.device.destroy();
});

test('the reference engine has no buffers', async () => {
  using model = await modelOf(3, 2, createReferenceEngine());
  expect(await complaint(() => model.encode({} as never, {} as never, {} as never))).toBe(
    'EngineError of kind unsupported: encode: GPUBuffers need an engine on WebGPU; this one is the CPU reference',
  );
});
