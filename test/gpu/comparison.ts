import { firstDifference } from '../../src/debug/first-difference.js';
import type { Values } from '../../src/ops/tensor.js';
import { describeWorst, worst } from '../../src/reference/comparison.js';

/** Returns what is wrong with a result, by its worst element; an empty list if nothing is. */
export function complaintsOf(name: string, got: ArrayLike<number>, want: Values): string[] {
  if (got.length !== want.data.length) return [`${name}: ${got.length} elements instead of ${want.data.length}`];
  const found = worst(got, want);
  const open = found.unchecked ? [`${name}: ${found.unchecked} elements may overflow by the reference`] : [];
  return found.used <= 1 ? open : [describeWorst(name, want.cols, found), ...open];
}

/** Returns the first place at which two float results differ in a bit, see `firstDifference`; an empty list if there is none. */
export function differences(name: string, a: Uint32Array, b: Uint32Array): string[] {
  const index = firstDifference(a, b);
  if (index < 0) return [];
  return [`${name}: word ${index} of ${a.length} is ${a[index]?.toString(16)} and ${b[index]?.toString(16)}`];
}
