import type { ElementwiseReference } from './op.js';
import { expUlps, productError, rounded, spread } from './rounding.js';

/** 1 / (1 + exp(-x)) in float64, without overflow and without cancellation on either side. */
export function logistic(x: number): number {
  const t = Math.exp(-Math.abs(x));
  return (x < 0 ? t : 1) / (1 + t);
}

export const sigmoidReference: ElementwiseReference = {
  value: (x) => logistic(x[0]),
  // exp(-|x|), then 1 for the sum and 2.5 for the division. For x >= 0 the sensitivity to exp's error falls with it:
  // (3 + 2x) / (1 + exp(x)) <= 1.6. So the bound at 0 holds for all positive x.
  error: (x, e, y) => rounded(y, spread(logistic, x[0], e[0], y), expUlps(Math.max(0, e[0] - x[0])) + 4),
};

export const sigmoidGradientReference: ElementwiseReference = {
  value: (x) => x[0] * (x[1] * (1 - x[1])),
  error(x, e, y) {
    const slope = x[1] * (1 - x[1]);
    const slopeError = rounded(slope, Math.abs(1 - 2 * x[1]) * e[1] + e[1] * e[1], 3);
    return rounded(y, productError(x[0], e[0], slope, slopeError));
  },
};
