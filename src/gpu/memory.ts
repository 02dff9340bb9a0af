import { EngineError } from '../errors/engine-error.js';
import { type Elements, wholeRows } from '../graph/engine.js';
import { leafName, type Tensor, type Values } from '../ops/index.js';
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
import type { CommandQueue, Region } from './command-queue.js';
import { USAGE } from './device.js';
import { pad } from './padding.js';

/** A NaN that no computation makes. It fills guard rows under test, and a ring before its steps have run. */
export const SENTINEL = 0x7fc0beef;

/** Options of a model's memory. */
export interface MemoryOptions {
  readonly layout: Layout;
  /** Members that there is room for. */
  readonly capacity: number;
  /** Keep the values that the host writes into inputs, for `written`. */
  readonly remembers: boolean;
}

/** The buffers of a model: one for each storage of its layout. */
export class Memory {
  readonly layout: Layout;
  readonly capacity: number;
  /** Members that run: the first ones of those that there is room for. */
  members: number;
  readonly #commands: CommandQueue;
  readonly #remembers: boolean;
  readonly #written = new Map<Tensor, Values>();
  readonly #buffers = new Map<Storage, GPUBuffer>();
  #allocated: Promise<void> = Promise.resolve();

  constructor(commands: CommandQueue, { layout, capacity, remembers }: MemoryOptions) {
    this.#commands = commands;
    this.layout = layout;
    this.capacity = capacity;
    this.members = capacity;
    this.#remembers = remembers;
  }

  /** Bytes of all buffers. */
  get bytes(): number {
    return [...this.#buffers.values()].reduce((sum, buffer) => sum + buffer.size, 0);
  }

  /** The storages of all states. */
  get states(): Storage[] {
    return this.layout.storages.filter(({ kind }) => kind === 'state');
  }

  /** Makes the buffers that the layout has and the memory has not. @throws EngineError of kind `limit` before making any */
  allocate(): Promise<void> {
    // One after another: programs that are compiled at the same time share their buffers.
    this.#allocated = this.#allocated.catch(() => {}).then(() => this.#allocateMissing());
    return this.#allocated;
  }

  async #allocateMissing(): Promise<void> {
    this.#checkGrown();
    const missing = this.layout.storages.filter((storage) => !this.#buffers.has(storage));
    const { maxBufferSize, maxStorageBufferBindingSize } = this.#commands.device.limits;
    const most = Math.min(maxBufferSize, maxStorageBufferBindingSize);
    const limit = most === maxBufferSize ? 'maxBufferSize' : 'maxStorageBufferBindingSize';
    for (const storage of missing) {
      const bytes = storageBytes(storage, this.capacity);
      if (bytes <= most) continue;
      throw new EngineError(
        'limit',
        `memory: ${storage.name} needs ${bytes} bytes, this device binds at most ${most} (${limit})`,
      );
    }
    const wanted = missing.map((storage) => ({ name: storage.name, size: storageBytes(storage, this.capacity) }));
    for (const [i, buffer] of (await makeBuffers(this.#commands, wanted)).entries()) {
      this.#buffers.set(missing[i], buffer);
      if (missing[i].guards) this.#fillGuards(missing[i], buffer);
    }
  }

  /** A storage grows with every plan that places more in it; the programs that have bound its buffer cannot follow. */
  #checkGrown(): void {
    for (const [storage, { size }] of this.#buffers) {
      const bytes = storageBytes(storage, this.capacity);
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

  /** Returns the padded rows of a view, for a member (and a slot of a ring). */
  region({ storage, row }: View, rows: number, member: number, slot = 0): Region {
    const unit = elementBytes(storage);
    const block =
      slot * slotElements(storage, this.capacity) + (storage.perMember ? member * blockElements(storage) : 0);
    const offset = (block + viewOffset({ storage, row })) * unit;
    return { buffer: this.buffer(storage), offset, size: rows * storage.stride * unit };
  }

  /** Returns the padded rows of a leaf or a result. */
  regionOf(tensor: Tensor, member: number): Region {
    const view = this.layout.find(tensor);
    if (!view) throw new Error(`memory: ${leafName(tensor)} lies nowhere`);
    return this.region(view, tensor.rows, member);
  }

  /** Writes a tight [rows, cols] into its padded place; an input's rows that are not given become 0. */
  write(leaf: Tensor, data: Elements, member: number): void {
    const { storage, row } = this.#viewOf(leaf);
    const whole = wholeRows(leaf, data);
    const { buffer, offset } = this.region({ storage, row }, leaf.rows, member);
    writePadded(this.#commands.device, { buffer, offset }, pad(storage, leaf.cols, whole));
    if (this.#remembers && storage.kind === 'input' && !storage.perMember) {
      this.#written.set(leaf, { rows: leaf.rows, cols: leaf.cols, data: whole.slice() });
    }
  }

  /** Records copying `rows` tight rows of a caller's buffer into an input, whose other rows become 0. */
  copyIn(encoder: GPUCommandEncoder, leaf: Tensor, source: GPUBuffer, rows: number): void {
    const { buffer, offset, size } = this.region(this.#viewOf(leaf), rows, 0);
    this.#written.delete(leaf);
    const tight = leaf.cols * 4;
    const rest = ((leaf.rows - rows) * size) / rows;
    if (rest > 0) encoder.clearBuffer(buffer, offset + size, rest);
    if (size === rows * tight) {
      encoder.copyBufferToBuffer(source, 0, buffer, offset, size);
      return;
    }
    const padded = size / rows;
    for (let row = 0; row < rows; row++) {
      encoder.copyBufferToBuffer(source, row * tight, buffer, offset + row * padded, tight);
    }
  }

  #viewOf(leaf: Tensor): View {
    const view = this.layout.find(leaf);
    if (!view) throw new Error(`memory: ${leafName(leaf)} is not part of any compiled step`);
    return view;
  }

  /** Returns the values of a shared input, if the host was the last to write it and the memory `remembers`. */
  written(leaf: Tensor): Values | undefined {
    return this.#written.get(leaf);
  }

  /** Notes that a program changes a leaf. */
  noteChange(leaf: Tensor): void {
    this.#written.delete(leaf);
  }

  /** Frees the buffer of an input. */
  release(leaf: Tensor): void {
    this.#written.delete(leaf);
    const storage = this.layout.forget(leaf);
    if (!storage) return;
    this.#buffers.get(storage)?.destroy();
    this.#buffers.delete(storage);
  }

  /** Returns the guard rows of all storages; for tests. */
  guards(): (Region & { readonly storage: Storage })[] {
    return [...this.#buffers].flatMap(([storage, buffer]) =>
      guardRegions(storage, this.capacity).map((region) => ({ storage, buffer, ...region })),
    );
  }

  #fillGuards(storage: Storage, buffer: GPUBuffer): void {
    for (const { offset, size } of guardRegions(storage, this.capacity)) {
      this.#commands.device.queue.writeBuffer(buffer, offset, new Uint32Array(size / 4).fill(SENTINEL));
    }
  }

  dispose(): void {
    for (const buffer of this.#buffers.values()) buffer.destroy();
    this.#buffers.clear();
  }
}

/** Writes padded elements to a place; WebGPU writes whole words only, and rows of bytes end with a pad. */
export function writePadded({ queue }: GPUDevice, place: Pick<Region, 'buffer' | 'offset'>, padded: Elements): void {
  const bytes = Math.ceil(padded.byteLength / 4) * 4;
  queue.writeBuffer(place.buffer, place.offset, padded.buffer, padded.byteOffset, bytes);
}

/** Returns the byte ranges of a storage's guard rows. */
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

/** Makes buffers for storage, all of them or none. @throws EngineError of kind `memory` */
export async function makeBuffers(
  commands: CommandQueue,
  wanted: readonly { name: string; size: number }[],
): Promise<GPUBuffer[]> {
  if (wanted.length === 0) return [];
  const { device } = commands;
  const usage = USAGE.storage | USAGE.copySource | USAGE.copyDestination;
  device.pushErrorScope('out-of-memory');
  const made = wanted.map(({ name, size }) => device.createBuffer({ label: `wgrad ${name}`, size, usage }));
  try {
    const error = await commands.rejectWhenLost(device.popErrorScope());
    if (!error) return made;
    const bytes = wanted.reduce((sum, { size }) => sum + size, 0);
    throw new EngineError('memory', `memory: the device has no ${bytes} bytes left`, { cause: error });
  } catch (error) {
    for (const buffer of made) buffer.destroy();
    throw error;
  }
}
