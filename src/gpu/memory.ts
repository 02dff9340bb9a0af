import { EngineError } from '../errors/engine-error.js';
import {
  blockElements,
  elementBytes,
  type Layout,
  type Storage,
  slotElements,
  storageBytes,
  type View,
  viewOffset,
} from '../plan/layout.js';
import type { GpuEngine } from './engine.js';
import { USAGE } from './usage.js';

/** What guard rows hold under test, and a ring before its steps have run: a NaN that no computation makes. */
export const SENTINEL = 0x7fc0beef;

/** Row-major elements of a tensor. */
export type Elements = Float32Array | Uint32Array | Uint8Array;

const ARRAYS = { f32: Float32Array, u32: Uint32Array, u8: Uint8Array };

/** The buffers of a model: one a storage of its layout. */
export class Memory {
  readonly #engine: GpuEngine;
  readonly #layout: Layout;
  readonly #capacity: number;
  readonly #buffers = new Map<Storage, GPUBuffer>();
  #allocated: Promise<void> = Promise.resolve();

  constructor(engine: GpuEngine, layout: Layout, capacity: number) {
    this.#engine = engine;
    this.#layout = layout;
    this.#capacity = capacity;
  }

  /** Bytes of all buffers. */
  get bytes(): number {
    return [...this.#buffers.values()].reduce((sum, buffer) => sum + buffer.size, 0);
  }

  /** Makes the buffers that the layout has and the memory has not. @throws EngineError of kind `limit` before making any. */
  allocate(): Promise<void> {
    // One after another: programs that are compiled at the same time share their buffers.
    this.#allocated = this.#allocated.catch(() => {}).then(() => this.#allocateMissing());
    return this.#allocated;
  }

  async #allocateMissing(): Promise<void> {
    const { device } = this.#engine;
    this.#checkGrown();
    const missing = this.#layout.storages.filter((storage) => !this.#buffers.has(storage));
    const { maxBufferSize, maxStorageBufferBindingSize } = device.limits;
    const most = Math.min(maxBufferSize, maxStorageBufferBindingSize);
    for (const storage of missing) {
      const bytes = storageBytes(storage, this.#capacity);
      if (bytes <= most) continue;
      throw new EngineError('limit', `memory: ${storage.name} needs ${bytes} bytes, this device binds at most ${most}`);
    }
    if (missing.length === 0) return;
    const wanted = missing.map((storage) => ({ name: storage.name, size: storageBytes(storage, this.#capacity) }));
    for (const [i, buffer] of (await makeBuffers(this.#engine, wanted)).entries()) {
      this.#buffers.set(missing[i], buffer);
      if (missing[i].guards) this.#fillGuards(missing[i], buffer);
    }
  }

  /** A storage grows with every plan that places more in it; the programs that have bound its buffer cannot follow. */
  #checkGrown(): void {
    for (const [storage, { size }] of this.#buffers) {
      const bytes = storageBytes(storage, this.#capacity);
      if (bytes === size) continue;
      const grown = `${storage.name} has grown from ${size} to ${bytes} bytes`;
      throw new Error(`memory: ${grown}; compile first what needs all of it`);
    }
  }

  buffer(storage: Storage): GPUBuffer {
    const buffer = this.#buffers.get(storage);
    if (!buffer) throw new Error(`memory: ${storage.name} has no buffer`);
    return buffer;
  }

  /** Where the rows of a view lie, for a member (and a slot of a ring). */
  region(
    { storage, row }: View,
    rows: number,
    member: number,
    slot = 0,
  ): { buffer: GPUBuffer; offset: number; size: number } {
    const unit = elementBytes(storage);
    const block =
      slot * slotElements(storage, this.#capacity) + (storage.perMember ? member * blockElements(storage) : 0);
    const offset = (block + viewOffset({ storage, row })) * unit;
    return { buffer: this.buffer(storage), offset, size: rows * storage.stride * unit };
  }

  /** Writes a tight [rows, cols] into its padded place. */
  write(view: View, cols: number, data: Elements, member: number): void {
    const padded = pad(view.storage, cols, data);
    const { buffer, offset } = this.region(view, data.length / cols, member);
    this.#engine.device.queue.writeBuffer(
      buffer,
      offset,
      padded.buffer,
      padded.byteOffset,
      Math.ceil(padded.byteLength / 4) * 4,
    );
  }

  /** Gives back the buffer of a storage. */
  release(storage: Storage): void {
    this.#buffers.get(storage)?.destroy();
    this.#buffers.delete(storage);
  }

  /** Every guard row of the storages, by storage; for tests. */
  guards(): { storage: Storage; buffer: GPUBuffer; offset: number; size: number }[] {
    return [...this.#buffers].flatMap(([storage, buffer]) =>
      guardRegions(storage, this.#capacity).map((r) => ({ storage, buffer, ...r })),
    );
  }

  #fillGuards(storage: Storage, buffer: GPUBuffer): void {
    for (const { offset, size } of guardRegions(storage, this.#capacity)) {
      this.#engine.device.queue.writeBuffer(buffer, offset, new Uint32Array(size / 4).fill(SENTINEL));
    }
  }

  dispose(): void {
    for (const buffer of this.#buffers.values()) buffer.destroy();
    this.#buffers.clear();
  }
}

/** Makes buffers for storage, all of them or none. @throws EngineError of kind `memory` */
export async function makeBuffers(
  engine: GpuEngine,
  wanted: readonly { name: string; size: number }[],
): Promise<GPUBuffer[]> {
  if (wanted.length === 0) return [];
  const { device } = engine;
  const usage = USAGE.storage | USAGE.copySource | USAGE.copyDestination;
  device.pushErrorScope('out-of-memory');
  const made = wanted.map(({ name, size }) => device.createBuffer({ label: `wgrad ${name}`, size, usage }));
  const error = await engine.orLost(device.popErrorScope());
  if (!error) return made;
  for (const buffer of made) buffer.destroy();
  const bytes = wanted.reduce((sum, { size }) => sum + size, 0);
  throw new EngineError('memory', `memory: the device has no ${bytes} bytes left`, { cause: error });
}

/** Where the guard rows of a storage lie, in bytes. */
function guardRegions(storage: Storage, capacity: number): { offset: number; size: number }[] {
  const unit = elementBytes(storage);
  const block = blockElements(storage) * unit;
  const size = storage.guards * storage.stride * unit;
  const blocks = storage.slots * (storage.perMember ? capacity : 1);
  if (size === 0) return [];
  return Array.from({ length: blocks }, (_, i) => [
    { offset: i * block, size },
    { offset: (i + 1) * block - size, size },
  ]).flat();
}

/** Tight rows with their pads. */
export function pad({ format, stride }: Storage, cols: number, data: Elements): Elements {
  const width = format === 'u32' ? stride : stride * 4;
  if (width === cols && data instanceof ARRAYS[format]) return data;
  const rows = data.length / cols;
  const padded = new ARRAYS[format](rows * width);
  for (let row = 0; row < rows; row++) padded.set(data.subarray(row * cols, (row + 1) * cols), row * width);
  return padded;
}

/** Rows with their pads as a tight [rows, cols]. */
export function unpad(padded: Float32Array, rows: number, cols: number): Float32Array {
  const width = Math.ceil(cols / 4) * 4;
  const tight = new Float32Array(rows * cols);
  for (let row = 0; row < rows; row++) tight.set(padded.subarray(row * width, row * width + cols), row * cols);
  return tight;
}
