import type { ElementwiseReference } from './op.js';
import { rounded, roundedProduct } from './rounding.js';

export const leakyReluReference: ElementwiseReference = {
  value: (x) => (x[0] < 0 ? x[0] * x[1] : x[0]),
  error(x, e, y) {
    if (x[0] - e[0] >= 0) return e[0];
    // Steeper than the steeper side nowhere, also across 0.
    const slope = Math.abs(x[1]) + e[1];
    const steepest = x[0] + e[0] < 0 ? slope : Math.max(1, slope);
    return rounded(y, steepest * e[0] + Math.abs(x[0]) * e[1]);
  },
};

export const leakyReluGradientReference: ElementwiseReference = {
  value: (x) => (x[1] > 0 ? x[0] : x[0] * x[2]),
  error(x, e) {
    if (x[1] - e[1] > 0) return e[0];
    const sloped = roundedProduct(x[0], e[0], x[2], e[2]);
    // Where the output's sign is within its bound, either side may be taken.
    return x[1] + e[1] <= 0 ? sloped : Math.abs(x[0] - x[0] * x[2]) + Math.max(e[0], sloped);
  },
};
