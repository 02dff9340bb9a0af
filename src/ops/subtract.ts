import subtractWgsl from '../../shaders/ops/subtract.wgsl?raw';
import { elementwise } from './elementwise.js';
import { constant } from './leaves.js';
import { multiply } from './multiply.js';
import type { Tensor } from './tensor.js';

export const subtractOp = elementwise({
  name: 'subtract',
  wgsl: subtractWgsl,
  gradient: (dy) => [dy, multiply(dy, constant(dy.trace, -1))],
});

/** a - b, broadcast. */
export function subtract(a: Tensor, b: Tensor): Tensor {
  return a.trace.apply(subtractOp, [a, b]);
}
