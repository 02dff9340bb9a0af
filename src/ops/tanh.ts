import tanhWgsl from '../../shaders/ops/tanh.wgsl?raw';
import tanhGradientWgsl from '../../shaders/ops/tanh-gradient.wgsl?raw';
import { elementwise } from './elementwise.js';
import type { Tensor } from './tensor.js';

export const tanhOp = elementwise({
  name: 'tanh',
  wgsl: tanhWgsl,
  gradient: (dy, y) => [tanhGradient(dy, y)],
});

export const tanhGradientOp = elementwise({
  name: 'tanhGradient',
  wgsl: tanhGradientWgsl,
});

/** The hyperbolic tangent of x. */
export function tanh(x: Tensor): Tensor {
  return x.trace.apply(tanhOp, [x]);
}

/** dy · (1 - y²) for the output y of tanh. */
export function tanhGradient(dy: Tensor, y: Tensor): Tensor {
  return y.trace.apply(tanhGradientOp, [dy, y]);
}
