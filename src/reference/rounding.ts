/**
 * Unit of relative error of one correctly rounded f32 operation when the rounding mode is left open, as WGSL leaves it:
 * one unit in the last place. (WGSL, section "Floating point evaluation": "may round up or down".)
 */
export const ULP = 2 ** -23;

/** The largest error from flushing a subnormal operand or result to 0. */
export const TINY = 2 ** -126;

/** The largest finite float32. */
const LARGEST = (2 - 2 ** -23) * 2 ** 127;

/** Bound of a result that nothing can be said about: WGSL leaves open what an operation that overflows returns. */
export const UNKNOWN = Infinity;

/** Returns the bound `e` of a value near `y`, or UNKNOWN if a value within it may be beyond the range of float32. */
export function saturated(y: number, e: number): number {
  return Math.abs(y) + e <= LARGEST ? e : UNKNOWN; // NaN, as 0 · Infinity, is UNKNOWN too
}

/**
 * Bound of a result whose exact value differs from `y` by at most `e` before it is rounded by an operation that is
 * accurate to `ulps` units in the last place. UNKNOWN if it may overflow.
 */
export function rounded(y: number, e: number, ulps = 1): number {
  return saturated(y, e + ulps * ULP * (Math.abs(y) + e) + TINY);
}

/** Bound of the product of two factors within `ea` of `a` and `eb` of `b`, before rounding. */
export function productError(a: number, ea: number, b: number, eb: number): number {
  return Math.abs(a) * eb + Math.abs(b) * ea + ea * eb;
}

/**
 * Bound of a sum of `terms` rounded products or values in any order, fused or not: Higham, "Accuracy and Stability of
 * Numerical Algorithms", section 3.1, gamma_n = n·u / (1 - n·u), times the sum of magnitudes; plus `e`, the summed
 * errors of the terms themselves, and what flushing may cost. UNKNOWN if a part of the sum may overflow.
 */
export function sumError(terms: number, magnitude: number, e: number): number {
  const nu = terms * ULP;
  return saturated(magnitude, e + (nu / (1 - nu)) * (magnitude + e) + (terms + 1) * TINY);
}

/** γ_n = n·u / (1 - n·u): bound on the relative error that n rounded operations of one sign pile up (Higham, as above). */
export function gamma(n: number): number {
  return (n * ULP) / (1 - n * ULP);
}

/** Bound of the rounded product of two factors within `ea` of `a` and `eb` of `b`. */
export function roundedProduct(a: number, ea: number, b: number, eb: number): number {
  return rounded(a * b, productError(a, ea, b, eb));
}

/**
 * Returns the largest distance of f(x̂) from `y` = f(x) for x̂ within `e` of `x`. Exact up to float64: f is monotone between
 * the points of `turns`, so the furthest value lies at an end of the range or at a turn inside it.
 */
export function spread(
  f: (x: number) => number,
  x: number,
  e: number,
  y: number,
  turns: readonly number[] = [],
): number {
  if (e === 0) return 0;
  if (!(e < Infinity)) return Infinity;
  let furthest = Math.max(Math.abs(f(x - e) - y), Math.abs(f(x + e) - y));
  for (const turn of turns) {
    if (Math.abs(turn - x) < e) furthest = Math.max(furthest, Math.abs(f(turn) - y));
  }
  return furthest;
}

/**
 * Accuracy of WGSL's exp in units in the last place, 3 + 2|x| (WGSL, "Concrete floating point accuracy"), for x <= 0 of
 * magnitude `a`. Beyond 88 the result is below 2^-126 and its error is no more than flushing it (`TINY`) costs.
 */
export function expUlps(a: number): number {
  return 3 + 2 * Math.min(a, 88);
}
