import { EngineError } from '../errors/engine-error.js';
import type { Engine, EngineInfo, ExecutorOptions } from '../graph/engine.js';
import type { DeviceTraits } from '../plan/plan.js';
import type { Preferences } from '../plan/preferences.js';
import { makeOnce } from '../promises/make-once.js';
import type { Debugging, DebugLevel, Log } from './debug.js';
import { GpuExecutor } from './gpu-executor.js';
import { PipelineCache } from './pipeline-cache.js';
import type { ArithmeticProbe } from './probe.js';

/** How to get an engine. */
export interface EngineOptions {
  /** A device of yours, which the engine adopts and never destroys. */
  device?: GPUDevice;
  /** Where to look for an adapter. Default: `navigator.gpu`; in Node `await nodeGpu()`. */
  gpu?: GPU;
  /** Which adapter to prefer. Default: the browser's choice. */
  powerPreference?: GPUPowerPreference;
  /** How much the engine tells of what it does, and whether it checks it: see `DebugLevel`. Default 0. */
  debug?: DebugLevel;
  /** Where `debug` writes. Default: `console.log`. */
  log?: Log;
}

/** What an engine may be told beside its device. */
export interface GpuEngineOptions {
  /** Of the adapter. Default: what the device knows of it. */
  readonly info?: GPUAdapterInfo | undefined;
  /** Default: none. */
  readonly debugging?: Debugging | undefined;
}

/** How long the loss of a device may come after the first failure that it causes. */
const LOSS_MILLISECONDS = 1000;

/** An engine on a WebGPU device. */
export class GpuEngine implements Engine {
  readonly info: EngineInfo;
  /** What kernels may rely on. */
  readonly traits: DeviceTraits;
  readonly device: GPUDevice;
  readonly pipelines: PipelineCache;
  /** What it tells of itself, and what it checks. */
  readonly debugging: Debugging | undefined;
  /** By what executors plan that are made from now on. Replaced, never changed, so that those there are keep theirs. */
  preferences: Preferences = new Map();
  readonly #owned: boolean;
  #lost: GPUDeviceLostInfo | undefined;
  #disposed = false;
  /** Whoever waits for the device: told as soon as it is lost. */
  readonly #waiting = new Set<() => void>();
  readonly #probe = makeOnce(() => import('./probe.js').then(({ probeArithmetic }) => probeArithmetic(this)));

  constructor(device: GPUDevice, owned: boolean, options: GpuEngineOptions = {}) {
    const { info = device.adapterInfo, debugging } = options;
    this.device = device;
    this.#owned = owned;
    this.info = describe(info ?? {});
    this.traits = traitsOf(device, this.info, info);
    this.pipelines = new PipelineCache(device);
    this.debugging = debugging;
    void device.lost.then((lost) => {
      this.#lost = lost;
      for (const tell of this.#waiting) tell();
    });
  }

  check(): void {
    if (this.#disposed) throw new EngineError('disposed', 'engine: it was disposed; create a new one');
    if (this.#lost) {
      const { reason, message } = this.#lost;
      throw new EngineError(
        'lost',
        `engine: the GPU device was lost (${reason}${message ? `: ${message}` : ''}); create a new engine and go on with loadTrainer(engine, bytes) from the last save`,
      );
    }
  }

  createExecutor(options: ExecutorOptions = {}): GpuExecutor {
    this.check();
    return new GpuExecutor(this, options);
  }

  /** How this device rounds: decides where results may be compared bit for bit. */
  probe(): Promise<ArithmeticProbe> {
    this.check();
    return this.#probe();
  }

  /**
   * What `promise` brings, or a rejection as soon as the device is lost, so that nothing waits for ever. A platform's own
   * error becomes an EngineError.
   */
  async orLost<T>(promise: Promise<T>): Promise<T> {
    // No `device.lost.then` here: what waits on that promise is kept until the device is lost.
    let tell = () => {};
    const lost = new Promise<void>((resolve) => {
      tell = resolve;
    });
    this.#waiting.add(tell);
    if (this.#lost) tell();
    try {
      const result = await Promise.race([promise, lost]);
      this.check();
      return result as T;
    } catch (error) {
      this.check();
      if (error instanceof EngineError) throw error;
      // A map is rejected a little before the loss that is the reason is told.
      await Promise.race([lost, new Promise((resolve) => setTimeout(resolve, LOSS_MILLISECONDS))]);
      this.check();
      const message = error instanceof Error ? error.message : String(error);
      throw new EngineError('validation', `engine: WebGPU failed: ${message}`, { cause: error });
    } finally {
      this.#waiting.delete(tell);
    }
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    if (this.#owned) this.device.destroy();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

/** Browsers that know subgroups, but not their sizes, count as having none. */
function traitsOf({ features }: GPUDevice, { software }: EngineInfo, info?: Partial<GPUAdapterInfo>): DeviceTraits {
  const { subgroupMinSize = 0, subgroupMaxSize = 0 } = features.has('subgroups') ? (info ?? {}) : {};
  return { software, subgroupMinSize, subgroupMaxSize };
}

function describe({ vendor = '', architecture = '', device, description }: Partial<GPUAdapterInfo>): EngineInfo {
  const name = description || device;
  const maker = [vendor, architecture].filter(Boolean).join(' ');
  const adapter = name && maker ? `${name} (${maker})` : name || maker || 'unknown adapter';
  const software = /swiftshader|llvmpipe|lavapipe|software|basic render/i.test(
    [vendor, architecture, device, description].join(' '),
  );
  return { backend: 'webgpu', adapter, vendor, architecture, software };
}
