import type { Values } from '../../src/ops/op.js';

/** The element of a result that uses most of its bound. */
export interface Worst {
  /** |got - want| / allowed: above 1 the result is wrong. */
  readonly used: number;
  readonly index: number;
  readonly got: number;
  readonly want: number;
  readonly allowed: number;
}

/** Compares a GPU's result with what the reference says and allows. */
export function worst(got: ArrayLike<number>, { data, error }: Values): Worst {
  let found: Worst = { used: -1, index: -1, got: Number.NaN, want: Number.NaN, allowed: 0 };
  for (let index = 0; index < data.length; index++) {
    const want = data[index];
    const allowed = error?.[index] ?? 0;
    const off = Math.abs(got[index] - want);
    // NaN is never within a bound, nothing but 0 is within 0, and what has no bound is not checked at all.
    const used = off <= allowed && allowed < Infinity ? off / (allowed || 1) : off / allowed || Infinity;
    if (used > found.used) found = { used, index, got: got[index], want, allowed };
  }
  return found;
}

/** What is wrong with a result, or nothing: names the worst element. */
export function complaintsOf(name: string, got: ArrayLike<number>, want: Values): string[] {
  if (got.length !== want.data.length) return [`${name}: ${got.length} elements instead of ${want.data.length}`];
  const { used, index, got: g, want: w, allowed } = worst(got, want);
  if (used <= 1) return [];
  const place = `[${Math.floor(index / want.cols)}, ${index % want.cols}]`;
  return [`${name}${place} is ${g}, not ${w} ± ${allowed} (${used.toPrecision(3)} times the bound)`];
}

/** The first place at which two results differ in a bit, or nothing. */
export function differences(name: string, a: Uint32Array, b: Uint32Array): string[] {
  const index = a.findIndex((word, i) => word !== b[i]);
  if (index < 0 && a.length === b.length) return [];
  return [`${name}: word ${index} of ${a.length} is ${a[index]?.toString(16)} and ${b[index]?.toString(16)}`];
}
