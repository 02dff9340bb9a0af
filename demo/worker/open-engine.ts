import { createEngine, type Engine, EngineError } from 'wgrad';
import { worker as words } from '../words/words.js';

/** An engine and its device. */
export interface OpenEngine {
  readonly engine: Engine;
  /** Resolves when the device is lost, for any reason. */
  readonly lost: Promise<unknown>;
  /** Destroys the device, as a crash would; absent if there is none. */
  readonly destroy?: () => void;
}

/**
 * Returns an engine on the GPU that the browser prefers.
 * @throws EngineError of kind `unsupported` with the reason if there is none
 */
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

/** Returns the same `navigator.gpu`; it calls `onDevice` with the device that the library requests. */
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

/** Returns the reason why there is no GPU and the remedy. @throws the error itself if it is no EngineError */
export function withoutGpu(error: unknown): string {
  if (!(error instanceof EngineError)) throw error;
  return words.onCpu(reasonOf(error));
}

function reasonOf({ message }: EngineError): string {
  if (!isSecureContext) return words.insecure;
  return navigator.gpu ? words.noGpu(message) : words.noWebGpu;
}
