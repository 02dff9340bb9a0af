import { elementwise } from './elementwise.js';
import type { Tensor } from './tensor.js';

export const reluOp = elementwise({
  name: 'relu',
  value: (x) => (x[0] < 0 ? 0 : x[0]),
  error: (x, e) => (x[0] + e[0] > 0 ? e[0] : 0),
  gradient: (dy, y) => [reluGradient(dy, y)],
});

export const reluGradientOp = elementwise({
  name: 'reluGradient',
  value: (x) => (x[1] > 0 ? x[0] : 0),
  // Where the output's sign is within its bound, the gate may take either side.
  error: (x, e) => (x[1] + e[1] <= 0 ? 0 : x[1] - e[1] > 0 ? e[0] : Math.abs(x[0]) + e[0]),
});

/** max(x, 0). */
export function relu(x: Tensor): Tensor {
  return x.trace.apply(reluOp, [x]);
}

/** dy where the output y of relu is positive, else 0. */
export function reluGradient(dy: Tensor, y: Tensor): Tensor {
  return y.trace.apply(reluGradientOp, [dy, y]);
}
