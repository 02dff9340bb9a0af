import { expect, test } from 'vitest';
import { GpuEngine } from '../../src/gpu/engine.js';
import {
  createEngine,
  createReferenceEngine,
  createTrainer,
  dense,
  type Engine,
  meanSquaredError,
  sequential,
  sgd,
} from '../../src/index.js';
import { complaint } from '../train/complaint.js';
import { countingDevice } from '../train/counting-device.js';

test('the engine says what it runs on', async () => {
  using engine = await createEngine({ gpu: navigator.gpu, powerPreference: 'low-power' });
  const { info } = engine;
  expect(info.backend).toBe('webgpu');
  expect(info.adapter).not.toBe('');
  expect(info.software).toBe(/swiftshader|llvmpipe|lavapipe|basic render/i.test(JSON.stringify(info)));
  expect(engine).toBeInstanceOf(GpuEngine);
  expect(createReferenceEngine().info).toEqual({
    backend: 'reference',
    adapter: 'CPU reference interpreter',
    vendor: '',
    architecture: '',
    software: true,
  });
});

const info = (
  vendor: string,
  architecture: string,
  device: string,
  description: string,
  isFallbackAdapter?: boolean,
) => ({ vendor, architecture, device, description, isFallbackAdapter });
test.each<[what: string, info: object | undefined, adapter: string, software: boolean]>([
  ['a description', info('nvidia', 'hopper', '', 'NVIDIA H200'), 'NVIDIA H200 (nvidia hopper)', false],
  ['a device', info('intel', '', '0x9a49', ''), '0x9a49 (intel)', false],
  ['a software adapter', info('google', 'swiftshader', '', ''), 'google swiftshader', true],
  [
    'SwiftShader as Dawn does',
    info('google', 'swiftshader', 'swiftshader-device-subzero-', 'SwiftShader driver 5.0.0', true),
    'SwiftShader driver 5.0.0 (google swiftshader)',
    true,
  ],
  [
    'lavapipe',
    info('mesa', 'software', 'llvmpipe (LLVM 19.1.7, 256 bits)', ''),
    'llvmpipe (LLVM 19.1.7, 256 bits) (mesa software)',
    true,
  ],
  ['lavapipe without names', info('mesa', 'software', '', ''), 'mesa software', true],
  [
    'WARP',
    info('microsoft', '', '', 'Microsoft Basic Render Driver'),
    'Microsoft Basic Render Driver (microsoft)',
    true,
  ],
  [
    "Apple's GPU under Mesa",
    info('mesa', 'software', 'Apple M1 (G13G B1)', 'Mesa 26.1.6'),
    'Mesa 26.1.6 (mesa software)',
    false,
  ],
  ["Apple's GPU under Mesa, by the browser", info('mesa', 'software', '', '', false), 'mesa software', false],
  [
    'RADV',
    info('amd', 'rdna-3', 'AMD Radeon RX 7900 XTX (RADV NAVI31)', '', false),
    'AMD Radeon RX 7900 XTX (RADV NAVI31) (amd rdna-3)',
    false,
  ],
  ['nothing, as in older browsers', undefined, 'unknown adapter', false],
])('an adapter that tells %s', async (_, info, adapter, software) => {
  const { device } = await countingDevice();
  const told = Object.create(device, { adapterInfo: { value: info }, features: { value: device.features } });
  for (const method of ['createBindGroupLayout', 'createBuffer'] as const) {
    Object.defineProperty(told, method, { value: Reflect.get(device, method).bind(device) });
  }
  Object.defineProperty(told, 'lost', { value: device.lost });
  expect((await createEngine({ device: told })).info).toMatchObject({ adapter, software, backend: 'webgpu' });
  device.destroy();
});

const train = (engine: Engine) =>
  createTrainer(engine, sequential([dense(1)]), {
    input: [1],
    batchSize: 1,
    loss: meanSquaredError(),
    optimizer: sgd(),
  });
const DISPOSED = 'EngineError of kind disposed: engine: it was disposed; create a new one';

test('a device that was handed in outlives the engine; an own one does not', async () => {
  const { device, uncaught } = await countingDevice();
  let lost = false;
  void device.lost.then(() => {
    lost = true;
  });
  const engine = await createEngine({ device });
  engine.dispose();
  engine.dispose();
  expect(await complaint(() => train(engine))).toBe(DISPOSED);
  using other = await createEngine({ device }); // two engines may share it
  using trainer = await train(other);
  trainer.step({ x: Float32Array.of(1), y: Float32Array.of(1) });
  expect((await trainer.metrics()).steps).toHaveLength(1);
  expect([lost, uncaught]).toEqual([false, []]);
  device.destroy();
});

test.each<[string, () => Promise<Engine>]>([
  ['on the GPU', () => createEngine()],
  ['on the CPU reference', async () => createReferenceEngine()],
])('a trainer of an engine that was disposed says so %s', async (_, create) => {
  const engine = await create();
  const trainer = await train(engine);
  engine.dispose();
  const batch = { x: Float32Array.of(1), y: Float32Array.of(1) };
  for (const call of [
    () => trainer.step(batch),
    () => trainer.weights(),
    () => trainer.metrics(),
    () => trainer.save(),
  ]) {
    expect(await complaint(call)).toBe(DISPOSED);
  }
  trainer.dispose();
});
