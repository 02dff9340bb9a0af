import softplusWgsl from '../../shaders/ops/softplus.wgsl?raw';
import { elementwise } from './elementwise.js';
import { multiply } from './multiply.js';
import { sigmoid } from './sigmoid.js';
import type { Tensor } from './tensor.js';

export const softplusOp = elementwise({
  name: 'softplus',
  wgsl: softplusWgsl,
  gradient: (dy, _y, [x]) => [multiply(dy, sigmoid(x))],
});

/** log(1 + exp(x)) without overflow and without a threshold. */
export function softplus(x: Tensor): Tensor {
  return x.trace.apply(softplusOp, [x]);
}
