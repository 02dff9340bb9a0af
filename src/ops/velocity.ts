import { elementwise } from './elementwise.js';
import { rounded, roundedProduct } from './rounding.js';
import type { Tensor } from './tensor.js';

export const velocityOp = elementwise({
  name: 'velocity',
  value: (x) => x[2] * x[0] + x[1],
  error: (x, e, y) => rounded(y, roundedProduct(x[2], e[2], x[0], e[0]) + e[1]),
});

/** momentum · v + g: the velocity of SGD with momentum. Source: PyTorch, torch.optim.SGD (dampening 0). */
export function velocity(v: Tensor, g: Tensor, momentum: Tensor): Tensor {
  return v.trace.apply(velocityOp, [v, g, momentum]);
}
