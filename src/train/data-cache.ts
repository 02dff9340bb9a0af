import type { Dataset } from '../data/dataset.js';
import type { Engine, Executor, Program } from '../graph/engine.js';
import type { DataLeaves, TracedModel } from '../nn/traced-model.js';
import type { Tensor } from '../ops/tensor.js';
import { makeOnce } from '../promises/make-once.js';
import { permutation } from '../random/permutation.js';
import type { MemberWeights } from './fit-options.js';
import type { StartedBatch } from './ledger.js';
import type { Member } from './member.js';
import type { CheckedOptions } from './trainer-options.js';

/** The networks whose batches are fetched: they share batches, or each has its own. */
export interface BatchOwner {
  readonly engine: Engine;
  readonly options: CheckedOptions;
  readonly model: TracedModel;
  readonly executor: Executor;
  /** The inputs of a batch, and how much its rows count. */
  readonly compiled: { readonly x: Tensor; readonly y: Tensor; readonly rowWeights: Tensor };
  /** True if every member has an order of the data, and so batches, of its own. */
  readonly ownOrder: boolean;
  /** The members that run; another list whenever they change. */
  readonly members: readonly Member[];
}

/** Data sets that stay on the GPU after their last use. */
const MOST = 4;

/** An order of the rows: that of an epoch, or that of the data. */
export type Order = number | 'as is';

/** A data set in the engine's memory, and the programs that fetch a batch of it. */
export class LoadedData {
  readonly #owner: BatchOwner;
  readonly #data: Dataset;
  readonly #leaves: WeightedLeaves;
  /** Fetches a batch without weights. */
  readonly #plain: Program;
  #weighted: Program | undefined;
  readonly #compileWeighted = makeOnce(async () => {
    const { model, executor, compiled } = this.#owner;
    const { x, y, rowWeights: weights } = compiled;
    try {
      this.#weighted = await executor.compile(model.gather(this.#leaves, { x, y, weights }), model.scalars);
    } catch (error) {
      throw await named(error, this.#owner, this.#data, true);
    }
    return this.#weighted;
  });
  #set: { order: Order; members: readonly Member[] } | undefined;
  /** One for all members, or one per member. */
  #orders: readonly Uint32Array[] = [];
  #weights: MemberWeights | undefined;
  #written: MemberWeights | undefined;

  constructor(owner: BatchOwner, data: Dataset, plain: Program, leaves: WeightedLeaves) {
    this.#owner = owner;
    this.#data = data;
    this.#plain = plain;
    this.#leaves = leaves;
  }

  /** Returns the program that fetches a batch, with the weights of its rows or without. */
  async gather(weighted: boolean): Promise<Program> {
    return weighted ? this.#compileWeighted() : this.#plain;
  }

  /** Sets the order of the rows and, where they have weights, one list of them per member. */
  set(order: Order, weights: MemberWeights | undefined): void {
    this.#setOrder(order);
    this.#weights = weights;
    if (!weights || this.#written === weights) return;
    this.#written = weights;
    for (const [member, own] of weights.entries()) this.#owner.executor.write(this.#leaves.weights, own, member);
  }

  #setOrder(order: Order): void {
    const { members, ownOrder, executor } = this.#owner;
    if (this.#set?.order === order && this.#set.members === members) return;
    this.#set = { order, members };
    const { rows } = this.#leaves.order;
    this.#orders = (ownOrder ? members : members.slice(0, 1)).map(({ shuffleKey }) =>
      order === 'as is' ? Uint32Array.from({ length: rows }, (_, i) => i) : permutation(rows, shuffleKey, order),
    );
    for (const [member, own] of this.#orders.entries()) executor.write(this.#leaves.order, own, member);
  }

  /** Returns the batch of `count` rows from `row`, with the sums of their weights where they have some. */
  batchOf(row: number, count: number): StartedBatch {
    const weights = this.#weights?.map((own, member) => {
      const order = this.#orders[this.#owner.ownOrder ? member : 0];
      let sum = 0;
      for (let i = row; i < row + count; i++) sum += own[order[i]];
      return sum;
    });
    return { count, weights };
  }

  dispose(): void {
    this.#plain.dispose();
    this.#weighted?.dispose();
    const { x, y, order, weights } = this.#leaves;
    for (const leaf of [x, y, order, weights]) this.#owner.executor.release(leaf);
  }
}

/** The leaves of a data set, with weights. */
interface WeightedLeaves extends DataLeaves {
  readonly y: Tensor;
  readonly weights: Tensor;
}

/** Returns the leaves of a data set. */
function leavesOf(model: TracedModel, name: string, data: Dataset): WeightedLeaves {
  const { examples, features, outputs, scale, offset } = data;
  const perMember = model.training.ownOrder === true;
  return {
    x: model.input(`${name}.x`, examples, features, data.x instanceof Uint8Array ? 'u8' : 'f32'),
    y: model.input(`${name}.y`, examples, outputs, data.y instanceof Uint32Array ? 'u32' : 'f32'),
    order: model.input(`${name}.order`, examples, 1, 'u32', { perMember }),
    weights: model.rowWeights(`${name}.weights`, examples),
    scale,
    offset,
  };
}

/** Returns an error of an upload; if the data set is too large for the device, it names the most examples that fit. */
async function named(error: unknown, owner: BatchOwner, data: Dataset, weighted: boolean): Promise<unknown> {
  const { withFittingExamples } = await import('./fitting-size.js');
  return withFittingExamples(error, owner, data.examples, ({ model, x, y }, examples) => {
    return model.gather(leavesOf(model, 'data', { ...data, examples }), {
      x,
      y,
      weights: weighted ? model.rowWeights('weights', x.rows) : undefined,
    });
  });
}

/** A data set, and the number of its users. */
interface Entry {
  /** Names its leaves; used again once they are released, so that the trace does not grow. */
  readonly number: number;
  readonly loaded: Promise<LoadedData>;
  users: number;
}

/** Data sets in the engine's memory: each is uploaded once; the least recently used ones are freed. */
export class DataCache {
  readonly #owner: BatchOwner;
  readonly #entries = new Map<Dataset, Entry>();
  readonly #freeNumbers: number[] = [];
  #count = 0;

  constructor(owner: BatchOwner) {
    this.#owner = owner;
  }

  /** Returns a data set that stays in memory until `giveBack`; uploads it if it is not there. */
  async take(data: Dataset): Promise<LoadedData> {
    const entry = this.#entries.get(data) ?? this.#begin(data);
    this.#entries.delete(data);
    this.#entries.set(data, entry); // the last one used comes last
    entry.users++;
    try {
      return await entry.loaded;
    } catch (error) {
      if (this.#entries.get(data) === entry) {
        this.#entries.delete(data);
        this.#freeNumbers.push(entry.number);
      }
      throw error;
    }
  }

  /** Ends the use of a data set that `take` gave. */
  giveBack(data: Dataset): void {
    const entry = this.#entries.get(data);
    if (entry) entry.users--;
    for (const [old, { loaded, users, number }] of this.#entries) {
      if (this.#entries.size <= MOST) return;
      if (users > 0) continue;
      this.#entries.delete(old);
      void loaded.then((each) => {
        each.dispose();
        this.#freeNumbers.push(number);
      });
    }
  }

  #begin(data: Dataset): Entry {
    const number = this.#freeNumbers.pop() ?? this.#count++;
    return { number, loaded: this.#upload(data, `data${number}`), users: 0 };
  }

  async #upload(data: Dataset, name: string): Promise<LoadedData> {
    const { model, executor, compiled } = this.#owner;
    const leaves = leavesOf(model, name, data);
    const { x, y, order, weights } = leaves;
    try {
      const step = model.gather(leaves, { x: compiled.x, y: compiled.y });
      const program = await executor.compile(step, model.scalars);
      executor.write(x, data.x);
      executor.write(y, data.y);
      return new LoadedData(this.#owner, data, program, leaves);
    } catch (error) {
      for (const leaf of [x, y, order, weights]) executor.release(leaf);
      throw await named(error, this.#owner, data, false);
    }
  }
}
