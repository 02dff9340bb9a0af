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

/** The largest divisor for which WGSL says how accurate a quotient is; the smallest is TINY. */
const LARGEST_DIVISOR = 2 ** 126;

/**
 * Bound of the quotient `y` of `a`, within `e`, and a divisor from `least` to `most`: 2.5 units in the last place, 3 with
 * what `a` adds. UNKNOWN if WGSL leaves it open.
 */
export function quotientError(a: number, e: number, least: number, most: number, y: number): number {
  const [smallest, largest] = least > 0 ? [least, most] : [-most, -least];
  if (!(smallest >= TINY && largest <= LARGEST_DIVISOR)) return UNKNOWN;
  // a / b is monotone in both: the furthest value lies at a corner.
  let furthest = 0;
  for (const over of [a - e, a + e]) {
    furthest = Math.max(furthest, Math.abs(over / least - y), Math.abs(over / most - y));
  }
  return rounded(y, furthest, 3);
}

/** WGSL's sqrt is as accurate as 1 / inverseSqrt: 2 and 2.5 units in the last place. */
const SQRT_ULPS = 5;

/** Bound on how far from `root` = √v the GPU's root can be, its v being within `e` of `v` and not negative. */
export function rootError(v: number, e: number, root: number): number {
  const lowest = Math.max(0, v - e);
  const highest = Math.sqrt(v + e);
  // Below 2^-126 the GPU may take v for 0.
  const low = lowest < TINY ? 0 : Math.sqrt(lowest);
  return Math.max(root - low, highest - root) + SQRT_ULPS * ULP * highest;
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
 * Accuracy of WGSL's exp in units in the last place, 3 + 2|x| (WGSL, "Concrete floating point accuracy"), for x of
 * magnitude `a`. Beyond 89 the result overflows, or is below 2^-126 and its error no more than flushing it (`TINY`) costs.
 */
export function expUlps(a: number): number {
  return 3 + 2 * Math.min(a, 89);
}
