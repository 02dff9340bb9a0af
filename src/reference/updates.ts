import type { ElementwiseReference } from '../ops/tensor.js';
import { any, fraction, gradient, square } from './draws.js';
import { rounded, roundedProduct, TINY, ULP, UNKNOWN } from './rounding.js';

const velocity: ElementwiseReference = {
  draw: [any, gradient, fraction],
  value: (x) => x[2] * x[0] + x[1],
  error: (x, e, y) => rounded(y, roundedProduct(x[2], e[2], x[0], e[0]) + e[1]),
};

const average: ElementwiseReference = {
  draw: [any, gradient, fraction, fraction],
  value: (x) => x[2] * x[0] + x[3] * x[1],
  error: (x, e, y) => rounded(y, roundedProduct(x[2], e[2], x[0], e[0]) + roundedProduct(x[3], e[3], x[1], e[1])),
};

const averageSquare: ElementwiseReference = {
  draw: [square, gradient, fraction, fraction],
  value: (x) => x[2] * x[0] + x[3] * (x[1] * x[1]),
  error(x, e, y) {
    const square = x[1] * x[1];
    const squareError = roundedProduct(x[1], e[1], x[1], e[1]);
    return rounded(y, roundedProduct(x[2], e[2], x[0], e[0]) + roundedProduct(x[3], e[3], square, squareError));
  },
};

/** WGSL's sqrt is as accurate as 1 / inverseSqrt: 2 and 2.5 units in the last place. */
const SQRT_ULPS = 5;

/** Bound on how far from `root` = √v the GPU's root can be, its v being within `e` of `v` and not negative. */
function rootError(v: number, e: number, root: number): number {
  const lowest = Math.max(0, v - e);
  const highest = Math.sqrt(v + e);
  // Below 2^-126 the GPU may take v for 0.
  const low = lowest < TINY ? 0 : Math.sqrt(lowest);
  return Math.max(root - low, highest - root) + SQRT_ULPS * ULP * highest;
}

/** The largest divisor for which WGSL says how accurate a quotient is; the smallest is TINY. */
const LARGEST_DIVISOR = 2 ** 126;

const adamDirection: ElementwiseReference = {
  draw: [gradient, square, (r) => r.uniform(4, 32), (r) => r.pick([1e-8, 1e-6, 1e-3])],
  value: (x) => x[0] / (Math.sqrt(x[1]) * x[2] + x[3]),
  error(x, e, y) {
    const root = Math.sqrt(x[1]);
    const scaledError = roundedProduct(root, rootError(x[1], e[1], root), x[2], e[2]);
    const divisor = root * x[2] + x[3];
    const divisorError = rounded(divisor, scaledError + e[3]);
    // √v · rootCorrection is not negative, so however wrong it is, the divisor does not fall below epsilon.
    const floor = x[2] >= e[2] ? (x[3] - e[3]) * (1 - ULP) : -Infinity;
    const least = Math.max(divisor - divisorError, floor);
    const most = divisor + divisorError;
    if (!(least >= TINY && most <= LARGEST_DIVISOR)) return UNKNOWN;
    // m / d is monotone in both: the furthest value lies at a corner.
    let furthest = 0;
    for (const m of [x[0] - e[0], x[0] + e[0]]) {
      furthest = Math.max(furthest, Math.abs(m / least - y), Math.abs(m / most - y));
    }
    return rounded(y, furthest, 3);
  },
};

const descend: ElementwiseReference = {
  draw: [any, gradient, (r) => r.pick([0.1, 1e-3, 1])],
  value: (x) => x[0] - x[2] * x[1],
  error: (x, e, y) => rounded(y, e[0] + roundedProduct(x[2], e[2], x[1], e[1])),
};

export const updates = { velocity, average, averageSquare, adamDirection, descend };
