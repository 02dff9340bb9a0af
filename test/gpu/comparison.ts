import type { Values } from '../../src/ops/tensor.js';
import { describeWorst, worst } from '../../src/reference/comparison.js';

/** What is wrong with a result, or nothing: names the worst element. */
export function complaintsOf(name: string, got: ArrayLike<number>, want: Values): string[] {
  if (got.length !== want.data.length) return [`${name}: ${got.length} elements instead of ${want.data.length}`];
  const found = worst(got, want);
  return found.used <= 1 ? [] : [describeWorst(name, want.cols, found)];
}

/** The first place at which two results differ in a bit, or nothing. */
export function differences(name: string, a: Uint32Array, b: Uint32Array): string[] {
  const index = a.findIndex((word, i) => word !== b[i]);
  if (index < 0 && a.length === b.length) return [];
  return [`${name}: word ${index} of ${a.length} is ${a[index]?.toString(16)} and ${b[index]?.toString(16)}`];
}
