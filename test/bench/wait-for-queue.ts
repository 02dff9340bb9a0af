const MAP_READ = 1; // GPUMapMode.READ, without needing the global

/** Waits for everything queued before, by reading four bytes of a buffer (of the usage COPY_SRC). */
export class QueueReader {
  readonly #device: GPUDevice;
  readonly #staging: GPUBuffer;

  constructor(device: GPUDevice) {
    this.#device = device;
    const usage = 0x9; // MAP_READ | COPY_DST
    this.#staging = device.createBuffer({ label: 'bench wait', size: 4, usage });
  }

  /** The number at a place of `buffer`, in bytes, after all that was queued before. */
  async read(buffer: GPUBuffer, place = 0): Promise<number> {
    const encoder = this.#device.createCommandEncoder({ label: 'bench wait' });
    encoder.copyBufferToBuffer(buffer, place, this.#staging, 0, 4);
    this.#device.queue.submit([encoder.finish()]);
    await this.#staging.mapAsync(MAP_READ);
    const [value] = new Float32Array(this.#staging.getMappedRange());
    this.#staging.unmap();
    return value;
  }

  /** Encodes something `count` times in one pass, submits it and waits, as `read` does. */
  async afterPass(buffer: GPUBuffer, count: number, encode: (pass: GPUComputePassEncoder) => void): Promise<void> {
    const encoder = this.#device.createCommandEncoder({ label: 'bench' });
    const pass = encoder.beginComputePass();
    for (let i = 0; i < count; i++) encode(pass);
    pass.end();
    this.#device.queue.submit([encoder.finish()]);
    await this.read(buffer);
  }

  dispose(): void {
    this.#staging.destroy();
  }
}
