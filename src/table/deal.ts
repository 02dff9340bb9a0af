import { inPieces } from '../promises/turns.js';
import type { TableTask } from './task.js';

/**
 * Returns the rows in `order`, with the classes spread evenly, so that any run of them has each class in its share. Yields
 * wherever a caller may let others run.
 */
export function* deal(
  rows: Uint32Array,
  labels: Float64Array,
  { task, classes }: TableTask,
  order: Uint32Array,
): Generator<void, Uint32Array, void> {
  const shuffled = yield* pick(rows, order);
  if (task === 'number') return shuffled;
  const sizes = new Uint32Array(classes.length);
  yield* inPieces(shuffled.length, (start, end) => {
    for (let i = start; i < end; i++) sizes[labels[shuffled[i]]]++;
  });
  const seen = new Uint32Array(classes.length);
  const places = new Float64Array(shuffled.length);
  yield* inPieces(shuffled.length, (start, end) => {
    for (let i = start; i < end; i++) {
      const label = labels[shuffled[i]];
      places[i] = (seen[label]++ + 0.5) / sizes[label];
    }
  });
  return yield* pick(shuffled, yield* byPlace(places));
}

function* pick(from: Uint32Array, indices: Uint32Array): Generator<void, Uint32Array, void> {
  const picked = new Uint32Array(indices.length);
  yield* inPieces(indices.length, (start, end) => {
    for (let i = start; i < end; i++) picked[i] = from[indices[i]];
  });
  return picked;
}

/** Returns the indices of places in (0, 1), in ascending order of the places; equal ones as they stand. */
function* byPlace(places: Float64Array): Generator<void, Uint32Array, void> {
  const { length } = places;
  const cellOf = (i: number) => Math.floor(places[i] * length);
  const starts = new Uint32Array(length + 1);
  yield* inPieces(length, (start, end) => {
    for (let i = start; i < end; i++) starts[cellOf(i) + 1]++;
  });
  yield* inPieces(length, (start, end) => {
    for (let cell = start; cell < end; cell++) starts[cell + 1] += starts[cell];
  });
  const order = new Uint32Array(length);
  yield* inPieces(length, (start, end) => {
    for (let i = start; i < end; i++) order[starts[cellOf(i)]++] = i;
  });
  // Insertion sort moves an index within its cell only, which has one of each large class on average.
  yield* inPieces(length, (start, end) => {
    for (let i = start; i < end; i++) {
      const index = order[i];
      let at = i;
      for (; at > 0 && places[order[at - 1]] > places[index]; at--) order[at] = order[at - 1];
      order[at] = index;
    }
  });
  return order;
}
