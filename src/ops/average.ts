import { elementwise } from './elementwise.js';
import { rounded, roundedProduct } from './rounding.js';
import type { Tensor } from './tensor.js';

export const averageOp = elementwise({
  name: 'average',
  value: (x) => x[2] * x[0] + x[3] * x[1],
  error: (x, e, y) => rounded(y, roundedProduct(x[2], e[2], x[0], e[0]) + roundedProduct(x[3], e[3], x[1], e[1])),
});

/**
 * beta · m + oneMinusBeta · g: the running mean of gradients. 1 - beta comes from the host, where it does not cancel.
 * Source: Kingma and Ba, "Adam", ICLR 2015, algorithm 1.
 */
export function average(m: Tensor, g: Tensor, beta: Tensor, oneMinusBeta: Tensor): Tensor {
  return m.trace.apply(averageOp, [m, g, beta, oneMinusBeta]);
}
