import { show } from '../errors/arguments.js';
import type { Random } from '../random/random.js';
import type { OwnKernel } from './own-kernel.js';

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
  /** Position in the trace. Inputs come before the tensors made from them. */
  readonly id: number;
  readonly trace: Trace;
  readonly op: Op;
  readonly inputs: readonly Tensor[];
  readonly attributes: Attributes;
  readonly dtype: DType;
}

/** `[rows, cols]` of a tensor, for messages. */
export function shapeOf({ rows, cols }: Shape): string {
  return `[${rows}, ${cols}]`;
}

/** The settings of one use of an op, beside its inputs: part of the tensor's identity. */
export type Attributes = Readonly<Record<string, number | string | boolean>>;

/** A tensor's values in the interpreter: row-major elements and, if asked for, a bound on the error of each. */
export interface Values extends Shape {
  readonly data: Float64Array | Float32Array | Uint32Array | Uint8Array;
  /** |value on a conforming GPU - `data`| is at most this, element by element; absent means exact. */
  readonly error?: Float64Array;
}

/** The place of an element, for elementwise ops that depend on it, and the words of the op's `words` operand. */
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

/** A tensor that is not computed: a state, an input, a scalar of the host, a constant. */
export interface LeafOp extends AnyOp {
  readonly kind: 'leaf';
}

/**
 * Computes an element of the result from the elements of the inputs at the same place; inputs with one row or one column
 * are broadcast. It rides in the epilogue of the kernel that makes its inputs.
 */
export interface ElementwiseOp extends AnyOp {
  readonly kind: 'elementwise';
  /** Names of the operands, as the WGSL function has them, words left out. */
  readonly operands: readonly string[];
  /** The WGSL function of the op's name, from `shaders/ops/`. */
  readonly wgsl: string;
  /** Files of `shaders/lib/` that the function needs. */
  readonly libraries?: readonly string[];
  /** WGSL functions that it shares with other ops. */
  readonly helpers?: readonly string[];
  /** The result does not depend on the order of the (two) inputs. */
  readonly commutative?: boolean;
  /** Returns the tensor at whose zeros the op has no derivative. Default: it has one everywhere. */
  readonly kink?: (inputs: readonly Tensor[]) => Tensor;
  /** The last input is a leaf of u32 words, handed over whole (`Place.words`), not element by element. */
  readonly words?: boolean;
  /** The float64 reference of the op. Default: that of its name in `src/reference`. */
  readonly reference?: OwnReference;
}

/** An op whose elements depend on more than one place: covered by a handwritten kernel. */
export interface StructuralOp extends AnyOp {
  readonly kind: 'structural';
  /** The kernels that compute it, one for each type of its first input. Default: those of `src/kernels`. */
  readonly kernels?: readonly OwnKernel[];
  /** The float64 reference of the op. Default: that of its name in `src/reference`. */
  readonly reference?: StructuralReference;
}

export type Op = LeafOp | ElementwiseOp | StructuralOp;

/** Draws an element of an operand. */
export type Draw = (random: Random) => number;

/**
 * An elementwise op in float64, with a bound on how far a GPU may be from it. Kept apart from the op, so that a page that
 * trains and does not check carries no references.
 */
export interface ElementwiseReference {
  /** Draws an element for each operand, words left out, on which the op is checked. */
  readonly draw: readonly Draw[];
  /** The words that the op takes: a random source, or the valid rows of a batch. */
  readonly words?: 'source' | 'batch';
  /** The result from the inputs' elements `x` (without the words operand). */
  value(x: ArrayLike<number>, at: Place): number;
  /**
   * Bound on |GPU - `y`| when the GPU's inputs are within `e` of `x`, rounding of this op included. `y` is `value(x)`.
   */
  error(x: ArrayLike<number>, e: ArrayLike<number>, y: number, at: Place): number;
}

/** The reference that an op brings itself: what is left out has a default. */
export interface OwnReference extends Omit<ElementwiseReference, 'draw' | 'error'> {
  /** Default of an operand: numbers of all sizes. */
  readonly draw: readonly (Draw | undefined)[];
  /** Default: the bound that follows from `value` and `ulps`. */
  readonly error?: ElementwiseReference['error'];
  /** Accuracy of the WGSL in units in the last place. Default 1. */
  readonly ulps?: number;
}

/** A structural op in float64. */
export interface StructuralReference {
  /** Fills `y.data` and, where `y.error` is there, the bound of each element. */
  evaluate(inputs: readonly Values[], y: Values, attributes: Attributes): void;
}

/** The table in which the tensors of one model are interned. */
export class Trace {
  readonly tensors: Tensor[] = [];
  readonly #known = new Map<string, Tensor>();
  readonly #ops = new Map<string, Op>();

  /**
   * Returns the tensor that `op` makes of `inputs`; the same object for the same expression.
   * @throws TypeError if an input is no tensor; Error if they do not fit, or if another op of the same name has been applied
   */
  apply(op: Op, inputs: readonly Tensor[], attributes: Attributes = {}): Tensor {
    const named = this.#ops.get(op.name) ?? op;
    if (named !== op) throw new Error(`${op.name}: two different ops of this name meet in one model`);
    this.#ops.set(op.name, op);
    const ordered = op.kind === 'elementwise' && op.commutative ? [...inputs].sort((a, b) => a.id - b.id) : inputs;
    const key = `${op.name}(${ordered.map((input) => input.id).join(',')})${JSON.stringify(attributes)}`;
    const known = this.#known.get(key);
    if (known) return known;
    for (const input of ordered) {
      if (typeof input !== 'object' || input === null) {
        throw new TypeError(`${op.name}: takes tensors; constant(trace, x) makes one of a number, got ${show(input)}`);
      }
      if (input.trace !== this) throw new Error(`${op.name}: tensors of two traces cannot meet`);
    }
    const { rows, cols, dtype } = op.shape(ordered, attributes);
    const tensor: Tensor = { id: this.tensors.length, trace: this, op, inputs: ordered, attributes, rows, cols, dtype };
    this.tensors.push(tensor);
    this.#known.set(key, tensor);
    return tensor;
  }
}

/** Returns the common shape of tensors that broadcast along dimensions of 1. @throws Error naming the op and the shapes. */
export function broadcast(name: string, inputs: readonly Tensor[]): Shape {
  let rows = 1;
  let cols = 1;
  for (const input of inputs) {
    rows = Math.max(rows, input.rows);
    cols = Math.max(cols, input.cols);
  }
  for (const input of inputs) {
    if ((input.rows !== rows && input.rows !== 1) || (input.cols !== cols && input.cols !== 1)) {
      throw new Error(`${name}: ${inputs.map(shapeOf).join(' and ')} do not broadcast`);
    }
  }
  return { rows, cols };
}

/** Returns the shape of tensors that must not broadcast. @throws Error naming the op and the shapes. */
export function oneShape(name: string, [first, ...others]: readonly Tensor[]): Shape {
  if (others.some(({ rows, cols }) => rows !== first.rows || cols !== first.cols)) {
    throw new Error(`${name}: ${[first, ...others].map(shapeOf).join(' and ')} must have one shape`);
  }
  return { rows: first.rows, cols: first.cols };
}

type Definition = Partial<Omit<ElementwiseOp, 'name' | 'operands' | 'wgsl' | 'kind'>>;

/**
 * Returns the elementwise f32 op of a WGSL function. `signature` names it and its operands, words left out, such as
 * `bias(x, b)`. Without a shape rule of its own, the result has the broadcast shape of all inputs except the words.
 */
/* @__NO_SIDE_EFFECTS__ */
export function elementwise(signature: string, wgsl: string, definition: Definition = {}): ElementwiseOp {
  const [name, ...operands] = signature.slice(0, -1).split(/\(|, /).filter(Boolean);
  return {
    shape(inputs: readonly Tensor[], _attributes: Attributes) {
      const values = definition.words ? inputs.slice(0, -1) : inputs;
      return { ...broadcast(name, values), dtype: 'f32' };
    },
    ...definition,
    name,
    operands,
    wgsl,
    kind: 'elementwise',
  };
}
