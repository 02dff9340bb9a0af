import type { Values } from '../ops/tensor.js';
import { expUlps, gamma, saturated, TINY, ULP, UNKNOWN } from './rounding.js';

/** Input errors beyond this are bounded by themselves instead of by their exponential, which would overflow. */
const LARGE_ERROR = 300;

/** Writes to `out[i]` the sum of all other elements of x, summed from both ends: total - x[i] would cancel. */
function sumsOfOthers(x: Float64Array, out: Float64Array): void {
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    out[i] = sum;
    sum += x[i];
  }
  sum = 0;
  for (let i = x.length - 1; i >= 0; i--) {
    out[i] += sum;
    sum += x[i];
  }
}

/**
 * The softmax of one row of logits z, and bounds for a GPU that computes it as d = z - max, x = exp(d), S = Σ x
 * (ascending), p = x / S, log-sum-exp = log S + max, from logits within e of z. One object is used for row after row.
 */
export class SoftmaxRow {
  /** z as they are, and the softmax p of them. */
  readonly z: Float64Array;
  readonly p: Float64Array;
  /** e, and the bound on the error of each p. */
  readonly e: Float64Array;
  readonly pError: Float64Array;
  /** max z, its bound max e, and log Σ exp(z - max). */
  largest = 0;
  largestError = 0;
  logSum = 0;
  /** Bound on the rounding error of log S. */
  logSumError = 0;
  /** The relative growth of 1 / p, and the largest p, that the errors of the logits can cause. */
  readonly #growth: Float64Array;
  readonly #highest: Float64Array;
  readonly #terms: Float64Array;
  readonly #others: Float64Array;

  constructor(readonly cols: number) {
    this.z = new Float64Array(cols);
    this.p = new Float64Array(cols);
    this.e = new Float64Array(cols);
    this.pError = new Float64Array(cols);
    this.#growth = new Float64Array(cols);
    this.#highest = new Float64Array(cols);
    this.#terms = new Float64Array(cols);
    this.#others = new Float64Array(cols);
  }

  /** Computes p and the log-sum of a row, and with `bounds` their errors. */
  load(logits: Values, row: number, bounds: boolean): void {
    const { cols, z, p, e } = this;
    this.largest = -Infinity;
    this.largestError = 0;
    let magnitude = 0;
    for (let col = 0; col < cols; col++) {
      z[col] = logits.data[row * cols + col];
      e[col] = logits.error?.[row * cols + col] ?? 0;
      this.largest = Math.max(this.largest, z[col]);
      this.largestError = Math.max(this.largestError, e[col]);
      magnitude = Math.max(magnitude, Math.abs(z[col]) + e[col]);
    }
    let sum = 0;
    for (let col = 0; col < cols; col++) sum += p[col] = Math.exp(z[col] - this.largest);
    for (let col = 0; col < cols; col++) p[col] /= sum;
    this.logSum = Math.log(sum);
    if (!bounds) return;
    const differences = saturated(2 * magnitude, 0); // of two logits
    if (differences === UNKNOWN) this.largestError = UNKNOWN;
    this.#boundReach();
    this.#boundRounding();
    if (differences === UNKNOWN) this.pError.fill(UNKNOWN);
  }

  /** Bound on how far the errors of the logits alone can move log-sum-exp(z) - z[col]. */
  reach(col: number): number {
    return Math.min(Math.log1p(this.#growth[col]), this.largestError + this.e[col]);
  }

  /**
   * 1 / p_j = Σ_k exp(z_k - z_j) is largest where all other z_k lie e_k higher and z_j lies e_j lower, and smallest the
   * other way round: growth = Σ_k≠j p_k (exp(e_k + e_j) - 1), 1 / highest = 1 + Σ_k≠j p_k exp(-e_k - e_j) / p_j.
   */
  #boundReach(): void {
    const { p, e } = this;
    if (this.largestError > LARGE_ERROR) {
      this.#growth.fill(Infinity);
      this.#highest.fill(1);
      return;
    }
    sumsOfOthers(p, this.#others);
    for (let col = 0; col < p.length; col++) this.#growth[col] = Math.expm1(e[col]) * this.#others[col];
    for (let col = 0; col < p.length; col++) this.#terms[col] = Math.expm1(e[col]) * p[col];
    sumsOfOthers(this.#terms, this.#others);
    for (let col = 0; col < p.length; col++) this.#growth[col] += Math.exp(e[col]) * this.#others[col];
    for (let col = 0; col < p.length; col++) this.#terms[col] = Math.exp(-e[col]) * p[col];
    sumsOfOthers(this.#terms, this.#others);
    for (let col = 0; col < p.length; col++) {
      this.#highest[col] = p[col] / (p[col] + Math.exp(-e[col]) * this.#others[col]);
    }
  }

  #boundRounding(): void {
    const { cols, z, p, e, pError, largest, largestError } = this;
    let fromExp = 0; // relative error of S through exp and its argument
    for (let col = 0; col < cols; col++) {
      const highest = this.#highest[col];
      const distance = Math.min(88, largest - z[col] + e[col] + largestError);
      const rounding = ULP * (expUlps(distance) + distance);
      fromExp += highest * rounding;
      pError[col] = Math.max(highest - p[col], p[col] - p[col] / (1 + this.#growth[col]));
      pError[col] += highest * (rounding + 5 * ULP) + 2 * TINY; // 5: the division, as x / S or as x · (1 / S)
    }
    // 1.001 covers the products of these errors; TINY what flushed terms miss in S, which is at least 1.
    const fromSum = 1.001 * (fromExp + gamma(cols)) + cols * TINY;
    const fromDivisor = fromSum < 1 ? fromSum / (1 - fromSum) : Infinity;
    for (let col = 0; col < cols; col++) pError[col] += fromDivisor * (this.#highest[col] + pError[col]);
    // log: 2^-21 on [0.5, 2], 3 ulps elsewhere; log S is at most log(cols).
    const most = Math.min(Math.log(cols), this.logSum + 2 * largestError) + fromSum;
    this.logSumError = fromDivisor + Math.max(2 ** -21, 3 * ULP * most);
  }
}
