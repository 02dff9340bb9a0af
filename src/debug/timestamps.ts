import { type Device, USAGE } from '../gpu/device.js';

const QUERY_RESOLVE = 0x200; // GPUBufferUsage.QUERY_RESOLVE, without needing the global
/** Bytes of the two times of a pass: its begin and its end. */
const PASS_BYTES = 16;

/** Timestamp queries of compute passes. The device must have the feature `timestamp-query`. */
export class Timestamps {
  readonly #device: Device;
  readonly #querySet: GPUQuerySet;
  readonly #resolved: GPUBuffer;
  readonly #staging: GPUBuffer;

  /** @param passes - the most passes that are timed between two reads; WebGPU allows 2048 */
  constructor(device: Device, passes: number) {
    this.#device = device;
    const label = 'wgrad timestamps';
    const size = passes * PASS_BYTES;
    const { copySource, copyDestination, mapRead } = USAGE;
    this.#querySet = device.device.createQuerySet({ label, type: 'timestamp', count: 2 * passes });
    this.#resolved = device.device.createBuffer({ label, size, usage: QUERY_RESOLVE | copySource });
    this.#staging = device.device.createBuffer({ label, size, usage: mapRead | copyDestination });
  }

  /** Returns the descriptor of the pass with this number. */
  writesOf(pass: number): GPUComputePassTimestampWrites {
    return { querySet: this.#querySet, beginningOfPassWriteIndex: 2 * pass, endOfPassWriteIndex: 2 * pass + 1 };
  }

  /** Records copying the times of the first `passes` passes, which end before it. */
  resolve(encoder: GPUCommandEncoder, passes: number): void {
    encoder.resolveQuerySet(this.#querySet, 0, 2 * passes, this.#resolved, 0);
    encoder.copyBufferToBuffer(this.#resolved, 0, this.#staging, 0, passes * PASS_BYTES);
  }

  /**
   * Returns the begin and the end of each of the first `passes` passes, in nanoseconds.
   * @throws EngineError if `submitted` is rejected or the device is lost
   */
  async read(passes: number, submitted: Promise<void>): Promise<BigUint64Array> {
    await this.#device.mapForReading([this.#staging], submitted);
    const times = new BigUint64Array(this.#staging.getMappedRange(0, passes * PASS_BYTES).slice(0));
    this.#staging.unmap();
    return times;
  }

  dispose(): void {
    for (const each of [this.#querySet, this.#resolved, this.#staging]) each.destroy();
  }
}
