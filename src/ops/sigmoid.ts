import sigmoidWgsl from '../../shaders/ops/sigmoid.wgsl?raw';
import sigmoidGradientWgsl from '../../shaders/ops/sigmoid-gradient.wgsl?raw';
import { elementwise } from './elementwise.js';
import type { Tensor } from './tensor.js';

export const sigmoidOp = elementwise({
  name: 'sigmoid',
  wgsl: sigmoidWgsl,
  gradient: (dy, y) => [sigmoidGradient(dy, y)],
});

export const sigmoidGradientOp = elementwise({
  name: 'sigmoidGradient',
  wgsl: sigmoidGradientWgsl,
});

/** The logistic function of x, 1 / (1 + exp(-x)). */
export function sigmoid(x: Tensor): Tensor {
  return x.trace.apply(sigmoidOp, [x]);
}

/** dy · y · (1 - y) for the output y of sigmoid. */
export function sigmoidGradient(dy: Tensor, y: Tensor): Tensor {
  return y.trace.apply(sigmoidGradientOp, [dy, y]);
}
