import { EngineError } from '../errors/engine-error.js';

/** WebGPU's flags by name, since not every host defines the globals `GPUBufferUsage` and `GPUMapMode`. */
export const USAGE = { mapRead: 1, copySource: 4, copyDestination: 8, uniform: 64, storage: 128 } as const;
const MAP_MODE_READ = 1;

/** Milliseconds within which WebGPU says that a device is lost after the first call that failed for it. */
const LOST_WITHIN_MILLISECONDS = 1000;

/**
 * A WebGPU device that may be lost at any time. WebGPU resolves most promises of a lost device and reads zeros from it, so
 * whoever waits for the device waits through `rejectWhenLost`, which looks at the lost flag after every await.
 */
export class Device {
  /** WebGPU's own object. */
  readonly device: GPUDevice;
  readonly #destroys: boolean;
  #lost: GPUDeviceLostInfo | undefined;
  #disposed = false;
  /** Called once the device is lost. */
  readonly #waiting = new Set<() => void>();
  /** The buffers and other objects made on the device that are still in use. */
  readonly #owned = new Set<Disposable>();

  /** @param destroys - whether `dispose` destroys the device */
  constructor(device: GPUDevice, destroys: boolean) {
    this.device = device;
    this.#destroys = destroys;
    void device.lost.then((lost) => {
      this.#lost = lost;
      for (const tell of this.#waiting) tell();
    });
  }

  /** @throws EngineError of kind `disposed` or `lost` */
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

  /** Settles like `promise`; rejects once the device is lost. Turns an error of the platform into an EngineError. */
  async rejectWhenLost<T>(promise: Promise<T>): Promise<T> {
    // No `device.lost.then` here: the engine would keep each waiting promise until the device is lost.
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
      // WebGPU rejects a map shortly before it says that the device is lost.
      await Promise.race([lost, new Promise((resolve) => setTimeout(resolve, LOST_WITHIN_MILLISECONDS))]);
      this.check();
      const message = error instanceof Error ? error.message : String(error);
      throw new EngineError('validation', `engine: WebGPU failed: ${message}`, { cause: error });
    } finally {
      this.#waiting.delete(tell);
    }
  }

  /**
   * Waits until `submitted` is done and `stagings` can be read: one way to the GPU and back, not two. However it ends, no
   * map is pending any more, so that the buffers may be destroyed. (Dawn in Node, webgpu 0.6.2, keeps no hold of the
   * promise of a map that `destroy` cut short: if that is collected before Dawn hears of it, the process ends.)
   * @throws EngineError if `submitted` is rejected, the device is lost or mapping fails
   */
  async mapForReading(stagings: readonly GPUBuffer[], submitted: Promise<void>): Promise<void> {
    const maps = stagings.map((staging) => staging.mapAsync(MAP_MODE_READ));
    const outcomes = await Promise.allSettled([submitted, ...maps]);
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) await this.rejectWhenLost(Promise.reject(failed.reason));
  }

  /** Disposes of `resource` together with the device, unless `disown` is called first. */
  own(resource: Disposable): void {
    this.#owned.add(resource);
  }

  /** Forgets a resource that was disposed of. */
  disown(resource: Disposable): void {
    this.#owned.delete(resource);
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const resource of this.#owned) resource[Symbol.dispose]();
    if (this.#destroys) this.device.destroy();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}
