import type { ElementwiseReference, OwnReference, Place } from '../ops/tensor.js';
import { any } from './draws.js';
import { rounded, UNKNOWN } from './rounding.js';

/**
 * Returns the largest distance from `y` of the values at the corners, the middles of edges and faces, and the centre of the
 * box of all inputs within `e` of `x`; NaN if one of them is.
 */
function reach({ value }: OwnReference, x: ArrayLike<number>, e: ArrayLike<number>, y: number, at: Place): number {
  const moved = Float64Array.from(x);
  let furthest = 0;
  const visit = (operand: number) => {
    if (operand === x.length) {
      furthest = Math.max(furthest, Math.abs(value(moved, at) - y));
      return;
    }
    for (const side of e[operand] === 0 ? [0] : [-1, 0, 1]) {
      moved[operand] = x[operand] + side * e[operand];
      visit(operand + 1);
    }
  };
  visit(0);
  return furthest;
}

/**
 * Returns the reference that an op brings, with what it leaves out. Its bound is then twice the distance of the values
 * around an input, since the furthest one may lie between those looked at, and `ulps` units in the last place: too little
 * for an op that turns back within the errors of its inputs, which needs an `error` of its own.
 */
export function completed(own: OwnReference): ElementwiseReference {
  const { ulps = 1 } = own;
  return {
    ...own,
    draw: own.draw.map((draw) => draw ?? any),
    error:
      own.error ??
      ((x, e, y, at) =>
        Array.prototype.includes.call(e, UNKNOWN) ? UNKNOWN : rounded(y, 2 * reach(own, x, e, y, at), ulps)),
  };
}
