import type { ElementwiseReference } from '../ops/tensor.js';
import { logistic, softplusTail, softplusTailUlps } from './activations.js';
import { any, gradient, logit, target } from './draws.js';
import { expUlps, productError, rounded, saturated, spread, TINY, ULP } from './rounding.js';

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

export const losses = {
  squaredError,
  squaredErrorGradient,
  binaryCrossEntropy,
  binaryCrossEntropyGradient,
  binaryCorrect,
};
