import type { Dataset } from '../data/dataset.js';
import type { Executor, Program } from '../graph/executor.js';
import type { DataLeaves, TracedModel } from '../nn/traced-model.js';
import type { Tensor } from '../ops/tensor.js';
import { permutation } from '../random/permutation.js';
import type { Member } from './member.js';

/** Whose batches are fetched: those that networks share, or of each its own. */
export interface BatchOwner {
  readonly model: TracedModel;
  readonly executor: Executor;
  /** The inputs of a batch. */
  readonly compiled: { readonly x: Tensor; readonly y: Tensor };
  readonly weightsLeaf: Tensor;
  /** Whether every member has an order of the data, and so batches, of its own. */
  readonly ownOrder: boolean;
  /** Those that run; another list whenever they are not the same ones any more. */
  readonly members: readonly Member[];
}

/** Data sets that stay on the GPU after their last use. */
const MOST = 4;

/** An order of the rows: that of an epoch, or the one they have. */
export type Order = number | 'as is';

/** A data set in the engine's memory, and the programs that fetch a batch of it. */
export class LoadedData {
  readonly leaves: readonly Tensor[];
  readonly program: Program;
  readonly #owner: BatchOwner;
  readonly #data: WeightedLeaves;
  #withWeights: Promise<Program> | undefined;
  #set: { order: Order; members: readonly Member[] } | undefined;
  /** One for all members, or one each. */
  #orders: readonly Uint32Array[] = [];
  #weights: readonly Float32Array[] = [];

  constructor(owner: BatchOwner, program: Program, data: WeightedLeaves) {
    this.#owner = owner;
    this.program = program;
    this.#data = data;
    this.leaves = [data.x, data.y, data.order, data.weights];
  }

  /** Sets the order of the rows. */
  setOrder(order: Order): void {
    const { members, ownOrder, executor } = this.#owner;
    if (this.#set?.order === order && this.#set.members === members) return;
    this.#set = { order, members };
    const { rows } = this.#data.order;
    this.#orders = (ownOrder ? members : members.slice(0, 1)).map(({ shuffleKey }) =>
      order === 'as is' ? Uint32Array.from({ length: rows }, (_, i) => i) : permutation(rows, shuffleKey, order),
    );
    for (const [member, own] of this.#orders.entries()) executor.write(this.#data.order, own, member);
  }

  /** The program that fetches the weights of a batch's rows too; set them before it runs. */
  withWeights(): Promise<Program> {
    const { model, executor, compiled, weightsLeaf } = this.#owner;
    this.#withWeights ??= executor
      .compile(model.gather(this.#data, { x: compiled.x, y: compiled.y, weights: weightsLeaf }), model.scalars)
      .catch((error: unknown) => {
        this.#withWeights = undefined;
        throw error;
      });
    return this.#withWeights;
  }

  /** Sets what the rows weigh, one list a member. */
  setWeights(weights: readonly Float32Array[]): void {
    if (this.#weights === weights) return;
    this.#weights = weights;
    for (const [member, own] of weights.entries()) this.#owner.executor.write(this.#data.weights, own, member);
  }

  /** What the rows of a batch weigh together, by member. */
  weightsOf(row: number, count: number): number[] {
    return this.#weights.map((weights, member) => {
      const order = this.#orders[this.#owner.ownOrder ? member : 0];
      let sum = 0;
      for (let i = row; i < row + count; i++) sum += weights[order[i]];
      return sum;
    });
  }

  dispose(): void {
    this.program.dispose();
    this.#withWeights?.then(
      (program) => program.dispose(),
      () => {},
    );
    for (const leaf of this.leaves) this.#owner.executor.release(leaf);
  }
}

/** A data set as leaves, with weights. */
interface WeightedLeaves extends DataLeaves {
  readonly y: Tensor;
  readonly weights: Tensor;
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
      void loaded.then((each) => each.dispose());
    }
  }

  async #upload(data: Dataset): Promise<LoadedData> {
    const { model, executor, compiled } = this.#owner;
    const name = `data${this.#count++}`;
    const { examples, features, outputs, scale, offset } = data;
    const x = model.input(`${name}.x`, examples, features, data.x instanceof Uint8Array ? 'u8' : 'f32');
    const y = model.input(`${name}.y`, examples, outputs, data.y instanceof Uint32Array ? 'u32' : 'f32');
    const order = model.input(`${name}.order`, examples, 1, 'u32', { perMember: this.#owner.ownOrder });
    const weights = model.rowWeights(`${name}.weights`, examples);
    const leaves = { x, y, order, weights, scale, offset };
    try {
      const step = model.gather({ x, y, order, scale, offset }, { x: compiled.x, y: compiled.y });
      const program = await executor.compile(step, model.scalars);
      executor.write(x, data.x);
      executor.write(y, data.y);
      return new LoadedData(this.#owner, program, leaves);
    } catch (error) {
      for (const leaf of [x, y, order, weights]) executor.release(leaf);
      throw error;
    }
  }
}
