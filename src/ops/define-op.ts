import { checkNumber, checkOptions, show } from '../errors/arguments.js';
import { maskWord, SOURCE_WORDS } from '../random/source.js';
import { checkName, operandsOf } from './own-wgsl.js';
import { RANDOM } from './random.js';
import { broadcast, type Draw, type ElementwiseOp, type Place, shapeOf, type Tensor } from './tensor.js';

/** The parts of a new elementwise op beside what it computes. */
interface CommonDefinition {
  /** The name of the op and of its WGSL function. */
  readonly name: string;
  /**
   * One WGSL function of that name, such as `fn softsign(x: vec4f) -> vec4f { return x / (1.0 + abs(x)); }`: four elements
   * at a time, each from those of the operands at the same place.
   */
  readonly wgsl: string;
  /**
   * The gradient with respect to each operand, as ops, given `dy`, that with respect to the result `y`; undefined for an
   * operand that has none. Default: not differentiable.
   */
  gradient?(dy: Tensor, y: Tensor, inputs: readonly Tensor[]): readonly (Tensor | undefined)[];
  /** Accuracy of the WGSL in units in the last place of the result, all inputs being exact. Default 1. */
  readonly ulps?: number;
  /**
   * Bound on how far a GPU may be from the value `y` of `x` when its inputs are within `e` of `x`, the rounding of this op
   * included. Default: made from `value` around `x`, and `ulps`.
   */
  error?(x: ArrayLike<number>, e: ArrayLike<number>, y: number): number;
  /** Draws an element of each operand for checks. Default: numbers of all sizes. */
  readonly draw?: readonly Draw[];
  /** Returns the tensor at whose zeros the op has no derivative, such as `([x]) => x` for |x|. Default: there is none. */
  kink?(inputs: readonly Tensor[]): Tensor;
}

/** A new elementwise op: what it computes on the GPU, what is right, and its gradient. */
export interface OpDefinition extends CommonDefinition {
  /** One element in float64, from one of each operand. */
  value(...x: number[]): number;
}

/**
 * A new elementwise op that draws random words. Its WGSL function has two parameters more, `at: Place, source: u32`, and
 * calls `random_words(at, source, n) -> vec4u` for draw number n of its elements, from 0u to 255u.
 */
export interface RandomOpDefinition extends CommonDefinition {
  /** One element in float64; `word(n)` is its draw number n, an integer in [0, 2^32). */
  value(word: (n: number) => number, ...x: number[]): number;
}

/** Applies an op to tensors. */
export interface DefinedOp {
  /**
   * Returns the result, broadcast. A random op takes the words of `random(context, name)` after its operands.
   * @throws Error if the number of tensors, their types or their shapes do not fit
   */
  (...inputs: Tensor[]): Tensor;
  /** The op itself, as `verifyOp` and plans know it. */
  readonly op: ElementwiseOp;
}

const KNOWN = ['name', 'wgsl', 'value', 'gradient', 'ulps', 'error', 'draw', 'kink'];

/**
 * Returns a new elementwise op as a function of tensors. It rides in the epilogues of kernels as the library's ops do, runs on
 * the reference engine, and is checked by `verifyOp` and by `verify` of a trainer whose model uses it.
 * @throws TypeError or RangeError naming the field that is wrong
 */
/* @__NO_SIDE_EFFECTS__ */
export function defineOp(definition: OpDefinition): DefinedOp {
  return define('defineOp', definition, {}, (x) => definition.value(...Array.from(x)));
}

/**
 * Returns a new elementwise op that draws random words, the same ones on the CPU and on every GPU.
 * @throws TypeError or RangeError naming the field that is wrong
 */
/* @__NO_SIDE_EFFECTS__ */
export function defineRandomOp(definition: RandomOpDefinition): DefinedOp {
  return define('defineRandomOp', definition, RANDOM, (x, { words, row, col, cols }) =>
    definition.value((n) => maskWord(words, row, col, cols, n), ...Array.from(x)),
  );
}

function define(
  call: string,
  definition: OpDefinition | RandomOpDefinition,
  random: typeof RANDOM | { readonly words?: undefined },
  value: (x: ArrayLike<number>, at: Place) => number,
): DefinedOp {
  checkOptions(call, definition, KNOWN);
  const { name, wgsl, gradient, ulps, error, kink } = definition;
  checkName(call, name);
  const where = `${call}: ${name}`;
  const operands = operandsOf(where, name, wgsl, random.words === true);
  for (const [field, given] of Object.entries({ value: definition.value, gradient, error, kink })) {
    if (typeof given !== 'function' && (given !== undefined || field === 'value'))
      throw new TypeError(`${where}: ${field} must be a function, got ${show(given)}`);
  }
  if (ulps !== undefined) checkNumber(where, 'ulps', ulps, { min: 0 });
  const { draw = operands.map(() => undefined) } = definition;
  const fits = Array.isArray(draw) && draw.length === operands.length;
  if (!fits || draw.some((each) => each !== undefined && typeof each !== 'function'))
    throw new TypeError(`${where}: draw must be a list of ${operands.length} functions, got ${show(draw)}`);
  const op: ElementwiseOp = {
    name,
    kind: 'elementwise',
    operands,
    wgsl,
    ...random,
    shape(inputs) {
      const values = inputs.slice(0, operands.length);
      const [source] = inputs.slice(operands.length);
      if (values.some(({ dtype }) => dtype === 'u32')) throw new Error(`${name}: operands must be numbers, got u32`);
      if (source && (source.dtype !== 'u32' || source.rows !== 1 || source.cols !== SOURCE_WORDS)) {
        const got = `${source.dtype} ${shapeOf(source)}`;
        throw new Error(`${name}: source must be the words of random(context, name), got ${got}`);
      }
      return { ...broadcast(name, values), dtype: 'f32' };
    },
    gradient,
    kink,
    reference: {
      draw,
      value,
      words: random.words && 'source',
      error: error && ((x: ArrayLike<number>, e: ArrayLike<number>, y: number) => error(x, e, y)),
      ulps,
    },
  };
  const parameters = random.words ? [...operands, 'source'] : operands;
  const apply = (...inputs: Tensor[]) => {
    if (inputs.length !== parameters.length)
      throw new Error(`${name}: takes (${parameters.join(', ')}), got ${inputs.length} tensors`);
    return inputs[0].trace.apply(op, inputs);
  };
  return Object.assign(apply, { op });
}
