import { elementwise } from './elementwise.js';
import { roundedProduct } from './rounding.js';
import type { Tensor } from './tensor.js';

export const decayOp = elementwise({
  name: 'decay',
  value: (x) => x[0] * x[1],
  error: (x, e) => roundedProduct(x[0], e[0], x[1], e[1]),
});

/**
 * theta · factor, with factor = 1 - rate · weight decay from the host: decoupled weight decay.
 * Source: Loshchilov and Hutter, "Decoupled weight decay regularization", ICLR 2019.
 */
export function decay(theta: Tensor, factor: Tensor): Tensor {
  return theta.trace.apply(decayOp, [theta, factor]);
}
