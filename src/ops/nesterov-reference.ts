import type { ElementwiseReference } from './op.js';
import { rounded, roundedProduct } from './rounding.js';

export const nesterovReference: ElementwiseReference = {
  value: (x) => x[0] + x[2] * x[1],
  error: (x, e, y) => rounded(y, roundedProduct(x[2], e[2], x[1], e[1]) + e[0]),
};
