import type { ElementwiseReference } from '../ops/tensor.js';
import { any } from './draws.js';
import { TINY } from './rounding.js';

const maximum: ElementwiseReference = {
  draw: [any, any],
  value: (x) => Math.max(x[0], x[1]),
  error(x, e) {
    if (x[0] - e[0] > x[1] + e[1]) return e[0];
    return x[1] - e[1] > x[0] + e[0] ? e[1] : Math.max(e[0], e[1]);
  },
};

const minimum: ElementwiseReference = {
  draw: [any, any],
  value: (x) => Math.min(x[0], x[1]),
  error(x, e) {
    if (x[0] + e[0] < x[1] - e[1]) return e[0];
    return x[1] + e[1] < x[0] - e[0] ? e[1] : Math.max(e[0], e[1]);
  },
};

/** True if a GPU may flush some value within `e` of `x` to 0. */
const mayBeSubnormal = (x: number, e: number) => Math.abs(x) - e < TINY;

/** True if a > b for all values within their errors, flushed or not. */
function surelyGreater(a: number, ea: number, b: number, eb: number): boolean {
  return a - ea > b + eb && !(mayBeSubnormal(a, ea) && mayBeSubnormal(b, eb));
}

const greater: ElementwiseReference = {
  draw: [any, any],
  value: (x) => (x[0] > x[1] ? 1 : 0),
  error: (x, e) => (x[0] + e[0] <= x[1] - e[1] || surelyGreater(x[0], e[0], x[1], e[1]) ? 0 : 1),
};

const choose: ElementwiseReference = {
  draw: [any, any, any],
  value: (x) => (x[0] > 0 ? x[1] : x[2]),
  error(x, e) {
    if (surelyGreater(x[0], e[0], 0, 0)) return e[1];
    if (x[0] + e[0] <= 0) return e[2];
    const [taken, other] = x[0] > 0 ? [1, 2] : [2, 1];
    return Math.max(e[taken], Math.abs(x[1] - x[2]) + e[other]);
  },
};

export const selection = { maximum, minimum, greater, choose };
