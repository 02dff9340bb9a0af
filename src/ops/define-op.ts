import { checkNumber, checkOptions, show } from '../errors/arguments.js';
import { checkName, operandsOf } from './own-wgsl.js';
import { broadcast, type Draw, type ElementwiseOp, type Place, type Tensor } from './tensor.js';

/** A new elementwise op: what it computes on the GPU, what is right, and its gradient. */
export interface OpDefinition {
  /** The name of the op and of its WGSL function. */
  readonly name: string;
  /**
   * One WGSL function of that name, such as `fn softsign(x: vec4f) -> vec4f { return x / (1.0 + abs(x)); }`: four elements
   * at a time, each from those of the operands at the same place.
   */
  readonly wgsl: string;
  /** One element in float64, from one of each operand. */
  value(...x: number[]): number;
  /**
   * The gradient with respect to each operand, as ops, given `dy`, that with respect to the result `y`; undefined for an
   * operand that has none. Default: not differentiable.
   */
  gradient?(dy: Tensor, y: Tensor, inputs: readonly Tensor[]): readonly (Tensor | undefined)[];
  /** Accuracy of the WGSL in units in the last place of the result, all inputs being exact. Default 1. */
  readonly ulps?: number;
  /**
   * Bound on how far a GPU may be from `y` = value(...x) when its inputs are within `e` of `x`, the rounding of this op
   * included. Default: made from `value` around `x`, and `ulps`.
   */
  error?(x: ArrayLike<number>, e: ArrayLike<number>, y: number): number;
  /** Draws an element of each operand for checks. Default: numbers of all sizes. */
  readonly draw?: readonly Draw[];
  /** Returns the tensor at whose zeros the op has no derivative, such as `([x]) => x` for |x|. Default: there is none. */
  kink?(inputs: readonly Tensor[]): Tensor;
}

/** Applies an op to tensors. */
export interface DefinedOp {
  /** Returns the result, broadcast. @throws Error if the number of tensors or their shapes do not fit */
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
  checkOptions('defineOp', definition, KNOWN);
  const { name, wgsl, value, gradient, ulps, error, kink } = definition;
  checkName(name);
  const where = `defineOp: ${name}`;
  const operands = operandsOf(where, name, wgsl);
  for (const [field, given] of Object.entries({ value, gradient, error, kink })) {
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
    shape(inputs) {
      const typed = inputs.find(({ dtype }) => dtype === 'u32');
      if (typed) throw new Error(`${name}: operands must be numbers, got u32`);
      return { ...broadcast(name, inputs), dtype: 'f32' };
    },
    ...(gradient && { gradient }),
    ...(kink && { kink }),
    reference: {
      draw,
      value: (x) => value(...Array.from(x)),
      ...(error && { error: (x: ArrayLike<number>, e: ArrayLike<number>, y: number, _at: Place) => error(x, e, y) }),
      ...(ulps !== undefined && { ulps }),
    },
  };
  const apply = (...inputs: Tensor[]) => {
    if (inputs.length !== operands.length)
      throw new Error(`${name}: takes (${operands.join(', ')}), got ${inputs.length} tensors`);
    return inputs[0].trace.apply(op, inputs);
  };
  return Object.assign(apply, { op });
}
