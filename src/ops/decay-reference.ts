import type { ElementwiseReference } from './op.js';
import { roundedProduct } from './rounding.js';

export const decayReference: ElementwiseReference = {
  value: (x) => x[0] * x[1],
  error: (x, e) => roundedProduct(x[0], e[0], x[1], e[1]),
};
