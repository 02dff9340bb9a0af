import leakyReluWgsl from '../../shaders/ops/leaky-relu.wgsl?raw';
import leakyReluGradientWgsl from '../../shaders/ops/leaky-relu-gradient.wgsl?raw';
import { elementwise } from './elementwise.js';
import type { Tensor } from './tensor.js';

export const leakyReluOp = elementwise({
  name: 'leakyRelu',
  wgsl: leakyReluWgsl,
  gradient: (dy, y, [, slope]) => [leakyReluGradient(dy, y, slope), undefined],
});

export const leakyReluGradientOp = elementwise({
  name: 'leakyReluGradient',
  wgsl: leakyReluGradientWgsl,
});

/** x where x >= 0, else slope · x; slope [1, 1] > 0 gets no gradient. Source: Maas, Hannun, Ng, ICML 2013, section 2. */
export function leakyRelu(x: Tensor, slope: Tensor): Tensor {
  return x.trace.apply(leakyReluOp, [x, slope]);
}

/** dy where the output y of leakyRelu is positive, else slope · dy: with slope > 0, y has the sign of x. */
export function leakyReluGradient(dy: Tensor, y: Tensor, slope: Tensor): Tensor {
  return y.trace.apply(leakyReluGradientOp, [dy, y, slope]);
}
