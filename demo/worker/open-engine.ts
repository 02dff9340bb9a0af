import { createEngine, type Engine, EngineError } from 'wgrad';

/** An engine, and what becomes of its device. */
export interface OpenEngine {
  readonly engine: Engine;
  /** Resolves when the device is lost, for whatever reason. */
  readonly lost: Promise<unknown>;
  /** Destroys the device, as a crash would; absent where there is none. */
  readonly destroy?: () => void;
}

/** Returns an engine on the GPU that the browser prefers. @throws EngineError of kind `unsupported` saying why there is none */
export async function openGpu(): Promise<OpenEngine> {
  let device: GPUDevice | undefined;
  const engine = await createEngine(
    navigator.gpu && {
      gpu: watched(navigator.gpu, (made) => {
        device = made;
      }),
    },
  );
  return { engine, lost: device?.lost ?? new Promise(() => {}), destroy: () => device?.destroy() };
}

/** The same `navigator.gpu`, which tells of the device that the library asks for. */
function watched(gpu: GPU, onDevice: (device: GPUDevice) => void): GPU {
  return Object.create(gpu, {
    requestAdapter: {
      async value(options?: GPURequestAdapterOptions) {
        const adapter = await gpu.requestAdapter(options);
        if (!adapter) return null;
        const requestDevice = adapter.requestDevice.bind(adapter);
        adapter.requestDevice = async (descriptor) => {
          const device = await requestDevice(descriptor);
          onDevice(device);
          return device;
        };
        return adapter;
      },
    },
  });
}

/** Returns the CPU reference, which is loaded now. */
export async function openReference(): Promise<OpenEngine> {
  const { createReferenceEngine } = await import('./reference.js');
  return { engine: createReferenceEngine(), lost: new Promise(() => {}) };
}

/** Why there is no GPU to train on, and what to do about it. */
export function withoutGpu(error: unknown): string {
  if (!(error instanceof EngineError)) throw error;
  return [
    'Without WebGPU this page trains on the CPU, with the library’s slow reference and smaller networks.',
    isSecureContext ? '' : 'Open it over https or from localhost: browsers offer WebGPU to secure pages only.',
    isSecureContext && navigator.gpu
      ? 'Turn on hardware acceleration in the browser’s settings, update the graphics driver, and see chrome://gpu.'
      : '',
    isSecureContext && !navigator.gpu ? 'Update the browser: Chrome or Edge 113, Safari 26, Firefox 141 or newer.' : '',
    `(${error.message})`,
  ]
    .filter(Boolean)
    .join(' ');
}
