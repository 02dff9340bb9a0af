import type { Attributes, Op } from './op.js';

/** Element type of a tensor: f32 values, u32 indices and words, u8 pixels. */
export type DType = 'f32' | 'u32' | 'u8';

/** Every tensor is a matrix: a bias is [1, n], labels and losses are [m, 1], a scalar is [1, 1]. */
export interface Shape {
  readonly rows: number;
  readonly cols: number;
}

/**
 * A name for the result of an op on other tensors: no memory, no device. Tensors are interned by their trace, so equal
 * expressions are one object and `===` decides whether two expressions are the same.
 */
export interface Tensor extends Shape {
  /** Position in the trace; inputs have smaller ones. */
  readonly id: number;
  readonly trace: Trace;
  readonly op: Op;
  readonly inputs: readonly Tensor[];
  readonly attributes: Attributes;
  readonly dtype: DType;
}

/** The table in which the tensors of one model are interned. */
export class Trace {
  readonly tensors: Tensor[] = [];
  readonly #known = new Map<string, Tensor>();

  /** Returns the tensor that `op` makes of `inputs`; the same object for the same expression. */
  apply(op: Op, inputs: readonly Tensor[], attributes: Attributes = {}): Tensor {
    const ordered = op.kind === 'elementwise' && op.commutative ? [...inputs].sort((a, b) => a.id - b.id) : inputs;
    const key = `${op.name}(${ordered.map((input) => input.id).join(',')})${JSON.stringify(attributes)}`;
    const known = this.#known.get(key);
    if (known) return known;
    for (const input of ordered) {
      if (input.trace !== this) throw new Error(`${op.name}: tensors of two traces cannot meet`);
    }
    const { rows, cols, dtype } = op.shape(ordered, attributes);
    const tensor: Tensor = { id: this.tensors.length, trace: this, op, inputs: ordered, attributes, rows, cols, dtype };
    this.tensors.push(tensor);
    this.#known.set(key, tensor);
    return tensor;
  }
}

/** `[rows, cols]` of a tensor, for messages. */
export function shapeOf({ rows, cols }: Shape): string {
  return `[${rows}, ${cols}]`;
}
