import { inPieces } from '../promises/turns.js';

/** Values farther from the median than so many interquartile ranges are far from the others, and count for no mean and deviation. */
const FAR = 50;
/** The interquartile range of the normal distribution of deviation 1. */
export const NORMAL_RANGE = 1.349;

/**
 * Returns a sentence if some values are far from all others; yields wherever a caller may let others run.
 * @param all the values of a column, NaN where they are missing
 * @param sorted those that tell which are near
 */
export function* findingFar(name: string, all: Float64Array, sorted: Float64Array): Generator<void, string[], void> {
  const { median, range } = nearness(sorted);
  let [count, known, min, max] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  yield* inPieces(all.length, (start, end) => {
    for (const value of all.subarray(start, end)) {
      if (Number.isNaN(value)) continue;
      known++;
      if (Math.abs(value - median) <= range) continue;
      count++;
      if (value < min) min = value;
      if (value > max) max = value;
    }
  });
  if (range === 0 || count === 0) return [];
  const which = min === max ? `${min}` : `${min} to ${max}`;
  const [many, of] = [count, known].map((n) => n.toLocaleString('en'));
  return [`${many} of ${of} values of '${name}' ${count === 1 ? 'is' : 'are'} far from the others (${which})`];
}

/** Returns mean and deviation of sorted values, without those that are far from all others. */
export function* spreadOf(sorted: Float64Array): Generator<void, { mean: number; deviation: number }, void> {
  if (sorted.length === 0) return { mean: 0, deviation: 0 };
  const { median, range } = nearness(sorted);
  let [start, end] = [0, sorted.length];
  while (range > 0 && median - sorted[start] > range) start++;
  while (range > 0 && sorted[end - 1] - median > range) end--;
  const near = sorted.subarray(start, end);
  let sum = 0;
  yield* inPieces(near.length, (from, to) => {
    for (let i = from; i < to; i++) sum += near[i] - median;
  });
  const mean = sum / near.length + median;
  let squares = 0;
  yield* inPieces(near.length, (from, to) => {
    for (let i = from; i < to; i++) squares += (near[i] - mean) ** 2;
  });
  return { mean, deviation: Math.sqrt(squares / near.length) };
}

/** Returns the middle of sorted values, and the distance from it within which they are near; 0 if that cannot be told. */
const nearness = (sorted: Float64Array) => ({
  median: quantile(sorted, 0.5),
  range: FAR * (quantile(sorted, 0.75) - quantile(sorted, 0.25)),
});

/** Returns a quantile of sorted values; 0 for none. */
export function quantile(sorted: Float64Array, share: number): number {
  if (sorted.length === 0) return 0;
  const at = share * (sorted.length - 1);
  const below = sorted[Math.floor(at)];
  return below + (at - Math.floor(at)) * (sorted[Math.ceil(at)] - below);
}
