import type { DType, Shape, Tensor } from './tensor.js';

/** What distinguishes two uses of an op beside its inputs; part of the tensor's identity. */
export type Attributes = Readonly<Record<string, number | string | boolean>>;

/** What the interpreter knows of a tensor: row-major elements and, if asked for, a bound on each one's error. */
export interface Values extends Shape {
  readonly data: Float64Array | Float32Array | Uint32Array | Uint8Array;
  /** |value on a conforming GPU - `data`| is at most this, element by element; absent means exact. */
  readonly error?: Float64Array;
}

/** Where an element stands, for the elementwise ops that depend on it, and the words of the op's `words` operand. */
export interface Place {
  row: number;
  col: number;
  cols: number;
  words: ArrayLike<number>;
}

interface AnyOp {
  /** The op's name; for elementwise ops also the name of its WGSL function. */
  readonly name: string;
  /** Shape and type of the result. @throws Error naming both sides if the inputs do not fit. */
  shape(inputs: readonly Tensor[], attributes: Attributes): Shape & { dtype: DType };
  /**
   * The gradient of a scalar with respect to each input, given `dy`, that with respect to the result `y`.
   * `undefined` stands for an input that has none (labels, masks, hyper-parameters). Absent: not differentiable.
   */
  gradient?(dy: Tensor, y: Tensor, inputs: readonly Tensor[]): readonly (Tensor | undefined)[];
}

/** A tensor that no op makes: a state, an input, a scalar of the host, a constant. */
export interface LeafOp extends AnyOp {
  readonly kind: 'leaf';
}

/**
 * One element of the result from the elements of the inputs at the same place (inputs with one row or one column are
 * broadcast). Rides in the epilogue of the kernel that makes its inputs.
 */
export interface ElementwiseOp extends AnyOp {
  readonly kind: 'elementwise';
  /** The WGSL function of the op's name, from `shaders/ops/`. */
  readonly wgsl: string;
  /** The result does not depend on the order of the (two) inputs. */
  readonly commutative?: boolean;
  /** The last input is a leaf of u32 words, handed over whole (`Place.words`), not element by element. */
  readonly words?: boolean;
}

/** An op whose elements depend on more than one place: covered by a handwritten kernel. */
export interface StructuralOp extends AnyOp {
  readonly kind: 'structural';
}

export type Op = LeafOp | ElementwiseOp | StructuralOp;

/**
 * What an elementwise op is in float64, and how far a GPU may be from it. Apart from the op, so that a page that trains
 * and does not check carries no references.
 */
export interface ElementwiseReference {
  /** The result from the inputs' elements `x` (without the words operand). */
  value(x: ArrayLike<number>, at: Place): number;
  /**
   * Bound on |GPU - `y`| when the GPU's inputs are within `e` of `x`, rounding of this op included. `y` is `value(x)`.
   */
  error(x: ArrayLike<number>, e: ArrayLike<number>, y: number, at: Place): number;
}

/** What a structural op is in float64. */
export interface StructuralReference {
  /** Fills `y.data` and, where `y.error` is there, the bound of each element. */
  evaluate(inputs: readonly Values[], y: Values, attributes: Attributes): void;
}
