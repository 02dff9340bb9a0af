import type { Executor, Program } from '../graph/executor.js';
import type { TracedModel } from '../nn/traced-model.js';
import type { Tensor } from '../ops/tensor.js';
import { permutation } from '../random/permutation.js';
import type { Key } from '../random/philox.js';
import type { Dataset } from './dataset.js';

/** Whose batches are fetched: one network's, or those that several share. */
export interface BatchOwner {
  readonly model: TracedModel;
  readonly executor: Executor;
  /** The inputs of a batch. */
  readonly compiled: { readonly x: Tensor; readonly y: Tensor };
  readonly options: { readonly batchSize: number; readonly shuffleKey: Key };
  /** @throws EngineError if it can no longer be used */
  check(): void;
}

/** Data sets that stay on the GPU after their last use. */
const MOST = 4;

/** A data set in the engine's memory, and the program that fetches a batch of it. */
export class LoadedData {
  readonly program: Program;
  readonly leaves: readonly Tensor[];
  readonly #owner: BatchOwner;
  readonly #order: Tensor;
  #set: number | 'as is' | undefined;

  constructor(owner: BatchOwner, program: Program, leaves: readonly Tensor[], order: Tensor) {
    this.#owner = owner;
    this.program = program;
    this.leaves = leaves;
    this.#order = order;
  }

  /** Sets the order of the rows: that of an epoch, or the one they have. */
  setOrder(epoch: number | 'as is'): void {
    if (epoch === this.#set) return;
    this.#set = epoch;
    const { rows } = this.#order;
    const order =
      epoch === 'as is'
        ? Uint32Array.from({ length: rows }, (_, i) => i)
        : permutation(rows, this.#owner.options.shuffleKey, epoch);
    this.#owner.executor.write(this.#order, order);
  }
}

/** A data set, and how many are using it. */
interface Entry {
  readonly loaded: Promise<LoadedData>;
  users: number;
}

/** Data sets in the engine's memory: each is uploaded once, and the ones not used for longest are given up. */
export class DataCache {
  readonly #owner: BatchOwner;
  readonly #entries = new Map<Dataset, Entry>();
  #count = 0;

  constructor(owner: BatchOwner) {
    this.#owner = owner;
  }

  /** A data set, in memory until `giveBack`; uploads it if it is not there. */
  async take(data: Dataset): Promise<LoadedData> {
    const entry = this.#entries.get(data) ?? { loaded: this.#upload(data), users: 0 };
    this.#entries.delete(data);
    this.#entries.set(data, entry); // last used comes last
    entry.users++;
    try {
      return await entry.loaded;
    } catch (error) {
      if (this.#entries.get(data) === entry) this.#entries.delete(data);
      throw error;
    }
  }

  /** Ends the use of a data set that `take` gave. */
  giveBack(data: Dataset): void {
    const entry = this.#entries.get(data);
    if (entry) entry.users--;
    for (const [old, { loaded, users }] of this.#entries) {
      if (this.#entries.size <= MOST) return;
      if (users > 0) continue;
      this.#entries.delete(old);
      void loaded.then((each) => this.#release(each));
    }
  }

  async #upload(data: Dataset): Promise<LoadedData> {
    const { model, executor, compiled } = this.#owner;
    const name = `data${this.#count++}`;
    const { examples, features, outputs, scale, offset } = data;
    const x = model.input(`${name}.x`, examples, features, data.x instanceof Uint8Array ? 'u8' : 'f32');
    const y = model.input(`${name}.y`, examples, outputs, data.y instanceof Uint32Array ? 'u32' : 'f32');
    const order = model.input(`${name}.order`, examples, 1, 'u32');
    const leaves = [x, y, order];
    const step = model.gather({ x, y, order, scale, offset }, compiled.x, compiled.y);
    try {
      const program = await executor.compile(step, model.scalars);
      executor.write(x, data.x);
      executor.write(y, data.y);
      return new LoadedData(this.#owner, program, leaves, order);
    } catch (error) {
      for (const leaf of leaves) executor.release(leaf);
      throw error;
    }
  }

  #release({ program, leaves }: LoadedData): void {
    program.dispose();
    for (const leaf of leaves) this.#owner.executor.release(leaf);
  }
}
