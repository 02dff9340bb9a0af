import type { DType, LeafOp, Tensor, Trace } from './tensor.js';

/* @__NO_SIDE_EFFECTS__ */
function declared(name: string): LeafOp {
  return {
    name,
    kind: 'leaf',
    shape: (_, { rows, cols, dtype }) => ({ rows: Number(rows), cols: Number(cols), dtype: dtype as DType }),
  };
}

/** A persistent tensor, changed by the step: a parameter or a state of the optimiser. One block a member. */
export const stateOp = declared('state');
/** A tensor that the caller supplies: a batch, labels, a data set, the order of its rows. */
export const inputOp = declared('input');
/** Words of the host, new at every step: f32 hyper-parameters as [1, 1], u32 sources as [1, words]. */
export const scalarOp = declared('scalar');
/** The same f32 number everywhere. */
export const constantOp: LeafOp = {
  name: 'constant',
  kind: 'leaf',
  shape: () => ({ rows: 1, cols: 1, dtype: 'f32' }),
};

/** Declares the state `name` of [rows, cols] f32; it lies in the rows after the state called `under`, if there is one. */
export function state(trace: Trace, name: string, rows: number, cols: number, under?: string): Tensor {
  return trace.apply(stateOp, [], { name, rows, cols, dtype: 'f32', ...(under !== undefined && { under }) });
}

/** Whose an input is. */
export interface Ownership {
  /** True: every member has an input of its own. Default: all members share one. */
  readonly perMember?: boolean;
}

/** Declares the input `name` of [rows, cols]. */
export function input(
  trace: Trace,
  name: string,
  rows: number,
  cols: number,
  dtype: DType = 'f32',
  { perMember = false }: Ownership = {},
): Tensor {
  return trace.apply(inputOp, [], { name, rows, cols, dtype, ...(perMember && { perMember }) });
}

/** Declares the f32 scalar `name`, [1, 1]. */
export function scalar(trace: Trace, name: string): Tensor {
  return trace.apply(scalarOp, [], { name, rows: 1, cols: 1, dtype: 'f32' });
}

/** Declares `count` u32 words, [1, count], to be read whole by an op with a `words` operand. */
export function words(trace: Trace, name: string, count: number): Tensor {
  return trace.apply(scalarOp, [], { name, rows: 1, cols: count, dtype: 'u32' });
}

/** The number `value`, rounded to f32. */
export function constant(trace: Trace, value: number): Tensor {
  return trace.apply(constantOp, [], { value: Math.fround(value) });
}

/** The name given to a leaf, or undefined for a constant and for what an op makes. */
export function leafName(tensor: Tensor): string | undefined {
  return tensor.op.kind === 'leaf' && tensor.op !== constantOp ? String(tensor.attributes.name) : undefined;
}

const bits = new Uint32Array(1);
const float = new Float32Array(bits.buffer);

/** The f32 whose bits are `word`: what WGSL's `bitcast<f32>` makes of it. */
export function floatFromBits(word: number): number {
  bits[0] = word;
  return float[0];
}

/** The bits of `value`, rounded to f32. */
export function bitsFromFloat(value: number): number {
  float[0] = value;
  return bits[0];
}
