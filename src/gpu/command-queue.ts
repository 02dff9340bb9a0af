import { EngineError } from '../errors/engine-error.js';
import { type Device, USAGE } from './device.js';

/** Bytes of a buffer to read. */
export interface Region {
  readonly buffer: GPUBuffer;
  readonly offset: number;
  readonly size: number;
}

/** Looks at a recorded run. */
interface Observer {
  finish(encoder: GPUCommandEncoder): void;
  look(submitted: Promise<void>): Promise<void>;
}

const CANARY = 0x7fc0dead;
const STAMP_BYTES = 16;

/**
 * The commands that one model sends to its device. A submit that WebGPU refuses fails every later `check` and `settle`.
 *
 * WebGPU maps zeros after a submit that was refused, so the staging memory of a readback starts with a canary, and every
 * readback must bring home a stamp that was written on the GPU just before: numbers that were not read are never reported.
 */
export class CommandQueue {
  readonly device: GPUDevice;
  readonly #guarded: Device;
  readonly #stamp: GPUBuffer;
  #readbacks = 0;
  /** Settles once WebGPU has accepted or refused all that was submitted. */
  #accepted: Promise<void> = Promise.resolve();
  /** The checks that `expect` was given, one after another. */
  #expected: Promise<void> = Promise.resolve();
  #failure: EngineError | undefined;
  #disposed = false;

  constructor(device: Device) {
    this.device = device.device;
    this.#guarded = device;
    this.#stamp = this.device.createBuffer({
      label: 'wgrad stamp',
      size: STAMP_BYTES,
      usage: USAGE.copySource | USAGE.copyDestination,
    });
  }

  /** @throws EngineError if the device is lost, a submit was refused, or the model was disposed of */
  check(): void {
    this.#guarded.check(); // first: it disposes of its trainers too
    if (this.#disposed) throw new EngineError('disposed', 'trainer: it was disposed; create a new one');
    if (this.#failure) throw this.#failure;
  }

  /** Settles like `promise`; rejects once the device is lost. */
  rejectWhenLost<T>(promise: Promise<T>): Promise<T> {
    return this.#guarded.rejectWhenLost(promise);
  }

  /**
   * Submits an encoder. The promise settles once WebGPU has accepted or refused the commands; it need not be awaited, since
   * a refusal also fails every later `settle()`.
   */
  submit(encoder: GPUCommandEncoder): Promise<void> {
    const accepted = this.#submit(encoder).then((error) => {
      this.#failure ??= error;
      this.check();
    });
    this.#settleAfter(accepted);
    return accepted;
  }

  /** Submits a run and lets the observer, if there is one, look at it. */
  submitObserved(encoder: GPUCommandEncoder, observer: Observer | undefined): Promise<void> {
    observer?.finish(encoder);
    const submitted = this.submit(encoder);
    if (observer) this.expect(observer.look(submitted));
    return submitted;
  }

  /**
   * Submits an encoder with buffers of the caller's, which WebGPU may refuse: then nothing of it has run, and the promise
   * resolves to the refusal, which fails nothing else.
   */
  offer(encoder: GPUCommandEncoder): Promise<EngineError | undefined> {
    const answered = this.#submit(encoder).then((error) => {
      if (error?.kind === 'memory') this.#failure ??= error;
      this.check();
      return error;
    });
    this.#settleAfter(answered.then(() => {}));
    return answered;
  }

  /** Submits an encoder; resolves to WebGPU's refusal, if it refuses. */
  async #submit(encoder: GPUCommandEncoder): Promise<EngineError | undefined> {
    const { device } = this;
    device.pushErrorScope('validation');
    device.pushErrorScope('out-of-memory');
    device.queue.submit([encoder.finish()]);
    const scopes = [device.popErrorScope(), device.popErrorScope()];
    const [memory, validation] = await this.rejectWhenLost(Promise.all(scopes));
    const error = memory ?? validation;
    if (!error) return undefined;
    const kind = memory ? 'memory' : 'validation';
    return new EngineError(kind, `submit: WebGPU refuses it: ${error.message}`, { cause: error });
  }

  /** Makes `settle` wait for `check`, and fail if it fails. */
  expect(check: Promise<void>): void {
    check.catch(() => {}); // awaited after the earlier checks, so that the first failure is reported
    const noted = this.#expected
      .then(() => this.rejectWhenLost(check))
      .catch((error: unknown) => {
        if (error instanceof EngineError) this.#failure ??= error;
        throw error;
      });
    this.#expected = noted.catch(() => {});
    this.#settleAfter(noted);
  }

  /** Waits until all that was submitted is accepted and all that is expected is done. @throws EngineError if not */
  async settle(): Promise<void> {
    await this.#accepted;
    this.check();
  }

  #settleAfter(promise: Promise<void>): void {
    this.#accepted = Promise.all([this.#accepted, promise]).then(() => {}); // not a list of all promises ever made
    this.#accepted.catch(() => {}); // settle() reports it
  }

  /**
   * Copies regions to the host behind all that was submitted before; returns their bytes, one after another.
   * @param after - an earlier submit; if it is refused, this readback fails too
   * @throws EngineError if the device is lost, a submit is refused or the copy did not happen
   */
  readBack(regions: readonly Region[], after?: Promise<void>): Promise<ArrayBuffer> {
    return this.rejectWhenLost(this.#readBack(regions, after));
  }

  async #readBack(regions: readonly Region[], after?: Promise<void>): Promise<ArrayBuffer> {
    const { device } = this;
    const size = regions.reduce((sum, region) => sum + region.size, 0);
    const staging = device.createBuffer({
      label: 'wgrad readback',
      size: size + STAMP_BYTES,
      usage: USAGE.mapRead | USAGE.copyDestination,
      mappedAtCreation: true,
    });
    try {
      new Uint32Array(staging.getMappedRange()).fill(CANARY);
      staging.unmap();
      const count = ++this.#readbacks;
      const stamp = Uint32Array.of(count, ~count, CANARY ^ count, 0x77677261);
      device.queue.writeBuffer(this.#stamp, 0, stamp);
      const encoder = device.createCommandEncoder({ label: 'wgrad readback' });
      let at = 0;
      for (const region of regions) {
        encoder.copyBufferToBuffer(region.buffer, region.offset, staging, at, region.size);
        at += region.size;
      }
      encoder.copyBufferToBuffer(this.#stamp, 0, staging, size, STAMP_BYTES);
      const submitted = Promise.all([after, this.submit(encoder)]).then(() => {});
      await this.#guarded.mapForReading([staging], submitted);
      const bytes = staging.getMappedRange().slice(0);
      const found = new Uint32Array(bytes, size);
      if (found.some((word, i) => word !== stamp[i])) {
        throw new EngineError('validation', 'readback: the GPU did not copy what was asked for');
      }
      return bytes.slice(0, size);
    } finally {
      staging.destroy();
    }
  }

  dispose(): void {
    this.#disposed = true;
    this.#stamp.destroy();
  }
}
