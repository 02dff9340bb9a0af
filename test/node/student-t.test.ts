import { expect, test } from 'vitest';
import { meanAndDeviation, meanInterval, studentQuantile, studentWithin } from '../witness/reproduce/student-t.js';

// Abramowitz and Stegun, table 26.10: 95 % and 99 %, two-sided.
test.each([
  [1, 12.706, 63.657],
  [2, 4.303, 9.925],
  [3, 3.182, 5.841],
  [4, 2.776, 4.604],
  [5, 2.571, 4.032],
  [9, 2.262, 3.25],
  [10, 2.228, 3.169],
  [29, 2.045, 2.756],
  [120, 1.98, 2.617],
])('%i degrees of freedom', (df, at95, at99) => {
  expect(studentQuantile(0.95, df)).toBeCloseTo(at95, 3);
  expect(studentQuantile(0.99, df)).toBeCloseTo(at99, 3);
  expect(studentWithin(studentQuantile(0.95, df), df)).toBeCloseTo(0.95, 12);
  expect(studentWithin(0, df)).toBe(0);
});

test('the interval of a sample is its mean and t standard errors', () => {
  // mean 3, deviation sqrt(10 / 4), standard error sqrt(0.5), t(4) = 2.776445
  expect(meanAndDeviation([1, 2, 3, 4, 5])).toEqual({ mean: 3, deviation: Math.sqrt(2.5) });
  const [low, high] = meanInterval([1, 2, 3, 4, 5], 0.95);
  expect(low).toBeCloseTo(3 - 2.776445 * Math.sqrt(0.5), 5);
  expect(high).toBeCloseTo(3 + 2.776445 * Math.sqrt(0.5), 5);
  expect(meanInterval([2, 2, 2], 0.95)).toEqual([2, 2]);
});
