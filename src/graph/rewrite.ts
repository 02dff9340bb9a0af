import { dropout, dropoutOp, type Op, reluDropoutGradient, reluGradientOp, reluOp, type Tensor } from '../ops/index.js';
import { live } from './step.js';

/** An equality of op expressions: returns what a tensor may be computed as instead, or undefined. */
type Rule = (tensor: Tensor) => Tensor | undefined;

/** reluGradient(dropout(d, s), relu(z)) = reluDropoutGradient(d, dropout(relu(z), s), s): the stored output's sign is enough. */
const gradientThroughDropout: Rule = ({ op, inputs: [dy, y] }) => {
  if (op !== reluGradientOp || dy.op !== dropoutOp || y.op !== reluOp) return undefined;
  const [d, source] = dy.inputs;
  return reluDropoutGradient(d, dropout(y, source), source);
};

const rules: readonly Rule[] = [gradientThroughDropout];

/** Returns the tensor's op on other inputs; the tensor itself if they are the same. */
function rebuild(tensor: Tensor, op: Op, inputs: readonly Tensor[]): Tensor {
  if (inputs.every((input, i) => input === tensor.inputs[i])) return tensor;
  return tensor.trace.apply(op, inputs, tensor.attributes);
}

/**
 * Returns a map from every tensor that `wanted` depend on to the one to compute in its place. The interpreter never
 * sees this: the reference runs the graph as written, so the rules are under test too.
 */
export function rewrite(wanted: readonly Tensor[]): Map<Tensor, Tensor> {
  const replaced = new Map<Tensor, Tensor>();
  const visit = (tensor: Tensor): Tensor => {
    const known = replaced.get(tensor);
    if (known) return known;
    const changed = rules.reduce<Tensor | undefined>((found, rule) => found ?? rule(tensor), undefined);
    if (changed) for (const earlier of live([changed])) if (earlier !== changed) visit(earlier);
    const from = changed ?? tensor;
    const result = rebuild(from, from.op, from.inputs.map(visit));
    replaced.set(tensor, result);
    return result;
  };
  for (const tensor of live(wanted)) visit(tensor);
  return replaced;
}
