/** The middle of some measurements, and their ends. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** @throws RangeError if there is nothing to take the middle of */
export function spreadOf(values: readonly number[]): Spread {
  if (values.length === 0) throw new RangeError('spreadOf: there are no values');
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  const median = sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  return { median, min: sorted[0], max: sorted[sorted.length - 1] };
}

/** The times of an engine; nothing for an engine that is wrong. */
export interface Timed {
  readonly milliseconds?: Spread;
  readonly gflops?: number;
  /** Its time over that of another, round by round. */
  readonly ratio?: Spread;
}

/** Returns the spread of times in milliseconds, in each of which `flops` operations were done, beside other times. */
export function timed(own: readonly number[] | undefined, flops: number, beside?: readonly number[]): Timed {
  if (!own) return {};
  const milliseconds = spreadOf(own);
  return { milliseconds, gflops: flops / milliseconds.median / 1e6, ...(beside && { ratio: ratioOf(own, beside) }) };
}

/** The spread of theirs / ours, round by round: what was slow for a moment was slow for both. */
export function ratioOf(theirs: readonly number[], ours: readonly number[]): Spread {
  return spreadOf(theirs.map((time, round) => time / ours[round]));
}
