import type { Program } from '../graph/executor.js';
import type { Tensor } from '../ops/tensor.js';
import { permutation } from '../random/permutation.js';
import type { Dataset } from './dataset.js';
import type { Session } from './session.js';

/** Data sets that stay on the GPU after their last use. */
const MOST = 4;

/** A data set in the engine's memory, and the program that fetches a batch of it. */
export class LoadedData {
  readonly program: Program;
  readonly leaves: readonly Tensor[];
  readonly #session: Session;
  readonly #order: Tensor;
  #set: number | 'as is' | undefined;

  constructor(session: Session, program: Program, leaves: readonly Tensor[], order: Tensor) {
    this.#session = session;
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
        : permutation(rows, this.#session.options.shuffleKey, epoch);
    this.#session.executor.write(this.#order, order);
  }
}

/** Data sets in the engine's memory: each is uploaded once, and the ones not used for longest are given up. */
export class DataCache {
  readonly #session: Session;
  readonly #loaded = new Map<Dataset, Promise<LoadedData>>();
  #count = 0;

  constructor(session: Session) {
    this.#session = session;
  }

  /** A data set, in memory; uploads it if it is not there.  */
  async load(data: Dataset): Promise<LoadedData> {
    let loaded = this.#loaded.get(data);
    if (loaded) this.#loaded.delete(data);
    else loaded = this.#upload(data);
    this.#loaded.set(data, loaded); // last used comes last
    loaded.catch(() => this.#loaded.delete(data));
    await this.#shrink();
    return loaded;
  }

  async #upload(data: Dataset): Promise<LoadedData> {
    const { model, executor, compiled } = this.#session;
    const name = `data${this.#count++}`;
    const { examples, features, outputs, scale, offset } = data;
    const x = model.input(`${name}.x`, examples, features, data.x instanceof Uint8Array ? 'u8' : 'f32');
    const y = model.input(`${name}.y`, examples, outputs, data.y instanceof Uint32Array ? 'u32' : 'f32');
    const order = model.input(`${name}.order`, examples, 1, 'u32');
    const step = model.gather({ x, y, order, scale, offset }, compiled.x, compiled.y);
    const program = await executor.compile(step, model.scalars);
    executor.write(x, data.x);
    executor.write(y, data.y);
    return new LoadedData(this.#session, program, [x, y, order], order);
  }

  async #shrink(): Promise<void> {
    const [oldest] = this.#loaded;
    if (this.#loaded.size <= MOST || !oldest) return;
    this.#loaded.delete(oldest[0]);
    const { program, leaves } = await oldest[1];
    program.dispose();
    for (const leaf of leaves) this.#session.executor.release(leaf);
  }
}
