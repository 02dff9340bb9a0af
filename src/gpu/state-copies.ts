import type { Snapshot } from '../graph/engine.js';
import type { Tensor } from '../ops/tensor.js';
import { blockElements, elementBytes, type Storage } from '../plan/layout.js';
import type { CommandQueue, Region } from './command-queue.js';
import { type Memory, makeBuffers, writePadded } from './memory.js';
import { pad, unpadEach } from './padding.js';

/** A copy of every state's storage on the GPU. */
export class StateCopies implements Snapshot {
  /** Each storage's copy. */
  readonly buffers = new Map<Storage, GPUBuffer>();
  readonly #commands: CommandQueue;
  readonly #memory: Memory;
  readonly #name: string;
  #allocated: Promise<void> = Promise.resolve();

  constructor(commands: CommandQueue, memory: Memory, name: string) {
    this.#commands = commands;
    this.#memory = memory;
    this.#name = name;
  }

  get bytes(): number {
    return [...this.buffers.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** Makes the buffers that are missing. @throws EngineError of kind `memory` */
  allocate(): Promise<void> {
    // One after another: programs that are compiled at the same time share the copies.
    this.#allocated = this.#allocated.catch(() => {}).then(() => this.#allocateMissing());
    return this.#allocated;
  }

  async #allocateMissing(): Promise<void> {
    this.#commands.check();
    const missing = this.#memory.states.filter((storage) => !this.buffers.has(storage));
    const wanted = missing.map((storage) => ({
      name: `${this.#name} ${storage.name}`,
      size: this.#memory.buffer(storage).size,
    }));
    const made = await makeBuffers(this.#commands, wanted);
    for (const [i, buffer] of made.entries()) this.buffers.set(missing[i], buffer);
  }

  save(members: readonly number[]): void {
    this.#copy(members, (live, copy) => [live, copy]);
  }

  restore(members: readonly number[]): void {
    this.#copy(members, (live, copy) => [copy, live]);
  }

  async read(states: readonly Tensor[], member: number): Promise<Float32Array[]> {
    const regions = states.map((state) => this.#regionOf(state, member));
    return unpadEach(await this.#commands.readBack(regions), states);
  }

  write(state: Tensor, data: Float32Array, member: number): void {
    const region = this.#regionOf(state, member);
    const view = this.#memory.layout.find(state);
    if (!view) throw new Error('memory: a state lies nowhere');
    writePadded(this.#commands.device, region, pad(view.storage, state.cols, data));
  }

  /** Records copying member `from[i]` to member i; `scratch` has room for as many blocks of each storage. */
  rearrange(encoder: GPUCommandEncoder, from: readonly number[], scratch: ReadonlyMap<Storage, GPUBuffer>): void {
    for (const [storage, buffer] of this.buffers) rearrangeBlocks(encoder, storage, buffer, from, scratch);
  }

  dispose(): void {
    for (const buffer of this.buffers.values()) buffer.destroy();
    this.buffers.clear();
  }

  /** The padded rows of the copy of a state. */
  #regionOf(state: Tensor, member: number): Region {
    const view = this.#memory.layout.find(state);
    const buffer = view && this.buffers.get(view.storage);
    if (!buffer) throw new Error('memory: a state has no copy');
    return { ...this.#memory.regionOf(state, member), buffer };
  }

  #copy(members: readonly number[], direction: (live: GPUBuffer, copy: GPUBuffer) => [GPUBuffer, GPUBuffer]): void {
    const encoder = this.#commands.device.createCommandEncoder({ label: `wgrad ${this.#name}` });
    for (const [storage, copy] of this.buffers) {
      const [from, to] = direction(this.#memory.buffer(storage), copy);
      const bytes = blockBytes(storage);
      for (const [first, count] of runsOf(members)) {
        encoder.copyBufferToBuffer(from, first * bytes, to, first * bytes, count * bytes);
      }
    }
    this.#commands.submit(encoder);
  }
}

/** Bytes of one member's block. */
export const blockBytes = (storage: Storage) => blockElements(storage) * elementBytes(storage);

/** Records copying block `from[i]` of a buffer to block i, by way of a scratch buffer. */
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

/** Groups ascending numbers into runs without a gap. */
function runsOf(numbers: readonly number[]): [first: number, count: number][] {
  const runs: [number, number][] = [];
  for (const number of numbers) {
    const last = runs[runs.length - 1];
    if (last && number === last[0] + last[1]) last[1]++;
    else runs.push([number, 1]);
  }
  return runs;
}
