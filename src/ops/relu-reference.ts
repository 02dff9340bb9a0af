import type { ElementwiseReference } from './op.js';

export const reluReference: ElementwiseReference = {
  value: (x) => (x[0] < 0 ? 0 : x[0]),
  error: (x, e) => (x[0] + e[0] > 0 ? e[0] : 0),
};

export const reluGradientReference: ElementwiseReference = {
  value: (x) => (x[1] > 0 ? x[0] : 0),
  // Where the output's sign is within its bound, the gate may take either side.
  error: (x, e) => (x[1] + e[1] <= 0 ? 0 : x[1] - e[1] > 0 ? e[0] : Math.abs(x[0]) + e[0]),
};
