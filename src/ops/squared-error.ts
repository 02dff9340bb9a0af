import squaredErrorWgsl from '../../shaders/ops/squared-error.wgsl?raw';
import squaredErrorGradientWgsl from '../../shaders/ops/squared-error-gradient.wgsl?raw';
import { elementwise, oneShape } from './elementwise.js';
import type { Tensor } from './tensor.js';

export const squaredErrorOp = elementwise({
  name: 'squaredError',
  wgsl: squaredErrorWgsl,
  // [m, 1] against [1, m] would broadcast to m² wrong differences.
  shape: (inputs) => ({ ...oneShape('squaredError', inputs), dtype: 'f32' }),
  gradient: (dy, _y, [y, t]) => [squaredErrorGradient(dy, y, t), undefined],
});

export const squaredErrorGradientOp = elementwise({
  name: 'squaredErrorGradient',
  wgsl: squaredErrorGradientWgsl,
});

/** (y - t)², element by element; the target t has the shape of y and gets no gradient. */
export function squaredError(y: Tensor, t: Tensor): Tensor {
  return y.trace.apply(squaredErrorOp, [y, t]);
}

/** dy · 2 · (y - t). */
export function squaredErrorGradient(dy: Tensor, y: Tensor, t: Tensor): Tensor {
  return y.trace.apply(squaredErrorGradientOp, [dy, y, t]);
}
