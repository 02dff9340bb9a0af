import type { Values } from '../ops/tensor.js';
import { saturated, UNKNOWN } from './rounding.js';

/** The element of a result with the largest error relative to its bound. */
export interface Worst {
  /** |got - want| / allowed: above 1 the result is wrong; -1 if no element could be checked. */
  readonly used: number;
  readonly index: number;
  readonly got: number;
  readonly want: number;
  readonly allowed: number;
  /** Elements that were not checked: within their bounds, they may be beyond the range of float32. */
  readonly unchecked: number;
}

/** True if element `index` cannot be checked: within its bound, it may be beyond the range of float32. */
export function mayOverflow({ data, error }: Values, index: number): boolean {
  return saturated(data[index], error?.[index] ?? 0) === UNKNOWN;
}

/** Compares a GPU's result with the reference; returns the worst element of those that can be checked. */
export function worst(got: ArrayLike<number>, values: Values): Worst {
  const { data, error } = values;
  let found = { used: -1, index: -1, got: Number.NaN, want: Number.NaN, allowed: 0 };
  let unchecked = 0;
  for (let index = 0; index < data.length; index++) {
    if (mayOverflow(values, index)) {
      unchecked++;
      continue;
    }
    const want = data[index];
    const allowed = error?.[index] ?? 0;
    const off = Math.abs(got[index] - want);
    // NaN is never within a bound, and only 0 is within 0.
    const used = off <= allowed ? off / (allowed || 1) : off / allowed || Infinity;
    if (used > found.used) found = { used, index, got: got[index], want, allowed };
  }
  return { ...found, unchecked };
}

/** Says in words which element is worst, its value, and the value it should have. */
export function describeWorst(name: string, cols: number, { index, got, want, allowed, used }: Worst): string {
  const place = `[${Math.floor(index / cols)}, ${index % cols}]`;
  return `${name}${place} is ${got}, not ${want} ± ${allowed} (${used.toPrecision(3)} times the bound)`;
}
