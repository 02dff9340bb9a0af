import { add, constant, type Shape, shapeOf, sumAll, sumCols, sumRows, type Tensor } from '../ops/index.js';
import { live } from './step.js';

/** Sums a gradient over the dimensions along which its input was broadcast. */
function sumTo(gradient: Tensor, { rows, cols }: Shape): Tensor {
  const overRows = gradient.rows !== rows;
  const overCols = gradient.cols !== cols;
  if (overRows && overCols) return sumAll(gradient);
  if (overRows) return sumRows(gradient);
  return overCols ? sumCols(gradient) : gradient;
}

/**
 * Returns the gradient of the scalar `y` ([1, 1]) with respect to each of `wanted`, as tensors of `y`'s trace:
 * reverse-mode differentiation, one rule an op. A tensor on which `y` does not depend has the gradient 0.
 * @throws Error if `y` is not [1, 1], or if an op on the way has no gradient rule.
 */
export function gradients(y: Tensor, wanted: readonly Tensor[]): Tensor[] {
  if (y.rows !== 1 || y.cols !== 1) throw new Error(`gradients: y must be [1, 1], got ${shapeOf(y)}`);
  const tensors = live([y]);
  const depends = new Set<Tensor>(wanted);
  for (const tensor of tensors) {
    if (tensor.inputs.some((input) => depends.has(input))) depends.add(tensor);
  }
  const found = new Map<Tensor, Tensor>([[y, constant(y.trace, 1)]]);
  for (const tensor of tensors.reverse()) {
    const dy = found.get(tensor);
    if (!dy || !depends.has(tensor) || tensor.inputs.length === 0) continue;
    if (!tensor.op.gradient) throw new Error(`gradients: ${tensor.op.name} has no gradient rule`);
    tensor.op.gradient(dy, tensor, tensor.inputs).forEach((share, i) => {
      const input = tensor.inputs[i];
      if (!share || !depends.has(input)) return;
      const reduced = sumTo(share, input);
      const sum = found.get(input);
      found.set(input, sum ? add(sum, reduced) : reduced);
    });
  }
  return wanted.map((tensor) => found.get(tensor) ?? constant(y.trace, 0));
}
