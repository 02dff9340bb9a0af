import { normalCdf, normalDensity } from './normal.js';
import type { ElementwiseReference } from './op.js';
import { productError, rounded, spread, TINY, ULP } from './rounding.js';

/**
 * Units in the last place of Φ(-a), a >= 0, as gelu.wgsl computes it. q·S(q): 0.85 by which the polynomial is off, 6.2
 * for its rounding, 3.5 for q times 2.4, the most sensitive the result is to q, 1 for the product (the first two and 2.4
 * are measured against float64 in test/ops/normal.test.ts). exp(-a²/2): 3 + a² of its own, a²/2 for the rounding of its
 * argument. Their product 1. Together 20.5 + 1.5a²; the rest is for products of errors.
 */
const tailUlps = (a: number) => 21 + 1.5 * Math.min(a, 14) ** 2;

/** Where x·Φ(x) has its minimum: the root of Φ(x) + x·φ(x). */
const LOWEST = -0.7517915246935645;

const value = (x: number) => x * normalCdf(x);

const derivative = (x: number) => normalCdf(x) + x * normalDensity(x);

/**
 * Bound on the rounding error of Φ(x) + x·φ(x): that of the tail and, for |x|·φ(x), 7 + 1.5x² (1 for 1 / √(2π), 1 for its
 * product, the exponential and two more operations). Falls with |x|, so it is taken at the smallest |x| in reach. Where
 * the exponential may be flushed, |x| is below 14.5 and its factor below 6.
 */
function derivativeRounding(x: number, e: number): number {
  const a = Math.max(0, Math.abs(x) - e);
  const density = (tailUlps(a) - 14) * a * normalDensity(a);
  return ULP * ((tailUlps(a) + 1) * normalCdf(-a) + density) + 10 * TINY;
}

export const geluReference: ElementwiseReference = {
  value: (x) => value(x[0]),
  // Left of 0 the factor x adds 1; right of it Φ = 1 - tail >= tail adds 2, and the tail's own ulps fade.
  error: (x, e, y) =>
    rounded(y, spread(value, x[0], e[0], y, [LOWEST]), tailUlps(Math.max(0, e[0] - x[0])) + 2) + 16 * TINY,
};

export const geluGradientReference: ElementwiseReference = {
  value: (x) => x[0] * derivative(x[1]),
  error(x, e, y) {
    const slope = derivative(x[1]);
    const reach = spread(derivative, x[1], e[1], slope, [-Math.SQRT2, Math.SQRT2]);
    const slopeError = rounded(slope, reach + derivativeRounding(x[1], e[1]));
    return rounded(y, productError(x[0], e[0], slope, slopeError));
  },
};
