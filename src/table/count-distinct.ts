/** Values that are sorted at once, in some ten milliseconds. */
const PIECE = 2 ** 18;

/**
 * Returns the number of different values. Yields after every piece of a long array, so that a caller may let others run.
 * @param values none of them NaN
 */
export function* countDistinct(values: Float64Array): Generator<void, number, void> {
  const sorted = values.slice();
  const ends: number[] = [];
  for (let start = 0; start < sorted.length; start += PIECE) {
    ends.push(Math.min(start + PIECE, sorted.length));
    sorted.subarray(start, start + PIECE).sort();
    yield;
  }
  // The smallest value of all pieces is dropped from each of them, again and again.
  const at = ends.map((_, piece) => piece * PIECE);
  for (let distinct = 0; ; distinct++) {
    let least = Number.POSITIVE_INFINITY;
    let isOver = true;
    for (let piece = 0; piece < ends.length; piece++) {
      if (at[piece] === ends[piece]) continue;
      isOver = false;
      if (sorted[at[piece]] < least) least = sorted[at[piece]];
    }
    if (isOver) return distinct;
    for (let piece = 0; piece < ends.length; piece++) {
      while (at[piece] < ends[piece] && sorted[at[piece]] === least) at[piece]++;
    }
    if (distinct % PIECE === PIECE - 1) yield;
  }
}
