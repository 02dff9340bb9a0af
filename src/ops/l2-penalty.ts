import { multiply } from './multiply.js';
import type { StructuralOp } from './op.js';
import { productError, roundedProduct, sumError } from './rounding.js';
import { shapeOf, type Tensor } from './tensor.js';

export const l2PenaltyOp: StructuralOp = {
  name: 'l2Penalty',
  kind: 'structural',
  shape([theta, lambda]) {
    if (lambda.rows !== 1 || lambda.cols !== 1) {
      throw new Error(`l2Penalty: lambda must be [1, 1] for theta ${shapeOf(theta)}, got ${shapeOf(lambda)}`);
    }
    return { rows: 1, cols: 1, dtype: 'f32' };
  },
  evaluate([theta, lambda], y) {
    let sum = 0;
    let error = 0;
    for (let i = 0; i < theta.data.length; i++) {
      const x = theta.data[i];
      const e = theta.error?.[i] ?? 0;
      sum += x * x;
      error += productError(x, e, x, e);
    }
    const half = lambda.data[0] / 2;
    y.data[0] = half * sum;
    if (!y.error) return;
    const sumBound = sumError(theta.data.length + 1, sum, error);
    y.error[0] = roundedProduct(half, (lambda.error?.[0] ?? 0) / 2, sum, sumBound);
  },
  gradient: (dy, _y, [theta, lambda]) => [multiply(dy, multiply(theta, lambda)), undefined],
};

/** (lambda / 2) · Σ theta²: [1, 1], for theta [m, n] and lambda [1, 1], which gets no gradient. */
export function l2Penalty(theta: Tensor, lambda: Tensor): Tensor {
  return theta.trace.apply(l2PenaltyOp, [theta, lambda]);
}
