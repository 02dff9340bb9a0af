import { elementwise } from './elementwise.js';
import { constant } from './leaves.js';
import { multiply } from './multiply.js';
import { rounded } from './rounding.js';
import type { Tensor } from './tensor.js';

export const subtractOp = elementwise({
  name: 'subtract',
  value: (x) => x[0] - x[1],
  error: (_x, e, y) => rounded(y, e[0] + e[1]),
  gradient: (dy) => [dy, multiply(dy, constant(dy.trace, -1))],
});

/** a - b, broadcast. */
export function subtract(a: Tensor, b: Tensor): Tensor {
  return a.trace.apply(subtractOp, [a, b]);
}
