import type { ElementwiseReference } from './op.js';
import { rounded, roundedProduct } from './rounding.js';

export const descendReference: ElementwiseReference = {
  value: (x) => x[0] - x[2] * x[1],
  error: (x, e, y) => rounded(y, e[0] + roundedProduct(x[2], e[2], x[1], e[1])),
};
