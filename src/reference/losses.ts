import type { ElementwiseReference } from '../ops/tensor.js';
import { logistic, softplusTail, softplusTailUlps } from './activations.js';
import { any, entropy, focusing, gradient, logit, target } from './draws.js';
import { LOG_NEAR_1 } from './elementary.js';
import { expUlps, productError, rounded, saturated, spread, TINY, ULP, UNKNOWN } from './rounding.js';

const squaredError: ElementwiseReference = {
  draw: [any, any],
  value: (x) => (x[0] - x[1]) ** 2,
  error(x, e, y) {
    const d = x[0] - x[1];
    const ed = rounded(d, e[0] + e[1]);
    return rounded(y, productError(d, ed, d, ed));
  },
};

const squaredErrorGradient: ElementwiseReference = {
  draw: [gradient, any, any],
  value: (x) => x[0] * (2 * (x[1] - x[2])),
  error(x, e, y) {
    const d = x[1] - x[2];
    return rounded(y, productError(x[0], e[0], 2 * d, rounded(2 * d, 2 * (e[1] + e[2]))));
  },
};

/** σ(z) - t without cancellation for a t of 0 or 1. */
const derivative = (z: number, t: number) => (1 - t) * logistic(z) - t * logistic(-z);

/** Returns a bound, by the mean value theorem, on how the loss at (z, t) changes while z moves by `ez` and t by `et`. */
function lossReach(z: number, t: number, ez: number, et: number): number {
  const steepest = Math.max(Math.abs(derivative(z - ez, t)), Math.abs(derivative(z + ez, t)));
  return (ez && steepest * ez) + (et && (Math.abs(z) + ez) * et);
}

const binaryCrossEntropy: ElementwiseReference = {
  draw: [logit, target],
  value: (x) => Math.abs(x[0]) * (x[0] < 0 ? x[1] : 1 - x[1]) + softplusTail(Math.abs(x[0])),
  error(x, e) {
    const [z, t, ez, et] = [x[0], x[1], e[0], e[1]];
    const side = Math.max(z - ez < 0 ? Math.abs(t) : 0, z + ez >= 0 ? Math.abs(1 - t) : 0) + et;
    const nearest = Math.max(0, Math.abs(z) - ez); // the tail and its rounding are largest where |z| is smallest
    const rounding = 3 * (Math.abs(z) + ez) * side + (softplusTailUlps(nearest) + 1) * softplusTail(nearest);
    return lossReach(z, t, ez, et) + ULP * rounding + 5 * TINY;
  },
};

/**
 * Bound on the rounding error of (σ(z) - t) as the shader computes it. An error of exp(-|z|) moves σ(z) and σ(-z) in
 * opposite directions, by σ(z)·σ(-z) of its relative size; the other operations are 6.5 on the sum of magnitudes.
 */
function derivativeRounding(z: number, t: number, ez: number, et: number): number {
  const magnitude = (Math.abs(1 - t) + et) * logistic(z + ez) + (Math.abs(t) + et) * logistic(ez - z);
  const nearest = Math.max(0, Math.abs(z) - ez);
  // (3 + 2a)·σ(a)·σ(-a) has its largest value, 0.99, just below a = 1 and falls from there.
  const fromExp = nearest < 1 ? 1 : expUlps(nearest) * logistic(nearest) * logistic(-nearest);
  return ULP * (7 * magnitude + fromExp) + 4 * TINY;
}

const binaryCrossEntropyGradient: ElementwiseReference = {
  draw: [gradient, logit, target],
  value: (x) => x[0] * derivative(x[1], x[2]),
  error(x, e, y) {
    const slope = derivative(x[1], x[2]);
    const side = -Math.abs(x[1]); // σ moves as far at z as at -z, and float64 tells its values from 0 but not from 1
    const reach = spread(logistic, side, e[1], logistic(side)) + e[2];
    const terms = 1 + 2 * (Math.abs(x[2]) + e[2]); // of the shader's numerator
    const slopeError = saturated(terms, reach + derivativeRounding(x[1], x[2], e[1], e[2]));
    return rounded(y, productError(x[0], e[0], slope, slopeError));
  },
};

/** True if values within `e` of `x` lie on both sides of the limit. */
const undecided = (x: number, e: number, limit: number) => x - e <= limit && x + e > limit;

const binaryCorrect: ElementwiseReference = {
  draw: [logit, target],
  value: (x) => (x[0] > 0 === x[1] > 0.5 ? 1 : 0),
  error: (x, e) => (undecided(x[0], e[0], 0) || undecided(x[1], e[1], 0.5) ? 1 : 0),
};

/** Bound on the error of 1 - p as focal.wgsl computes it: 3 for the exponential, 1 for the difference, 1/2 for its least value. */
const FROM_P = 4.5 * ULP;

/** The least 1 - p of focal.wgsl. */
const LEAST_Q = 2 ** -24;

/** 1 - p for a cross-entropy c, which rounding may leave below 0. */
const missing = (c: number) => -Math.expm1(-Math.max(0, c));

/** (1 - p)^gamma at the two ends of a range of c, each as far outside of it as a GPU can be. */
function powerRange(low: number, high: number, gamma: number, e: number): [low: number, high: number] {
  const power = (q: number, gamma: number, side: number) => {
    const log = Math.log(q);
    const fromLog = Math.max(LOG_NEAR_1, 3 * ULP * -log);
    const off = gamma * (fromLog - ULP * log) + ULP * expUlps(-gamma * log);
    return Math.exp(gamma * log + side * off);
  };
  const q = [missing(low) - FROM_P, missing(high) + FROM_P].map((each) => Math.max(LEAST_Q, each));
  return [power(q[0], gamma + e, -1), power(Math.min(1 + ULP, q[1]), gamma - e, 1)];
}

/** True if c is no cross-entropy, or gamma not from 0 to 100. */
const senseless = (c: number, e: number, gamma: number, eg: number) =>
  !(c - e > -1 && gamma - eg >= 0 && gamma + eg <= 100);

const furthest = (y: number, values: readonly number[]) => Math.max(...values.map((value) => Math.abs(value - y)));

const focal: ElementwiseReference = {
  draw: [entropy, focusing],
  value: (x) => x[0] * missing(x[0]) ** x[1],
  error(x, e, y) {
    if (senseless(x[0], e[0], x[1], e[1])) return UNKNOWN;
    const [low, high] = [x[0] - e[0], x[0] + e[0]];
    const powers = powerRange(low, high, x[1], e[1]);
    const products = powers.flatMap((power) => [low * power, high * power]);
    return rounded(y, furthest(y, products) + Math.abs(high) * TINY);
  },
};

/** c · p / (1 - p), which falls from 1 at 0. */
const pull = (c: number) => (c > 0 ? c / Math.expm1(c) : 1);

const focalGradient: ElementwiseReference = {
  draw: [gradient, entropy, focusing],
  value: (x) => x[0] * missing(x[1]) ** x[2] * (1 + x[2] * pull(x[1])),
  error(x, e, y) {
    if (senseless(x[1], e[1], x[2], e[2])) return UNKNOWN;
    const [low, high] = [x[1] - e[1], x[1] + e[1]];
    const powers = powerRange(low, high, x[2], e[2]);
    // Near 0 the quotient p / (1 - p) is as far off as 1 - p is.
    const q = Math.max(LEAST_Q, missing(low) - FROM_P);
    const off = FROM_P / q + ULP * (expUlps(Math.max(0, high)) + 5);
    const vanished = (Math.abs(high) * TINY) / q; // what flushing p costs
    const least = Math.min(0, low) / q + pull(high) * Math.max(0, 1 - off) - vanished;
    const pulls = [least, pull(low) * (1 + off) + vanished];
    const slopes = powers.flatMap((power) =>
      pulls.flatMap((each) => [x[2] - e[2], x[2] + e[2]].map((gamma) => power * (1 + gamma * each))),
    );
    const slope = missing(x[1]) ** x[2] * (1 + x[2] * pull(x[1]));
    const slopeError = rounded(slope, furthest(slope, slopes) + 200 * TINY, 3);
    return rounded(y, productError(x[0], e[0], slope, slopeError));
  },
};

export const losses = {
  focal,
  focalGradient,
  squaredError,
  squaredErrorGradient,
  binaryCrossEntropy,
  binaryCrossEntropyGradient,
  binaryCorrect,
};
