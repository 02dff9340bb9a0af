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
  expect(info.software).toBe(/swiftshader|llvmpipe|lavapipe|software|basic render/i.test(JSON.stringify(info)));
  expect(engine).toBeInstanceOf(GpuEngine);
  expect(createReferenceEngine().info).toEqual({
    backend: 'reference',
    adapter: 'CPU reference interpreter',
    vendor: '',
    architecture: '',
    software: true,
  });
});

const info = (vendor: string, architecture: string, device: string, description: string) => ({
  vendor,
  architecture,
  device,
  description,
});
test.each<[what: string, info: object | undefined, adapter: string, software: boolean]>([
  ['a description', info('nvidia', 'hopper', '', 'NVIDIA H200'), 'NVIDIA H200 (nvidia hopper)', false],
  ['a device', info('intel', '', '0x9a49', ''), '0x9a49 (intel)', false],
  ['a software adapter', info('google', 'swiftshader', '', ''), 'google swiftshader', true],
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
