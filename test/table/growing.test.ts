import { expect, test } from 'vitest';
import { Growing } from '../../src/table/growing.js';

test.each([0, 1, 255, 256, 257, 65_535, 65_536, 65_537, 200_000])('%i numbers', (length) => {
  const numbers = new Growing(Float64Array);
  const want = Float64Array.from({ length }, (_, i) => 3 * i - 1);
  for (const value of want) numbers.push(value);
  expect(numbers.length).toBe(length);
  expect(numbers.whole()).toEqual(want);
  expect(numbers.whole()).toBe(numbers.whole());
  for (const i of [0, 255, 256, 65_535, 65_536, length - 1])
    if (i >= 0 && i < length) expect(numbers.at(i)).toBe(want[i]);
  numbers.push(7); // after all are one array
  expect(numbers.at(length)).toBe(7);
  expect(numbers.whole()).toEqual(Float64Array.from([...want, 7]));
});
