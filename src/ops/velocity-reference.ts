import type { ElementwiseReference } from './op.js';
import { rounded, roundedProduct } from './rounding.js';

export const velocityReference: ElementwiseReference = {
  value: (x) => x[2] * x[0] + x[1],
  error: (x, e, y) => rounded(y, roundedProduct(x[2], e[2], x[0], e[0]) + e[1]),
};
