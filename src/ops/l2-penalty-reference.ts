import type { StructuralReference } from './op.js';
import { productError, roundedProduct, sumError } from './rounding.js';

export const l2PenaltyReference: StructuralReference = {
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
};
