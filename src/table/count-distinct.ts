/** Values that are sorted at once, and values that are merged at once: a few milliseconds of work. */
const PIECE = 2 ** 15;

/** A part of an array, from `start` to before `end`. */
interface Run {
  start: number;
  readonly end: number;
}

/**
 * Returns the number of different values, which it sorts. Yields wherever a caller may let others run.
 * @param values none of them NaN
 */
export function* countDistinct(values: Float64Array): Generator<void, number, void> {
  let runs: Run[] = [];
  for (let start = 0; start < values.length; start += PIECE) {
    const end = Math.min(start + PIECE, values.length);
    values.subarray(start, end).sort();
    runs.push({ start, end });
    yield;
  }
  let from: Float64Array = values;
  let to: Float64Array = new Float64Array(runs.length > 1 ? values.length : 0);
  while (runs.length > 1) {
    const merged: Run[] = [];
    for (let i = 0; i < runs.length; i += 2) {
      const start = merged.at(-1)?.end ?? 0;
      const pair = runs.slice(i, i + 2);
      let end = start;
      for (let more = true; more; yield) {
        const before = end;
        end = merge(from, pair, to, end);
        more = end - before === PIECE;
      }
      merged.push({ start, end });
    }
    [from, to, runs] = [to, from, merged];
  }
  return runs.length === 0 ? 0 : countSorted(from, runs[0]);
}

/** Writes the values of one or two sorted runs in order, some of them without those that occur in both; returns the end. */
function merge(from: Float64Array, [a, b]: readonly Run[], to: Float64Array, start: number): number {
  const most = start + PIECE;
  let at = start;
  while (at < most && a.start < a.end && b && b.start < b.end) {
    const x = from[a.start];
    const y = from[b.start];
    to[at++] = x < y ? x : y;
    if (x <= y) a.start++;
    if (y <= x) b.start++;
  }
  if (b && a.start < a.end && b.start < b.end) return at;
  const rest = b && b.start < b.end ? b : a;
  while (at < most && rest.start < rest.end) to[at++] = from[rest.start++];
  return at;
}

function countSorted(values: Float64Array, { start, end }: Run): number {
  let distinct = start < end ? 1 : 0;
  for (let i = start + 1; i < end; i++) if (values[i] !== values[i - 1]) distinct++;
  return distinct;
}
