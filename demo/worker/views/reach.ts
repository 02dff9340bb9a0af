import type { Reach } from '../../contract/view-facts.js';
import type { LoadedData } from '../data/loaded-data.js';

/** Aspect ratio of the plane on the page. */
const ASPECT = 4 / 3;
/** Margin around the examples, as a share of their extent. */
const MARGIN = 0.12;
/** Share of the examples that may lie beyond each side: a few far ones would make all others small. */
const BEYOND = 0.01;

/** Returns the part of the plane that contains nearly all examples; edits of points do not move it. */
export function reachOf({ train, unedited = train, validation }: LoadedData): Reach {
  const values = [...unedited.x, ...validation.x];
  const [left, right] = bulk(values, 0);
  const [bottom, top] = bulk(values, 1);
  const height = Math.max(top - bottom, (right - left) / ASPECT, 1e-6) * (1 + 2 * MARGIN);
  const [x, y] = [(left + right) / 2, (bottom + top) / 2];
  const width = height * ASPECT;
  return { left: x - width / 2, right: x + width / 2, bottom: y - height / 2, top: y + height / 2 };
}

/** Returns the range of nearly all values of a column, 0 or 1. */
function bulk(values: readonly number[], column: 0 | 1): [number, number] {
  const sorted = values.filter((_, i) => i % 2 === column).sort((a, b) => a - b);
  const out = Math.floor(BEYOND * sorted.length);
  return [sorted[out], sorted[sorted.length - 1 - out]];
}

/** Returns the smallest and the largest value of a column of arrays [rows, columns]. */
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

/** Returns the points of a grid over the plane, [rows * columns, 2], from the top left. */
export function placesOf({ left, right, bottom, top }: Reach, columns: number, rows: number): Float32Array {
  return Float32Array.from({ length: columns * rows * 2 }, (_, i) => {
    const place = i >> 1;
    if (i % 2 === 0) return left + ((right - left) * ((place % columns) + 0.5)) / columns;
    return top - ((top - bottom) * (Math.floor(place / columns) + 0.5)) / rows;
  });
}

/** Returns points along the line of one feature, a little beyond the examples. */
export function lineOf(data: LoadedData, count: number): Float32Array {
  const { left, right } = lineReach(data);
  return Float32Array.from({ length: count }, (_, i) => left + ((right - left) * i) / (count - 1));
}

/** Returns the part of the picture of one feature, and of the numbers to learn, that contains all examples. */
export function lineReach({ train, unedited = train, validation }: LoadedData): Reach {
  const around = ([least, most]: readonly [number, number]) => {
    const beyond = 0.15 * (most - least || 1);
    return [least - beyond, most + beyond] as const;
  };
  const [left, right] = around(extent([unedited.x, validation.x], 0, 1));
  const [bottom, top] = around(extent([unedited.y, validation.y], 0, 1));
  return { left, right, bottom, top };
}
