import binaryCorrectWgsl from '../../shaders/ops/binary-correct.wgsl?raw';
import binaryCrossEntropyWgsl from '../../shaders/ops/binary-cross-entropy.wgsl?raw';
import binaryCrossEntropyGradientWgsl from '../../shaders/ops/binary-cross-entropy-gradient.wgsl?raw';
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
