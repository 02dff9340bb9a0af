import type { Reach } from '../../contract/protocol.js';
import type { LoadedData } from '../data/loaded-data.js';

/** Of the plane's sides, as the page draws it. */
const ASPECT = 4 / 3;
/** What is shown around the examples, as a share of their extent. */
const MARGIN = 0.12;
/** So many of the examples may lie beyond each side, before the margin: a few far ones would make all others small. */
const BEYOND = 0.01;

/** What is to be shown of the plane, so that nearly all examples are in it. */
export function reachOf({ train, validation }: LoadedData): Reach {
  const [left, right] = bulk([...train.x, ...validation.x], 0);
  const [bottom, top] = bulk([...train.x, ...validation.x], 1);
  const height = Math.max(top - bottom, (right - left) / ASPECT, 1e-6) * (1 + 2 * MARGIN);
  const [x, y] = [(left + right) / 2, (bottom + top) / 2];
  const width = height * ASPECT;
  return { left: x - width / 2, right: x + width / 2, bottom: y - height / 2, top: y + height / 2 };
}

/** Between which values nearly all of a column of two lies. */
function bulk(values: readonly number[], column: 0 | 1): [number, number] {
  const sorted = values.filter((_, i) => i % 2 === column).sort((a, b) => a - b);
  const out = Math.floor(BEYOND * sorted.length);
  return [sorted[out], sorted[sorted.length - 1 - out]];
}

/** The least and the largest of a column of arrays [rows, columns]. */
export function extent(arrays: readonly ArrayLike<number>[], column: number, columns: number): [number, number] {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const values of arrays) {
    for (let i = column; i < values.length; i += columns) {
      least = Math.min(least, values[i]);
      most = Math.max(most, values[i]);
    }
  }
  return [least, most];
}

/** The places of a grid over the plane, [rows * columns, 2], from the top left. */
export function placesOf({ left, right, bottom, top }: Reach, columns: number, rows: number): Float32Array {
  return Float32Array.from({ length: columns * rows * 2 }, (_, i) => {
    const place = i >> 1;
    if (i % 2 === 0) return left + ((right - left) * ((place % columns) + 0.5)) / columns;
    return top - ((top - bottom) * (Math.floor(place / columns) + 0.5)) / rows;
  });
}

/** Places along the line of one feature, a little farther than the examples go. */
export function lineOf({ train, validation }: LoadedData, count: number): Float32Array {
  const [least, most] = extent([train.x, validation.x], 0, 1);
  const beyond = 0.15 * (most - least || 1);
  return Float32Array.from(
    { length: count },
    (_, i) => least - beyond + ((most - least + 2 * beyond) * i) / (count - 1),
  );
}
