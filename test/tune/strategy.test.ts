import { expect, test } from 'vitest';
import { STREAMS } from '../../src/random/philox.js';
import { stateRandom } from '../../src/tune/strategy.js';

const draw = (key: readonly [number, number], round: number, count = 9) => {
  const random = stateRandom(key, round);
  return Array.from({ length: count }, random);
};

test('searches have a stream of their own', () => {
  expect(new Set(Object.values(STREAMS)).size).toBe(Object.keys(STREAMS).length);
});

// Computed by a Python program written from the doc comment alone.
test('the numbers are the recorded ones', () => {
  expect(draw([42, 0], 0, 6).map((x) => x * 2 ** 32)).toEqual([
    3802213143, 1537946625, 595563727, 2141265799, 513910143, 3870854094,
  ]);
  expect(draw([0x12345678, 0x9abcdef0], 3, 5).map((x) => x * 2 ** 32)).toEqual([
    2182077847, 3551266007, 1203882904, 3024069451, 3885264528,
  ]);
});

test('the same state draws the same numbers, another round or seed others', () => {
  expect(draw([1, 2], 3)).toEqual(draw([1, 2], 3));
  const others = [draw([1, 2], 4), draw([2, 2], 3), draw([1, 3], 3)];
  for (const other of others) for (const x of draw([1, 2], 3)) expect(other).not.toContain(x);
});
