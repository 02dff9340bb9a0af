import binaryCorrectWgsl from '../../shaders/ops/binary-correct.wgsl?raw';
import { elementwise, oneShape } from './elementwise.js';
import type { Tensor } from './tensor.js';

export const binaryCorrectOp = elementwise({
  name: 'binaryCorrect',
  wgsl: binaryCorrectWgsl,
  shape: (inputs) => ({ ...oneShape('binaryCorrect', inputs), dtype: 'f32' }),
});

/** 1 where the logit z is on the target's side, (z > 0) = (t > 0.5), else 0. Not differentiable. */
export function binaryCorrect(z: Tensor, t: Tensor): Tensor {
  return z.trace.apply(binaryCorrectOp, [z, t]);
}
