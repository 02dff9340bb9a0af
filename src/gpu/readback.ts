import { EngineError } from '../errors/engine-error.js';
import type { GpuEngine } from './engine.js';
import { mapForReading } from './map-for-reading.js';
import { USAGE } from './usage.js';

/** Bytes of a buffer to read. */
export interface Region {
  readonly buffer: GPUBuffer;
  readonly offset: number;
  readonly size: number;
}

const CANARY = 0x7fc0dead;
const STAMP_BYTES = 16;

/**
 * Reads buffers back. WebGPU maps zeros after a submit that was refused, so the staging memory starts with a canary and
 * every readback must bring home a stamp that was written on the GPU just before: numbers that were not read are never
 * reported.
 */
export class Readback {
  readonly #engine: GpuEngine;
  readonly #stamp: GPUBuffer;
  #count = 0;

  constructor(engine: GpuEngine) {
    this.#engine = engine;
    this.#stamp = engine.device.createBuffer({
      label: 'wgrad stamp',
      size: STAMP_BYTES,
      usage: USAGE.copySource | USAGE.copyDestination,
    });
  }

  /**
   * Starts copying `regions` after the commands that `encode` records and all that was submitted before; the promise
   * holds their bytes, one after another. @throws EngineError if the device is lost or the copy did not happen.
   */
  read(regions: readonly Region[], submit: (encoder: GPUCommandEncoder) => Promise<void>): Promise<ArrayBuffer> {
    return this.#engine.orLost(this.#read(regions, submit));
  }

  async #read(regions: readonly Region[], submit: (encoder: GPUCommandEncoder) => Promise<void>): Promise<ArrayBuffer> {
    const { device } = this.#engine;
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
      const stamp = Uint32Array.of(++this.#count, ~this.#count, CANARY ^ this.#count, 0x77677261);
      device.queue.writeBuffer(this.#stamp, 0, stamp);
      const encoder = device.createCommandEncoder({ label: 'wgrad readback' });
      let at = 0;
      for (const region of regions) {
        encoder.copyBufferToBuffer(region.buffer, region.offset, staging, at, region.size);
        at += region.size;
      }
      encoder.copyBufferToBuffer(this.#stamp, 0, staging, size, STAMP_BYTES);
      await mapForReading(this.#engine, [staging], submit(encoder));
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
    this.#stamp.destroy();
  }
}
