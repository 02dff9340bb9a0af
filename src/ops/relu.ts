import reluWgsl from '../../shaders/ops/relu.wgsl?raw';
import reluGradientWgsl from '../../shaders/ops/relu-gradient.wgsl?raw';
import { elementwise } from './elementwise.js';
import type { Tensor } from './tensor.js';

export const reluOp = elementwise({
  name: 'relu',
  wgsl: reluWgsl,
  gradient: (dy, y) => [reluGradient(dy, y)],
});

export const reluGradientOp = elementwise({
  name: 'reluGradient',
  wgsl: reluGradientWgsl,
});

/** max(x, 0). */
export function relu(x: Tensor): Tensor {
  return x.trace.apply(reluOp, [x]);
}

/** dy where the output y of relu is positive, else 0. */
export function reluGradient(dy: Tensor, y: Tensor): Tensor {
  return y.trace.apply(reluGradientOp, [dy, y]);
}
