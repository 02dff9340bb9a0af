import { type DType, type LeafOp, shapeOf, type Tensor, type Trace } from './tensor.js';

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
/** Words that the host computes for every step: f32 hyper-parameters as [1, 1], u32 sources as [1, words]. */
export const scalarOp = declared('scalar');
/** The same f32 number everywhere. */
export const constantOp: LeafOp = { name: 'constant', kind: 'leaf', shape: () => ({ rows: 1, cols: 1, dtype: 'f32' }) };

/** Declares the state `name` of [rows, cols] f32; with `under`, it lies in the rows after the state of that name. */
export function state(trace: Trace, name: string, rows: number, cols: number, under?: string): Tensor {
  return trace.apply(stateOp, [], { name, rows, cols, dtype: 'f32', ...(under !== undefined && { under }) });
}

/** Sharing of an input among the members of a population. */
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

/** Declares `count` u32 words, [1, count], for an op with a `words` operand, which reads them all. */
export function words(trace: Trace, name: string, count: number): Tensor {
  return trace.apply(scalarOp, [], { name, rows: 1, cols: count, dtype: 'u32' });
}

/** Declares the number `value`, rounded to f32. */
export function constant(trace: Trace, value: number): Tensor {
  return trace.apply(constantOp, [], { value: Math.fround(value) });
}

/** Returns the name of a leaf, or undefined for a constant and for the result of an op. */
export function leafName(tensor: Tensor): string | undefined {
  return tensor.op.kind === 'leaf' && tensor.op !== constantOp ? String(tensor.attributes.name) : undefined;
}

const bits = new Uint32Array(1);
const float = new Float32Array(bits.buffer);

/** Returns the f32 with the bits `word`, as WGSL's `bitcast<f32>` does. */
export function floatFromBits(word: number): number {
  bits[0] = word;
  return float[0];
}

/** Returns the bits of `value`, rounded to f32. */
export function bitsFromFloat(value: number): number {
  float[0] = value;
  return bits[0];
}

/** Words of a batch in the step table: the number of valid rows, and the bits of f32(1 / that number). */
export const BATCH_WORDS = 2;

/** Returns the number of valid rows among `rows`; the rows after them only fill up the last batch of an epoch. */
export function validRows(words: ArrayLike<number>, rows: number): number {
  return Math.min(words[0], rows);
}

/** Returns f32(1 / number of valid rows). */
export function inverseCount(words: ArrayLike<number>): number {
  return floatFromBits(words[1]);
}

/** Rows in one sum of `tileSums`. */
export const TILE_ROWS = 64;

/** @throws Error naming the op if `batch` is not u32 words [1, 2]. */
export function checkBatch(name: string, batch: Tensor): void {
  if (batch.dtype !== 'u32' || batch.rows !== 1 || batch.cols !== BATCH_WORDS) {
    throw new Error(`${name}: batch must be u32 words [1, ${BATCH_WORDS}], got ${batch.dtype} ${shapeOf(batch)}`);
  }
}
