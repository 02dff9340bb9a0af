import { Random } from '../ops/random.js';

/** Largest error of one rounded float32 operation, relative to its result: WGSL may round either way. */
export const ULP = 2 ** -23;

/** Largest error of a sum of n terms, relative to the sum of their magnitudes (Higham, section 3.1). */
export function gamma(n: number): number {
  return (n * ULP) / (1 - n * ULP);
}

/** Bounds on the error of an engine's functions. */
export interface Accuracy {
  exp(x: number): number;
  log(x: number): number;
  tanh(x: number): number;
}

/** Arithmetic of a training: float64, or float32 rounded in one of several ways. */
export interface Arithmetic {
  /** A value of `operations` float32 operations on terms whose magnitudes sum to `magnitude`. */
  rounded(value: number, magnitude: number, operations: number): number;
  exp(x: number): number;
  log(x: number): number;
  tanh(x: number): number;
}

/** Float64: as good as exact here. */
export const exact: Arithmetic = { rounded: (value) => value, exp: Math.exp, log: Math.log, tanh: Math.tanh };

/**
 * An engine that is always as wrong as float32 lets it be, up or down by the toss of a coin. Where a real one rounds k times
 * to the nearest, it is off by 0.29 · sqrt(k) units in the root mean square, and this one by k.
 */
export function dice(seed: number, accuracy: Accuracy): Arithmetic {
  const random = new Random(seed);
  const off = (value: number, error: number) => (random.next() < 0.5 ? value - error : value + error);
  return {
    rounded: (value, magnitude, operations) => off(value, gamma(operations) * magnitude),
    exp: (x) => off(Math.exp(x), accuracy.exp(x)),
    log: (x) => off(Math.log(x), accuracy.log(x)),
    tanh: (x) => off(Math.tanh(x), accuracy.tanh(x)),
  };
}

/**
 * The accuracy that WGSL demands ("Concrete floating point accuracy") of exp and log, and for tanh the 9 units that tanh.wgsl claims,
 * for WGSL demands 1e-5 only. A correctly rounded float32 result, as of the CPU reference, is within it.
 */
export const WGSL: Accuracy = {
  exp: (x) => (3 + 2 * Math.abs(x)) * ULP * Math.exp(x),
  log: (x) => (x >= 0.5 && x <= 2 ? 2 ** -21 : 3 * ULP * Math.abs(Math.log(x))),
  tanh: (x) => 9 * ULP * Math.abs(Math.tanh(x)),
};
