import { elementwise } from './elementwise.js';
import { rounded, roundedProduct } from './rounding.js';
import type { Tensor } from './tensor.js';

export const nesterovOp = elementwise({
  name: 'nesterov',
  value: (x) => x[0] + x[2] * x[1],
  error: (x, e, y) => rounded(y, roundedProduct(x[2], e[2], x[1], e[1]) + e[0]),
});

/** g + momentum · v: the direction of Nesterov's SGD from the new velocity v. Source: PyTorch, torch.optim.SGD. */
export function nesterov(g: Tensor, v: Tensor, momentum: Tensor): Tensor {
  return g.trace.apply(nesterovOp, [g, v, momentum]);
}
