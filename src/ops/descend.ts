import { elementwise } from './elementwise.js';
import { rounded, roundedProduct } from './rounding.js';
import type { Tensor } from './tensor.js';

export const descendOp = elementwise({
  name: 'descend',
  value: (x) => x[0] - x[2] * x[1],
  error: (x, e, y) => rounded(y, e[0] + roundedProduct(x[2], e[2], x[1], e[1])),
});

/** theta - rate · d: a step of `rate` against the direction d. */
export function descend(theta: Tensor, d: Tensor, rate: Tensor): Tensor {
  return theta.trace.apply(descendOp, [theta, d, rate]);
}
