import { expect, test } from 'vitest';
import { permutation } from '../../src/random/permutation.js';
import type { Key } from '../../src/random/philox.js';

const KEY: Key = [42, 0];

test.each([0, 1, 2, 3, 61, 64, 1000])('permutation of %i holds every index once', (n) => {
  expect([...permutation(n, KEY, 3)].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
});

// Computed by a Python program written from the doc comment alone.
test('permutation is the recorded one', () => {
  expect([...permutation(16, KEY, 0)]).toEqual([3, 13, 1, 8, 12, 14, 7, 10, 9, 4, 5, 2, 11, 6, 0, 15]);
  expect([...permutation(16, KEY, 1)]).toEqual([7, 5, 13, 12, 4, 14, 11, 6, 3, 2, 8, 9, 1, 10, 0, 15]);
  expect([...permutation(10, [0x12345678, 0x9abcdef0], 7)]).toEqual([0, 7, 2, 1, 4, 8, 9, 6, 5, 3]);
});

test('permutation skips the words that would favour small indices', () => {
  // Here 4 words are skipped: a program that skips none gets another sum.
  const sum = permutation(200_000, [7, 0], 5).reduce((hash, index) => (Math.imul(hash, 31) + index) >>> 0, 0);
  expect(sum).toBe(2_747_747_490);
});

test('all 120 permutations of 5 are equally frequent', () => {
  const counts = new Map<string, number>();
  for (let epoch = 0; epoch < 12_000; epoch++) {
    const order = permutation(5, KEY, epoch).join();
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(120);
  const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - 100) ** 2 / 100, 0);
  // Quantiles 0.001 and 0.999 of chi-square with 119 degrees of freedom.
  expect(chiSquare).toBeGreaterThan(76.0);
  expect(chiSquare).toBeLessThan(172.7);
});

test.each([
  [-1, 0, 'permutation: n must be an integer in [0, 4294967295], got -1'],
  [1.5, 0, 'permutation: n must be an integer in [0, 4294967295], got 1.5'],
  [4, -1, 'permutation: epoch must be an integer in [0, 4294967295], got -1'],
  [4, 2 ** 32, 'permutation: epoch must be an integer in [0, 4294967295], got 4294967296'],
])('permutation(%d, key, %d) is refused', (n, epoch, message) => {
  expect(() => permutation(n, KEY, epoch)).toThrow(new RangeError(message));
});
