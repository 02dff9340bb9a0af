import type { ElementwiseReference } from './op.js';
import { expUlps, rounded, spread, TINY } from './rounding.js';

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

const value = (x: number) => Math.max(x, 0) + softplusTail(Math.abs(x));

export const softplusReference: ElementwiseReference = {
  value: (x) => value(x[0]),
  // For x >= 0 the tail's share of the result falls faster than exp's error grows: the bound at 0 holds for all. Flushing
  // t costs 1, s twice that, the result 1, which `rounded` counts.
  error: (x, e, y) =>
    rounded(y, spread(value, x[0], e[0], y), softplusTailUlps(Math.max(0, e[0] - x[0])) + 1) + 3 * TINY,
};
