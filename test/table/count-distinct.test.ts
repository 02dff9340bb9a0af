import { expect, test } from 'vitest';
import { atOnce } from '../../src/promises/turns.js';
import { countDistinct } from '../../src/table/count-distinct.js';

test.each([
  ['nothing', 0, () => 0],
  ['one value', 3, () => 7],
  ['both zeros', 4, (i: number) => (i % 2 ? 0 : -0)],
  ['infinity', 5, (i: number) => [1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY][i % 3]],
  ['values in several pieces', 600_000, (i: number) => (i * 7919) % 100_003],
  ['as many values as rows', 300_000, (i: number) => Math.sin(i)],
])('counts different values: %s', (_, length, value) => {
  const values = Float64Array.from({ length }, (_, i) => value(i));
  expect(atOnce(countDistinct(values.slice()))).toBe(new Set(values).size);
});
