import binaryCrossEntropyWgsl from '../../shaders/ops/binary-cross-entropy.wgsl?raw';
import binaryCrossEntropyGradientWgsl from '../../shaders/ops/binary-cross-entropy-gradient.wgsl?raw';
import { elementwise, oneShape } from './elementwise.js';
import type { Tensor } from './tensor.js';

export const binaryCrossEntropyOp = elementwise({
  name: 'binaryCrossEntropy',
  wgsl: binaryCrossEntropyWgsl,
  shape: (inputs) => ({ ...oneShape('binaryCrossEntropy', inputs), dtype: 'f32' }),
  gradient: (dy, _y, [z, t]) => [binaryCrossEntropyGradient(dy, z, t), undefined],
});

export const binaryCrossEntropyGradientOp = elementwise({
  name: 'binaryCrossEntropyGradient',
  wgsl: binaryCrossEntropyGradientWgsl,
});

/**
 * -t·log σ(z) - (1 - t)·log σ(-z) from the logit z, computed as max(z, 0) - z·t + log(1 + exp(-|z|)), which neither
 * overflows nor cancels; the target t in [0, 1] has the shape of z and gets no gradient.
 */
export function binaryCrossEntropy(z: Tensor, t: Tensor): Tensor {
  return z.trace.apply(binaryCrossEntropyOp, [z, t]);
}

/** dy · (σ(z) - t), computed as dy · ((1 - t)·σ(z) - t·σ(-z)): accurate also where σ(z) is close to a t of 0 or 1. */
export function binaryCrossEntropyGradient(dy: Tensor, z: Tensor, t: Tensor): Tensor {
  return z.trace.apply(binaryCrossEntropyGradientOp, [dy, z, t]);
}
