import type { ElementwiseReference } from './op.js';
import { productError, rounded } from './rounding.js';

export const multiplyReference: ElementwiseReference = {
  value: (x) => x[0] * x[1],
  error: (x, e, y) => rounded(y, productError(x[0], e[0], x[1], e[1])),
};
