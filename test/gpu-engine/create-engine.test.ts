import { expect, test } from 'vitest';
import { createEngine } from '../../src/index.js';
import { testRefusals } from '../errors/refusals.js';
import { complaint } from '../train/complaint.js';

/** A GPU that answers as told. */
const fakeGpu = (requestAdapter: () => Promise<unknown>): GPU => Object.assign(Object.create(null), { requestAdapter });
const limits = { maxBufferSize: 1, maxStorageBufferBindingSize: 1, maxStorageBuffersPerShaderStage: 8 };
const refusing = (reason: unknown) => ({
  limits,
  features: new Set(),
  info: {},
  requestDevice: () => Promise.reject(reason),
});

testRefusals({
  'TypeError: createEngine: options must be an object, got 3': () => createEngine(3 as never),
  "TypeError: createEngine: unknown option 'devise', did you mean 'device'?; known: device, gpu, powerPreference, debug, log":
    () => createEngine({ devise: 1 } as never),
  "RangeError: createEngine: powerPreference must be one of 'low-power', 'high-performance', got \"high\", did you mean 'high-performance'?":
    () => createEngine({ powerPreference: 'high' as never }),
  'TypeError: createEngine: device must be a GPUDevice, got a GPUAdapter': async () =>
    createEngine({ device: (await navigator.gpu.requestAdapter()) as never }),
  'TypeError: createEngine: device must be a GPUDevice, got null': () => createEngine({ device: null as never }),
  'TypeError: createEngine: gpu must be a GPU, got a Object': () => createEngine({ gpu: {} as never }),
  'EngineError of kind unsupported: createEngine: WebGPU found no adapter; update the graphics driver, turn on hardware acceleration in the browser, or use createReferenceEngine()':
    () => createEngine({ gpu: fakeGpu(async () => null) }),
  'EngineError of kind unsupported: createEngine: WebGPU gives no device: blocked': () =>
    createEngine({ gpu: fakeGpu(() => Promise.reject(new Error('blocked'))) }),
  'EngineError of kind unsupported: createEngine: WebGPU gives no device: consumed': () =>
    createEngine({ gpu: fakeGpu(async () => refusing(new DOMException('consumed', 'OperationError'))) }),
});

test('without navigator.gpu it says what to do here', async () => {
  const own = Object.getOwnPropertyDescriptor(globalThis.navigator, 'gpu');
  Object.defineProperty(globalThis.navigator, 'gpu', { value: undefined, configurable: true });
  try {
    const found = await complaint(() => createEngine());
    const advice =
      'document' in globalThis
        ? 'this browser has no WebGPU; use Chrome or Edge 113, Safari 26, Firefox 141 or newer, or createReferenceEngine()'
        : "there is no navigator.gpu here; in Node pass { gpu: await nodeGpu() } from 'wgrad/node'";
    expect(found).toBe(`EngineError of kind unsupported: createEngine: ${advice}`);
  } finally {
    if (own) Object.defineProperty(globalThis.navigator, 'gpu', own);
    else Reflect.deleteProperty(globalThis.navigator, 'gpu');
  }
  expect(navigator.gpu).toBeDefined();
});
