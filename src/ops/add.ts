import { elementwise } from './elementwise.js';
import { rounded } from './rounding.js';
import type { Tensor } from './tensor.js';

export const addOp = elementwise({
  name: 'add',
  commutative: true,
  value: (x) => x[0] + x[1],
  error: (_x, e, y) => rounded(y, e[0] + e[1]),
  gradient: (dy) => [dy, dy],
});

/** a + b, broadcast. */
export function add(a: Tensor, b: Tensor): Tensor {
  return a.trace.apply(addOp, [a, b]);
}
