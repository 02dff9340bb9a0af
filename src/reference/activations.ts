import type { ElementwiseReference } from '../ops/tensor.js';
import { normalCdf, normalDensity } from '../random/normal.js';
import { any, gradient, logit, sigmoidOutput, slope, tanhOutput } from './draws.js';
import { expUlps, productError, rounded, roundedProduct, saturated, spread, TINY, ULP } from './rounding.js';

const relu: ElementwiseReference = {
  draw: [any],
  value: (x) => (x[0] < 0 ? 0 : x[0]),
  error: (x, e) => (x[0] + e[0] > 0 ? e[0] : 0),
};

const reluGradient: ElementwiseReference = {
  draw: [gradient, any],
  value: (x) => (x[1] > 0 ? x[0] : 0),
  // An output whose sign is within its bound may be taken for positive or not.
  error: (x, e) => (x[1] + e[1] <= 0 ? 0 : x[1] - e[1] > 0 ? e[0] : Math.abs(x[0]) + e[0]),
};

const leakyRelu: ElementwiseReference = {
  draw: [any, slope],
  value: (x) => (x[0] < 0 ? x[0] * x[1] : x[0]),
  error(x, e, y) {
    if (x[0] - e[0] >= 0) return e[0];
    // The slope is nowhere steeper than on the steeper side, also across 0.
    const slope = Math.abs(x[1]) + e[1];
    const steepest = x[0] + e[0] < 0 ? slope : Math.max(1, slope);
    return rounded(y, steepest * e[0] + Math.abs(x[0]) * e[1]);
  },
};

const leakyReluGradient: ElementwiseReference = {
  draw: [gradient, any, slope],
  value: (x) => (x[1] > 0 ? x[0] : x[0] * x[2]),
  error(x, e) {
    if (x[1] - e[1] > 0) return e[0];
    const sloped = roundedProduct(x[0], e[0], x[2], e[2]);
    // An output whose sign is within its bound may be taken for positive or not.
    return x[1] + e[1] <= 0 ? sloped : Math.abs(x[0] - x[0] * x[2]) + Math.max(e[0], sloped);
  },
};

/**
 * Units in the last place of tanh.wgsl. Up to |x| = 0.625, all terms being positive: the sums to x² 2.9, its own rounding
 * 0.2, the division 2.5, the factor x 1, the series 0.01. Beyond, with t = exp(-2|x|) <= 0.287: the sensitivity to t,
 * 2t / (1 - t²), times exp's 3 + 4|x| is at most 3.5; 1 - t and 1 + t 1 each; the division 2.5.
 */
const TANH_ULPS = 9;

const tanh: ElementwiseReference = {
  draw: [logit],
  value: (x) => Math.tanh(x[0]),
  error: (x, e, y) => saturated(2 * (Math.abs(x[0]) + e[0]), rounded(y, spread(Math.tanh, x[0], e[0], y), TANH_ULPS)),
};

const tanhGradient: ElementwiseReference = {
  draw: [gradient, tanhOutput],
  value: (x) => x[0] * ((1 - x[1]) * (1 + x[1])),
  error(x, e, y) {
    const slope = (1 - x[1]) * (1 + x[1]);
    const slopeError = rounded(slope, 2 * Math.abs(x[1]) * e[1] + e[1] * e[1], 4);
    return rounded(y, productError(x[0], e[0], slope, slopeError));
  },
};

/** 1 / (1 + exp(-x)) in float64, without overflow and without cancellation on either side. */
export function logistic(x: number): number {
  const t = Math.exp(-Math.abs(x));
  return (x < 0 ? t : 1) / (1 + t);
}

const sigmoid: ElementwiseReference = {
  draw: [logit],
  value: (x) => logistic(x[0]),
  // exp(-|x|), then 1 for the sum and 2.5 for the division. For x >= 0 the sensitivity to exp's error falls with it:
  // (3 + 2x) / (1 + exp(x)) <= 1.6. So the bound at 0 holds for all positive x.
  error: (x, e, y) => rounded(y, spread(logistic, x[0], e[0], y), expUlps(Math.max(0, e[0] - x[0])) + 4),
};

const sigmoidGradient: ElementwiseReference = {
  draw: [gradient, sigmoidOutput],
  value: (x) => x[0] * (x[1] * (1 - x[1])),
  error(x, e, y) {
    const slope = x[1] * (1 - x[1]);
    const slopeError = rounded(slope, Math.abs(1 - 2 * x[1]) * e[1] + e[1] * e[1], 3);
    return rounded(y, productError(x[0], e[0], slope, slopeError));
  },
};

/**
 * Units in the last place of Φ(-a), a >= 0, as gelu.wgsl computes it. q·S(q): 0.85 by which the polynomial is off, 6.2
 * for its rounding, 3.5 for q times 2.4, the most sensitive the result is to q, 1 for the product (the first two and 2.4
 * are measured against float64 in test/ops/normal.test.ts). exp(-a²/2): 3 + a² of its own, a²/2 for the rounding of its
 * argument. Their product 1. Together 20.5 + 1.5a²; the rest is for products of errors.
 */
const normalTailUlps = (a: number) => 21 + 1.5 * Math.min(a, 14) ** 2;

/** The place of the minimum of x·Φ(x): the root of Φ(x) + x·φ(x). */
const LOWEST_X_CDF = -0.7517915246935645;

const xCdf = (x: number) => x * normalCdf(x);

const xCdfSlope = (x: number) => normalCdf(x) + x * normalDensity(x);

/**
 * Bound on the rounding error of Φ(x) + x·φ(x): that of the tail and, for |x|·φ(x), 7 + 1.5x² (1 for 1 / √(2π), 1 for its
 * product, the exponential and two more operations). Falls with |x|, so it is taken at the smallest |x| in reach. The
 * exponential may be off by what flushing it costs, and its factor is below 6 + |x|.
 */
function xCdfSlopeRounding(x: number, e: number): number {
  const a = Math.max(0, Math.abs(x) - e);
  const density = (normalTailUlps(a) - 14) * a * normalDensity(a);
  return ULP * ((normalTailUlps(a) + 1) * normalCdf(-a) + density) + (10 + Math.abs(x) + e) * TINY;
}

/** Returns the largest x̂² that a shader takes exp of, its x̂ being within `e` of `x`. */
const largestSquare = (x: number, e: number) => (Math.abs(x) + e) ** 2;

const gelu: ElementwiseReference = {
  draw: [logit],
  value: (x) => xCdf(x[0]),
  // Left of 0 the factor x adds 1; right of it Φ = 1 - tail >= tail adds 2, and the tail's own ulps fade.
  error(x, e, y) {
    const reach = spread(xCdf, x[0], e[0], y, [LOWEST_X_CDF]);
    const bound = rounded(y, reach, normalTailUlps(Math.max(0, e[0] - x[0])) + 2) + 16 * TINY;
    return saturated(largestSquare(x[0], e[0]), bound);
  },
};

const geluGradient: ElementwiseReference = {
  draw: [gradient, logit],
  value: (x) => x[0] * xCdfSlope(x[1]),
  error(x, e, y) {
    const slope = xCdfSlope(x[1]);
    const reach = spread(xCdfSlope, x[1], e[1], slope, [-Math.SQRT2, Math.SQRT2]);
    const slopeError = rounded(slope, reach + xCdfSlopeRounding(x[1], e[1]));
    return saturated(largestSquare(x[1], e[1]), rounded(y, productError(x[0], e[0], slope, slopeError)));
  },
};

/** log(1 + exp(-a)) for a >= 0, in float64. */
export function softplusTail(a: number): number {
  return Math.log1p(Math.exp(-a));
}

/**
 * Units in the last place of log(1 + t), t = exp(-a), as softplus.wgsl computes it: exp's own, to which log1p is no more
 * than proportionally sensitive; for s = t / (2 + t) 3.5, to which 2·atanh(s) is at most 1.09 times sensitive on
 * [0, 1/3]; for the series 0.3 in its small terms, 1 for the last sum, 1 for the factor 2s and 0.14 for what it leaves
 * out (below s^14 / 15 · 9/8 = 1.6e-8 of the result).
 */
export function softplusTailUlps(a: number): number {
  return expUlps(a) + 6.5;
}

const logOnePlusExp = (x: number) => Math.max(x, 0) + softplusTail(Math.abs(x));

const softplus: ElementwiseReference = {
  draw: [logit],
  value: (x) => logOnePlusExp(x[0]),
  // For x >= 0 the tail's share of the result falls faster than exp's error grows: the bound at 0 holds for all. Flushing
  // t costs 1, s twice that, the result 1, which `rounded` counts.
  error: (x, e, y) =>
    rounded(y, spread(logOnePlusExp, x[0], e[0], y), softplusTailUlps(Math.max(0, e[0] - x[0])) + 1) + 3 * TINY,
};

/**
 * Units in the last place of e^x - 1 as elu.wgsl computes it, x from `low` to `high`. From -0.5 on: 1 + x·S with
 * |x·S| <= 0.22, of which S has 1.6 and its product 1, over the sum's 0.78, which adds 1.3; the factor x 1, the rest of the
 * series 0.1. Below: the exponential's error and the rounding of the difference, less and less from -0.5 down.
 */
function expm1Ulps(low: number, high: number): number {
  const near = high > -0.5 ? 3.2 : 0;
  const a = Math.max(0.5, -high);
  return low > -0.5 ? near : Math.max(near, 1 + (expUlps(a) * Math.exp(-a)) / -Math.expm1(-a));
}

const elu: ElementwiseReference = {
  draw: [logit, slope],
  value: (x) => (x[0] > 0 ? x[0] : x[1] * Math.expm1(x[0])),
  error(x, e, y) {
    const [low, high] = [x[0] - e[0], x[0] + e[0]];
    if (low > 0) return e[0];
    const reach = spread((x0) => (x0 > 0 ? x0 : x[1] * Math.expm1(x0)), x[0], e[0], y, [0]);
    const fromAlpha = -Math.expm1(low) * e[1];
    return rounded(y, reach + fromAlpha, expm1Ulps(low, high) + 1) + (Math.abs(x[1]) + e[1]) * TINY;
  },
};

const eluGradient: ElementwiseReference = {
  draw: [gradient, logit, slope],
  value: (x) => (x[1] > 0 ? x[0] : x[0] * (x[1] + x[2])),
  error(x, e) {
    if (x[1] - e[1] > 0) return e[0];
    const factor = x[1] + x[2];
    const curved = roundedProduct(x[0], e[0], factor, rounded(factor, e[1] + e[2]));
    // An output whose sign is within its bound may be taken for positive or not.
    return x[1] + e[1] <= 0 ? curved : Math.abs(x[0] - x[0] * factor) + Math.max(e[0], curved);
  },
};

export const activations = {
  elu,
  eluGradient,
  relu,
  reluGradient,
  leakyRelu,
  leakyReluGradient,
  tanh,
  tanhGradient,
  sigmoid,
  sigmoidGradient,
  gelu,
  geluGradient,
  softplus,
};
