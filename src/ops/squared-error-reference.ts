import type { ElementwiseReference } from './op.js';
import { productError, rounded } from './rounding.js';

export const squaredErrorReference: ElementwiseReference = {
  value: (x) => (x[0] - x[1]) ** 2,
  error(x, e, y) {
    const d = x[0] - x[1];
    const ed = rounded(d, e[0] + e[1]);
    return rounded(y, productError(d, ed, d, ed));
  },
};

export const squaredErrorGradientReference: ElementwiseReference = {
  value: (x) => x[0] * (2 * (x[1] - x[2])),
  error(x, e, y) {
    const d = x[1] - x[2];
    return rounded(y, productError(x[0], e[0], 2 * d, 2 * rounded(d, e[1] + e[2])));
  },
};
