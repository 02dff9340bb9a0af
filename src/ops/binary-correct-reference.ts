import type { ElementwiseReference } from './op.js';

/** Whether values within `e` of `x` lie on both sides of `x > limit`. */
const undecided = (x: number, e: number, limit: number) => x - e <= limit && x + e > limit;

export const binaryCorrectReference: ElementwiseReference = {
  value: (x) => (x[0] > 0 === x[1] > 0.5 ? 1 : 0),
  error: (x, e) => (undecided(x[0], e[0], 0) || undecided(x[1], e[1], 0.5) ? 1 : 0),
};
