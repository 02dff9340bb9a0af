import binaryCorrectWgsl from '../../shaders/ops/binary-correct.wgsl?raw';
import binaryCrossEntropyWgsl from '../../shaders/ops/binary-cross-entropy.wgsl?raw';
import binaryCrossEntropyGradientWgsl from '../../shaders/ops/binary-cross-entropy-gradient.wgsl?raw';
import focalWgsl from '../../shaders/ops/focal.wgsl?raw';
import focalGradientWgsl from '../../shaders/ops/focal-gradient.wgsl?raw';
import squaredErrorWgsl from '../../shaders/ops/squared-error.wgsl?raw';
import squaredErrorGradientWgsl from '../../shaders/ops/squared-error-gradient.wgsl?raw';
import { elementwise, oneShape, type Tensor } from './tensor.js';

export const squaredErrorOp = elementwise('squaredError(y, t)', squaredErrorWgsl, {
  // [m, 1] against [1, m] would broadcast to m² wrong differences.
  shape: (inputs) => ({ ...oneShape('squaredError', inputs), dtype: 'f32' }),
  gradient: (dy, _y, [y, t]) => [squaredErrorGradient(dy, y, t), undefined],
});

export const squaredErrorGradientOp = elementwise('squaredErrorGradient(dy, y, t)', squaredErrorGradientWgsl);

/** (y - t)², element by element; the target t has the shape of y and gets no gradient. */
export function squaredError(y: Tensor, t: Tensor): Tensor {
  return y.trace.apply(squaredErrorOp, [y, t]);
}

/** dy · 2 · (y - t). */
export function squaredErrorGradient(dy: Tensor, y: Tensor, t: Tensor): Tensor {
  return y.trace.apply(squaredErrorGradientOp, [dy, y, t]);
}

export const binaryCrossEntropyOp = elementwise('binaryCrossEntropy(z, t)', binaryCrossEntropyWgsl, {
  shape: (inputs) => ({ ...oneShape('binaryCrossEntropy', inputs), dtype: 'f32' }),
  gradient: (dy, _y, [z, t]) => [binaryCrossEntropyGradient(dy, z, t), undefined],
});

export const binaryCrossEntropyGradientOp = elementwise(
  'binaryCrossEntropyGradient(dy, z, t)',
  binaryCrossEntropyGradientWgsl,
);

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

export const binaryCorrectOp = elementwise('binaryCorrect(z, t)', binaryCorrectWgsl, {
  shape: (inputs) => ({ ...oneShape('binaryCorrect', inputs), dtype: 'f32' }),
});

/** 1 where the logit z is on the target's side, (z > 0) = (t > 0.5), else 0. Not differentiable. */
export function binaryCorrect(z: Tensor, t: Tensor): Tensor {
  return z.trace.apply(binaryCorrectOp, [z, t]);
}

export const focalOp = elementwise('focal(c, gamma)', focalWgsl, {
  gradient: (dy, _y, [c, gamma]) => [focalGradient(dy, c, gamma), undefined],
});

export const focalGradientOp = elementwise('focalGradient(dy, c, gamma)', focalGradientWgsl);

/**
 * (1 - p)^gamma · c of the cross-entropy c = -log p >= 0 of each row; gamma [1, 1] >= 0 gets no gradient. An op of its own
 * because the gradient of a power divides by 1 - p, which is 0 where p rounds to 1. Source: Lin et al., "Focal loss for dense object
 * detection", ICCV 2017, equation 4.
 */
export function focal(c: Tensor, gamma: Tensor): Tensor {
  return c.trace.apply(focalOp, [c, gamma]);
}

/** dy · (1 - p)^gamma · (1 + gamma · c · p / (1 - p)), p = e^-c. */
export function focalGradient(dy: Tensor, c: Tensor, gamma: Tensor): Tensor {
  return c.trace.apply(focalGradientOp, [dy, c, gamma]);
}
