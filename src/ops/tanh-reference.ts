import type { ElementwiseReference } from './op.js';
import { productError, rounded, spread } from './rounding.js';

/**
 * Units in the last place of tanh.wgsl. Up to |x| = 0.625, all terms being positive: the sums to x² 2.9, its own rounding
 * 0.2, the division 2.5, the factor x 1, the series 0.01. Beyond, with t = exp(-2|x|) <= 0.287: the sensitivity to t,
 * 2t / (1 - t²), times exp's 3 + 4|x| is at most 3.5; 1 - t and 1 + t 1 each; the division 2.5.
 */
const TANH_ULPS = 9;

export const tanhReference: ElementwiseReference = {
  value: (x) => Math.tanh(x[0]),
  error: (x, e, y) => rounded(y, spread(Math.tanh, x[0], e[0], y), TANH_ULPS),
};

export const tanhGradientReference: ElementwiseReference = {
  value: (x) => x[0] * ((1 - x[1]) * (1 + x[1])),
  error(x, e, y) {
    const slope = (1 - x[1]) * (1 + x[1]);
    const slopeError = rounded(slope, 2 * Math.abs(x[1]) * e[1] + e[1] * e[1], 4);
    return rounded(y, productError(x[0], e[0], slope, slopeError));
  },
};
