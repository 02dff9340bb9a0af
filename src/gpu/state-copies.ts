import type { Snapshot } from '../graph/executor.js';
import type { Tensor } from '../ops/tensor.js';
import { blockElements, elementBytes, type Storage } from '../plan/layout.js';
import type { GpuExecutor } from './gpu-executor.js';
import { makeBuffers, pad, unpad } from './memory.js';
import type { Region } from './readback.js';

/** A copy of every state's storage on the GPU. */
export class StateCopies implements Snapshot {
  /** By the storage that each is a copy of. */
  readonly buffers = new Map<Storage, GPUBuffer>();
  readonly #executor: GpuExecutor;
  readonly #name: string;
  #allocated: Promise<void> = Promise.resolve();

  constructor(executor: GpuExecutor, name: string) {
    this.#executor = executor;
    this.#name = name;
  }

  get bytes(): number {
    return [...this.buffers.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** Makes the buffers, as far as they are missing. @throws EngineError of kind `memory` */
  allocate(): Promise<void> {
    // One after another: programs that are compiled at the same time share the copies.
    this.#allocated = this.#allocated.catch(() => {}).then(() => this.#allocateMissing());
    return this.#allocated;
  }

  async #allocateMissing(): Promise<void> {
    const { memory, engine, layout } = this.#executor;
    this.#executor.check();
    const missing = layout.storages.filter((storage) => storage.kind === 'state' && !this.buffers.has(storage));
    const wanted = missing.map((storage) => ({
      name: `${this.#name} ${storage.name}`,
      size: memory.buffer(storage).size,
    }));
    for (const [i, buffer] of (await makeBuffers(engine, wanted)).entries()) this.buffers.set(missing[i], buffer);
  }

  save(members: readonly number[]): void {
    this.#copy(members, (live, copy) => [live, copy]);
  }

  restore(members: readonly number[]): void {
    this.#copy(members, (live, copy) => [copy, live]);
  }

  async read(states: readonly Tensor[], member: number): Promise<Float32Array[]> {
    const regions = states.map((state) => this.#regionOf(state, member));
    const bytes = await this.#executor.readback.read(regions, (encoder) => this.#executor.submit(encoder));
    let at = 0;
    return regions.map(({ size }, i) => {
      const padded = new Float32Array(bytes, at, size / 4);
      at += size;
      return unpad(padded, states[i].rows, states[i].cols);
    });
  }

  write(state: Tensor, data: Float32Array, member: number): void {
    const { engine, layout } = this.#executor;
    const { buffer, offset } = this.#regionOf(state, member);
    const view = layout.find(state);
    if (!view) throw new Error('memory: a state lies nowhere');
    const padded = pad(view.storage, state.cols, data);
    engine.device.queue.writeBuffer(buffer, offset, padded.buffer, padded.byteOffset, padded.byteLength);
  }

  /** Records that member i becomes what member `from[i]` was; `scratch` has room for as many blocks of each storage. */
  rearrange(encoder: GPUCommandEncoder, from: readonly number[], scratch: ReadonlyMap<Storage, GPUBuffer>): void {
    for (const [storage, buffer] of this.buffers) rearrangeBlocks(encoder, storage, buffer, from, scratch);
  }

  dispose(): void {
    for (const buffer of this.buffers.values()) buffer.destroy();
    this.buffers.clear();
  }

  /** The padded rows of the copy of a state. */
  #regionOf(state: Tensor, member: number): Region {
    const view = this.#executor.layout.find(state);
    const buffer = view && this.buffers.get(view.storage);
    if (!buffer) throw new Error('memory: a state has no copy');
    return { ...this.#executor.regionOf(state, member), buffer };
  }

  #copy(members: readonly number[], direction: (live: GPUBuffer, copy: GPUBuffer) => [GPUBuffer, GPUBuffer]): void {
    const { memory, engine } = this.#executor;
    const encoder = engine.device.createCommandEncoder({ label: `wgrad ${this.#name}` });
    for (const [storage, copy] of this.buffers) {
      const [from, to] = direction(memory.buffer(storage), copy);
      const bytes = blockBytes(storage);
      for (const [first, count] of runsOf(members)) {
        encoder.copyBufferToBuffer(from, first * bytes, to, first * bytes, count * bytes);
      }
    }
    this.#executor.submit(encoder).catch(() => {}); // what went wrong is kept for settle()
  }
}

/** Bytes of one member's block. */
export const blockBytes = (storage: Storage) => blockElements(storage) * elementBytes(storage);

/** Records that block i of a buffer becomes what block `from[i]` was, by way of a scratch buffer. */
export function rearrangeBlocks(
  encoder: GPUCommandEncoder,
  storage: Storage,
  buffer: GPUBuffer,
  from: readonly number[],
  scratch: ReadonlyMap<Storage, GPUBuffer>,
): void {
  const between = scratch.get(storage);
  if (!between) throw new Error(`memory: there is no scratch for ${storage.name}`);
  const bytes = blockBytes(storage);
  for (const [to, member] of from.entries()) {
    encoder.copyBufferToBuffer(buffer, member * bytes, between, to * bytes, bytes);
  }
  encoder.copyBufferToBuffer(between, 0, buffer, 0, from.length * bytes);
}

/** Ascending numbers as runs without a gap. */
function runsOf(numbers: readonly number[]): [first: number, count: number][] {
  const runs: [number, number][] = [];
  for (const number of numbers) {
    const last = runs[runs.length - 1];
    if (last && number === last[0] + last[1]) last[1]++;
    else runs.push([number, 1]);
  }
  return runs;
}
