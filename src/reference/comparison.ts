import type { Values } from '../ops/tensor.js';

/** The element of a result with the largest error relative to its bound. */
export interface Worst {
  /** |got - want| / allowed: above 1 the result is wrong. */
  readonly used: number;
  readonly index: number;
  readonly got: number;
  readonly want: number;
  readonly allowed: number;
}

/** Compares a GPU's result with the reference; returns the worst element. */
export function worst(got: ArrayLike<number>, { data, error }: Values): Worst {
  let found: Worst = { used: -1, index: -1, got: Number.NaN, want: Number.NaN, allowed: 0 };
  for (let index = 0; index < data.length; index++) {
    const want = data[index];
    const allowed = error?.[index] ?? 0;
    const off = Math.abs(got[index] - want);
    // NaN is never within a bound, only 0 is within 0, and an infinite bound never counts as met.
    const used = off <= allowed && allowed < Infinity ? off / (allowed || 1) : off / allowed || Infinity;
    if (used > found.used) found = { used, index, got: got[index], want, allowed };
  }
  return found;
}

/** Says in words which element is worst, its value, and the value it should have. */
export function describeWorst(name: string, cols: number, { index, got, want, allowed, used }: Worst): string {
  const place = `[${Math.floor(index / cols)}, ${index % cols}]`;
  return `${name}${place} is ${got}, not ${want} ± ${allowed} (${used.toPrecision(3)} times the bound)`;
}
