import type { Dimensions, Kernel } from '../kernels/kernel.js';
import { input, type Tensor, Trace, words } from '../ops/index.js';

/** A kernel that covers part of a graph. */
export interface Match {
  readonly kernel: Kernel;
  readonly dimensions: Dimensions;
  /** The graph's tensors by the names of the kernel's inputs; those that no present output needs are missing. */
  readonly inputs: ReadonlyMap<string, Tensor>;
  /** The graph's tensors by the names of the kernel's outputs; those that are not needed are missing. */
  readonly outputs: ReadonlyMap<string, Tensor>;
}

type Bindings = ReadonlyMap<Tensor, Tensor>;

interface Pattern {
  readonly inputs: ReadonlyMap<string, Tensor>;
  readonly outputs: ReadonlyMap<string, Tensor>;
}

/** Sizes for placeholders: different ones, so that a pattern's shapes say which letter is which. */
const placeholderSizes: Dimensions = { 1: 1, 2: 2, m: 5, n: 7, k: 11, c: 13, d: 17, e: 19 };

const patterns = new WeakMap<Kernel, Pattern>();

/** Returns the kernel's `computes`, traced on placeholders once. */
function patternOf(kernel: Kernel): Pattern {
  const known = patterns.get(kernel);
  if (known) return known;
  const trace = new Trace();
  const inputs = new Map<string, Tensor>();
  for (const [name, { dims, access }] of Object.entries(kernel.inputs)) {
    const [rows, cols] = [...dims].map((letter) => placeholderSizes[letter]);
    const dtype = access === 'index' ? 'u32' : 'f32';
    inputs.set(name, access === 'words' ? words(trace, name, cols) : input(trace, name, rows, cols, dtype));
  }
  const outputs = new Map(Object.entries(kernel.computes(Object.fromEntries(inputs), placeholderSizes)));
  const pattern = { inputs, outputs };
  patterns.set(kernel, pattern);
  return pattern;
}

/** True if the attributes are equal, sizes aside, which are the placeholders' own. */
function sameAttributes({ attributes: a }: Tensor, { attributes: b }: Tensor): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => key === 'rows' || key === 'cols' || a[key] === b[key]);
}

/** True if a placeholder may stand for `tensor`: indices are u32, everything else is f32, or u8 read as f32. */
function mayStandFor(placeholder: Tensor, tensor: Tensor): boolean {
  return (placeholder.dtype === 'u32') === (tensor.dtype === 'u32');
}

/** Binds the leaves of a pattern so that it may equal `tensor`, or returns undefined. */
function unify(pattern: Tensor, tensor: Tensor, bound: Bindings): Bindings | undefined {
  const known = bound.get(pattern);
  if (known) return known === tensor ? bound : undefined;
  if (pattern.op.kind === 'leaf') return mayStandFor(pattern, tensor) ? new Map(bound).set(pattern, tensor) : undefined;
  if (pattern.op !== tensor.op || !sameAttributes(pattern, tensor)) return undefined;
  const orders = [pattern.inputs];
  if (pattern.op.kind === 'elementwise' && pattern.op.commutative) orders.push([...pattern.inputs].reverse());
  for (const order of orders) {
    const all = order.reduce<Bindings | undefined>((b, input, i) => b && unify(input, tensor.inputs[i], b), bound);
    if (all) return all;
  }
  return undefined;
}

/** Returns the sizes by letter of the bound operands; undefined if two operands disagree. */
function sizes(kernel: Kernel, inputs: ReadonlyMap<string, Tensor>, outputs: ReadonlyMap<string, Tensor>) {
  const found: Record<string, number> = {};
  const note = (dims: string, { rows, cols }: Tensor) =>
    [rows, cols].every((size, i) => {
      const letter = dims[i];
      if (/\d/.test(letter)) return size === Number(letter);
      found[letter] ??= size;
      return found[letter] === size;
    });
  for (const [name, tensor] of inputs) if (!note(kernel.inputs[name].dims, tensor)) return undefined;
  for (const [name, tensor] of outputs) if (!note(kernel.outputs[name], tensor)) return undefined;
  return found;
}

/**
 * Matches `kernel` to the graph with `tensor` as one of its outputs, and with every other output that is in `live`.
 * The match is proved, not guessed: `computes`, traced on the graph's own tensors, must give those very tensors.
 */
export function match(kernel: Kernel, tensor: Tensor, live: ReadonlySet<Tensor>): Match | undefined {
  const pattern = patternOf(kernel);
  const anchors = kernel.anchors ?? Object.keys(kernel.outputs).slice(0, 1);
  const anchored = (outputs: ReadonlyMap<string, Tensor>) => anchors.some((name) => outputs.has(name));
  for (const [start, root] of pattern.outputs) {
    let bound = unify(root, tensor, new Map());
    if (!bound) continue;
    const outputs = new Map([[start, tensor]]);
    for (const [name, other] of pattern.outputs) {
      if (outputs.has(name)) continue;
      for (const candidate of live) {
        const taken = candidate.op !== other.op || [...outputs.values()].includes(candidate);
        const extended: Bindings | undefined = taken ? undefined : unify(other, candidate, bound);
        if (!extended) continue;
        bound = extended;
        outputs.set(name, candidate);
        break;
      }
    }
    if (kernel.whole && outputs.size < pattern.outputs.size) continue;
    const inputs = new Map<string, Tensor>();
    for (const [name, placeholder] of pattern.inputs) {
      const found = bound.get(placeholder);
      if (found) inputs.set(name, found);
    }
    const dimensions = sizes(kernel, inputs, outputs);
    if (!anchored(outputs) || !dimensions || kernel.fits?.(dimensions) === false) continue;
    const computed = kernel.computes(Object.fromEntries(inputs), dimensions);
    for (const [name, output] of outputs) if (computed[name] !== output) outputs.delete(name);
    if (outputs.get(start) === tensor && anchored(outputs)) return { kernel, dimensions, inputs, outputs };
  }
  return undefined;
}
