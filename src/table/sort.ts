/** Numbers that are sorted at once, and numbers that are merged at once: a few milliseconds of work. */
const PIECE = 2 ** 15;

/** A part of an array, from `start` to before `end`. */
interface Run {
  start: number;
  readonly end: number;
}

/**
 * Sorts numbers in ascending order, and returns the array that holds them: `values`, or another one. Yields wherever a caller may
 * let others run. -0 comes before 0.
 * @param values none of them NaN
 */
export function* sort(values: Float64Array): Generator<void, Float64Array, void> {
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
      const [a, b = { start: a.end, end: a.end }] = runs.slice(i, i + 2);
      const run = { start: a.start, end: b.end };
      for (let at = run.start; at < run.end; at += PIECE) {
        merge(from, [a, b], to.subarray(at, Math.min(at + PIECE, run.end)));
        yield;
      }
      merged.push(run);
    }
    [from, to, runs] = [to, from, merged];
  }
  return from;
}

/** Fills `to` with the next numbers of two runs, in order. */
function merge(from: Float64Array, [a, b]: readonly [Run, Run], to: Float64Array): void {
  for (let at = 0; at < to.length; at++) {
    const isOfA = b.start >= b.end || (a.start < a.end && isBefore(from[a.start], from[b.start]));
    to[at] = from[isOfA ? a.start++ : b.start++];
  }
}

/** Returns true unless `y` comes before `x`. */
function isBefore(x: number, y: number): boolean {
  return x < y || (x === y && (x !== 0 || Object.is(x, -0) || Object.is(y, 0)));
}
