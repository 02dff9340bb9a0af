import { multiply } from './multiply.js';
import type { StructuralOp } from './op.js';
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
  gradient: (dy, _y, [theta, lambda]) => [multiply(dy, multiply(theta, lambda)), undefined],
};

/** (lambda / 2) · Σ theta²: [1, 1], for theta [m, n] and lambda [1, 1], which gets no gradient. */
export function l2Penalty(theta: Tensor, lambda: Tensor): Tensor {
  return theta.trace.apply(l2PenaltyOp, [theta, lambda]);
}
