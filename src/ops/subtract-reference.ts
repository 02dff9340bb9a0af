import type { ElementwiseReference } from './op.js';
import { rounded } from './rounding.js';

export const subtractReference: ElementwiseReference = {
  value: (x) => x[0] - x[1],
  error: (_x, e, y) => rounded(y, e[0] + e[1]),
};
