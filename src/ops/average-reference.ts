import type { ElementwiseReference } from './op.js';
import { rounded, roundedProduct } from './rounding.js';

export const averageReference: ElementwiseReference = {
  value: (x) => x[2] * x[0] + x[3] * x[1],
  error: (x, e, y) => rounded(y, roundedProduct(x[2], e[2], x[0], e[0]) + roundedProduct(x[3], e[3], x[1], e[1])),
};
