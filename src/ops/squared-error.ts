import { elementwise, oneShape } from './elementwise.js';
import { productError, rounded } from './rounding.js';
import type { Tensor } from './tensor.js';

export const squaredErrorOp = elementwise({
  name: 'squaredError',
  // [m, 1] against [1, m] would broadcast to m² wrong differences.
  shape: (inputs) => ({ ...oneShape('squaredError', inputs), dtype: 'f32' }),
  value: (x) => (x[0] - x[1]) ** 2,
  error(x, e, y) {
    const d = x[0] - x[1];
    const ed = rounded(d, e[0] + e[1]);
    return rounded(y, productError(d, ed, d, ed));
  },
  gradient: (dy, _y, [y, t]) => [squaredErrorGradient(dy, y, t), undefined],
});

export const squaredErrorGradientOp = elementwise({
  name: 'squaredErrorGradient',
  value: (x) => x[0] * (2 * (x[1] - x[2])),
  error(x, e, y) {
    const d = x[1] - x[2];
    return rounded(y, productError(x[0], e[0], 2 * d, 2 * rounded(d, e[1] + e[2])));
  },
});

/** (y - t)², element by element; the target t has the shape of y and gets no gradient. */
export function squaredError(y: Tensor, t: Tensor): Tensor {
  return y.trace.apply(squaredErrorOp, [y, t]);
}

/** dy · 2 · (y - t). */
export function squaredErrorGradient(dy: Tensor, y: Tensor, t: Tensor): Tensor {
  return y.trace.apply(squaredErrorGradientOp, [dy, y, t]);
}
