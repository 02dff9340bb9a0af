import { live } from '../graph/step.js';
import { constantOp } from '../ops/leaves.js';
import type { ElementwiseOp, Place, Tensor, Values } from '../ops/tensor.js';
import { referenceOf } from './references.js';
import { saturated } from './rounding.js';

/** Options of the interpreter. */
export interface InterpretOptions {
  /** The format of tensors between ops; every op computes in float64. Default 'float64'. */
  precision?: 'float64' | 'float32' | undefined;
  /** Also compute, for every element, a bound on what a conforming GPU may return instead. Default false. */
  bounds?: boolean | undefined;
  /** Values of tensors that are given, not computed from their inputs. */
  given?: ReadonlyMap<Tensor, Values> | undefined;
}

/** Supplies a leaf's elements; [1, 1] for scalars, the words themselves for u32 sources. */
export type Feed = (leaf: Tensor) => Values;

/** Elements after which the interpreter yields. */
const SLICE = 1 << 16;

/** Applies an elementwise op to every element of its result; yields now and then. */
function* applyElementwise(op: ElementwiseOp, inputs: readonly Values[], y: Values): Generator<undefined, void> {
  const reference = referenceOf(op);
  const operands = op.words ? inputs.slice(0, -1) : inputs;
  const count = operands.length;
  const rowStrides = operands.map((x) => (x.rows === 1 ? 0 : x.cols));
  const colStrides = operands.map((x) => (x.cols === 1 ? 0 : 1));
  const x = new Float64Array(count);
  const e = new Float64Array(count);
  const at: Place = { row: 0, col: 0, cols: y.cols, words: op.words ? inputs[count].data : [] };
  for (let row = 0; row < y.rows; row++) {
    at.row = row;
    if ((row * y.cols) % SLICE < y.cols) yield;
    for (let col = 0; col < y.cols; col++) {
      at.col = col;
      for (let i = 0; i < count; i++) {
        const from = row * rowStrides[i] + col * colStrides[i];
        x[i] = operands[i].data[from];
        e[i] = operands[i].error?.[from] ?? 0;
      }
      const to = row * y.cols + col;
      const value = reference.value(x, at);
      y.data[to] = value;
      if (y.error) y.error[to] = reference.error(x, e, value, at);
    }
  }
}

/** Makes the bound of every element that may overflow UNKNOWN, so that those of its readers are. */
function saturate(data: Values['data'], error: Float64Array): void {
  for (let i = 0; i < data.length; i++) {
    error[i] = saturated(data[i], error[i]);
    if (Number.isNaN(data[i])) data[i] = 0; // no op's bound is made for a NaN; that of 0 within Infinity covers it
  }
}

/**
 * Returns the values of `wanted`, computed op by op from the graph as written, before any rewriting or fusion. The GPU is
 * checked against them.
 */
export function interpret(wanted: readonly Tensor[], feed: Feed, options: InterpretOptions = {}): Values[] {
  const steps = interpretation(wanted, feed, options);
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value;
}

/**
 * Interprets like `interpret`, and awaits `rest` now and then, so that the host can do other work. Calls `visit` with every
 * tensor that it computes; the values are freed after their last reader.
 */
export async function interpretSlowly(
  wanted: readonly Tensor[],
  feed: Feed,
  options: InterpretOptions,
  rest: () => Promise<void>,
  visit: (tensor: Tensor, values: Values) => void = () => {},
): Promise<Values[]> {
  const steps = interpretation(wanted, feed, options);
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) return step.value;
    if (step.value) visit(...step.value);
    await rest();
  }
}

/** Computes op by op; a value is freed after its last reader. */
function* interpretation(
  wanted: readonly Tensor[],
  feed: Feed,
  { precision = 'float64', bounds = false, given = new Map() }: InterpretOptions,
): Generator<readonly [Tensor, Values] | undefined, Values[]> {
  const values = new Map<Tensor, Values>();
  const lastReader = new Map<Tensor, Tensor>();
  const tensors = live(wanted, given);
  for (const tensor of tensors) {
    if (!given.has(tensor)) for (const input of tensor.inputs) lastReader.set(input, tensor);
  }
  for (const tensor of wanted) lastReader.delete(tensor);
  for (const tensor of tensors) {
    const known = given.get(tensor);
    const made = known ?? (yield* evaluate(tensor));
    values.set(tensor, made);
    if (known) continue;
    for (const input of tensor.inputs) if (lastReader.get(input) === tensor) values.delete(input);
    yield [tensor, made];
  }
  return wanted.map((tensor) => values.get(tensor) as Values);

  function* evaluate(tensor: Tensor): Generator<undefined, Values> {
    const { op, rows, cols, dtype } = tensor;
    if (op === constantOp) return { rows, cols, data: Float64Array.of(Number(tensor.attributes.value)) };
    if (op.kind === 'leaf') return feed(tensor);
    const size = rows * cols;
    const data = dtype !== 'f32' || precision === 'float64' ? new Float64Array(size) : new Float32Array(size);
    const y: Values = bounds ? { rows, cols, data, error: new Float64Array(size) } : { rows, cols, data };
    const inputs = tensor.inputs.map((input) => values.get(input) as Values);
    if (op.kind === 'elementwise') yield* applyElementwise(op, inputs, y);
    else referenceOf(op).evaluate(inputs, y, tensor.attributes);
    if (y.error) saturate(y.data, y.error);
    return y;
  }
}
