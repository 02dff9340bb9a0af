import { constant, type DType, input, scalar, type Tensor, Trace, type Values, words } from '../../src/ops/index.js';
import { interpret } from '../../src/reference/interpret.js';

const ARRAYS = { f32: Float64Array, u32: Uint32Array, u8: Uint8Array };

/** A trace whose leaves have values: what a test needs to compute an op. */
export class Inputs {
  readonly trace = new Trace();
  readonly #values = new Map<Tensor, Values>();

  /** A tensor of [rows, cols]. */
  matrix(rows: number, cols: number, data: ArrayLike<number>, dtype: DType = 'f32'): Tensor {
    const tensor = input(this.trace, `input ${this.#values.size}`, rows, cols, dtype);
    return this.#give(tensor, ARRAYS[dtype].from(data));
  }

  /** A row, [1, cols]. */
  row(data: ArrayLike<number>): Tensor {
    return this.matrix(1, data.length, data);
  }

  /** A hyper-parameter, [1, 1]. */
  scalar(value: number): Tensor {
    return this.#give(scalar(this.trace, `scalar ${this.#values.size}`), Float64Array.of(value));
  }

  constant(value: number): Tensor {
    return constant(this.trace, value);
  }

  /** Words of the host, u32 [1, count]. */
  words(values: readonly number[]): Tensor {
    return this.#give(words(this.trace, `words ${this.#values.size}`, values.length), Uint32Array.from(values));
  }

  /** The elements of a leaf; changing them changes what `values` computes. */
  data(leaf: Tensor): Values['data'] {
    return this.#feed(leaf).data;
  }

  /** The elements of a tensor in float64. */
  values(tensor: Tensor): number[] {
    return Array.from(interpret([tensor], this.#feed)[0].data);
  }

  #feed = (leaf: Tensor): Values => {
    const values = this.#values.get(leaf);
    if (!values) throw new Error(`test: ${leaf.op.name} has no values`);
    return values;
  };

  #give(tensor: Tensor, data: Values['data']): Tensor {
    const { rows, cols } = tensor;
    if (data.length !== rows * cols) throw new Error(`test: [${rows}, ${cols}] with ${data.length} elements`);
    this.#values.set(tensor, { rows, cols, data });
    return tensor;
  }
}
