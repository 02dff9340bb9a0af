import { describe, expect, test } from 'vitest';
import { directionNumbers, SOBOL_DIMENSIONS, sobolPoints } from '../../src/tune/sobol.js';
import { stateRandom } from '../../src/tune/strategy.js';

const scrambled = (dimensions: number, count: number, seed: number) =>
  sobolPoints('test', dimensions, count, stateRandom([seed, 0], 0));
const plain = (dimensions: number, count: number) => sobolPoints('test', dimensions, count);

/** Returns the number of the interval, of 2^m of length 2^-m, in which x of [0, 1) lies. */
const interval = (x: number, m: number) => Math.floor(x * 2 ** m);

describe('without scrambling', () => {
  // Points 0 to 15, times 64, of scipy.stats.qmc.Sobol(21, scramble=False) of SciPy 1.17.1, which has the same table.
  const POINTS = [
    [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    [32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32],
    [48, 16, 16, 16, 48, 48, 16, 48, 48, 48, 48, 48, 16, 16, 48, 16, 48, 16, 48, 16, 16],
    [16, 48, 48, 48, 16, 16, 48, 16, 16, 16, 16, 16, 48, 48, 16, 48, 16, 48, 16, 48, 48],
    [24, 24, 40, 56, 24, 8, 24, 56, 56, 40, 56, 24, 24, 40, 24, 56, 24, 56, 56, 8, 8],
    [56, 56, 8, 24, 56, 40, 56, 24, 24, 8, 24, 56, 56, 8, 56, 24, 56, 24, 24, 40, 40],
    [40, 8, 56, 40, 40, 56, 8, 8, 8, 24, 8, 40, 8, 56, 40, 40, 40, 40, 8, 24, 24],
    [8, 40, 24, 8, 8, 24, 40, 40, 40, 56, 40, 8, 40, 24, 8, 8, 8, 8, 40, 56, 56],
    [12, 20, 60, 28, 36, 20, 28, 60, 60, 20, 44, 4, 60, 60, 52, 60, 52, 52, 60, 20, 12],
    [44, 52, 28, 60, 4, 52, 60, 28, 28, 52, 12, 36, 28, 28, 20, 28, 20, 20, 28, 52, 44],
    [60, 4, 44, 12, 20, 36, 12, 12, 12, 36, 28, 52, 44, 44, 4, 44, 4, 36, 12, 4, 28],
    [28, 36, 12, 44, 52, 4, 44, 44, 44, 4, 60, 20, 12, 12, 36, 12, 36, 4, 44, 36, 60],
    [20, 12, 20, 36, 60, 28, 4, 4, 4, 60, 20, 28, 36, 20, 44, 4, 44, 12, 4, 28, 4],
    [52, 44, 52, 4, 28, 60, 36, 36, 36, 28, 52, 60, 4, 52, 12, 36, 12, 44, 36, 60, 36],
    [36, 28, 4, 52, 12, 44, 20, 52, 52, 12, 36, 44, 52, 4, 28, 20, 28, 28, 52, 12, 20],
    [4, 60, 36, 20, 44, 12, 52, 20, 20, 44, 4, 12, 20, 36, 60, 52, 60, 60, 20, 44, 52],
  ];

  test('the first points are the published ones', () => {
    expect(plain(SOBOL_DIMENSIONS, 16).map((point) => point.map((x) => x * 64))).toEqual(POINTS);
  });

  // Further ones, times 4096, by the same program: these depend on the recurrence, not on the table alone.
  test.each([
    [77, '3424 3424 32 3168 3424 2080 928 2656 736 1760 544 3232 2016 1376 4064 288 3360 3616 3232 32 608'],
    [1000, '900 396 2124 2772 1148 3716 188 3684 2052 284 348 1044 660 1572 588 1516 2948 1412 4060 2972 2140'],
    [4095, '1 3855 1369 3693 3851 323 3889 1601 785 1009 2333 1317 1511 2129 2257 1707 255 2495 3331 2135 925'],
  ])('so is point %i', (i, point) => {
    expect(
      plain(SOBOL_DIMENSIONS, i + 1)
        [i].map((x) => x * 4096)
        .join(' '),
    ).toBe(point);
  });

  test('the direction numbers are odd multiples of 2^(32 - k), so that every dimension is a net', () => {
    for (let dimension = 0; dimension < SOBOL_DIMENSIONS; dimension++) {
      for (const [k, v] of directionNumbers(dimension).entries()) expect((v / 2 ** (31 - k)) % 2).toBe(1);
    }
  });
});

/** The points of one kind, and of several seeds. */
const SEQUENCES: [name: string, points: (dimensions: number, count: number) => number[][]][] = [
  ['plain', plain],
  ...[0, 1, 42].map((seed): [string, typeof plain] => [`seed ${seed}`, (dims, count) => scrambled(dims, count, seed)]),
];

describe.each(SEQUENCES)('%s', (_, points) => {
  test.each([0, 1, 2, 3, 5, 8, 10])('of the first 2^%i points every interval of every dimension holds one', (m) => {
    const all = points(SOBOL_DIMENSIONS, 2 ** m);
    for (let dimension = 0; dimension < SOBOL_DIMENSIONS; dimension++) {
      expect(new Set(all.map((point) => interval(point[dimension], m))).size).toBe(2 ** m);
    }
  });

  test.each([1, 4, 7, 10])(
    'of the first 2^%i points every elementary rectangle of the first two dimensions holds one',
    (m) => {
      const all = points(2, 2 ** m);
      for (let wide = 0; wide <= m; wide++) {
        const boxes = all.map(([x, y]) => interval(x, wide) * 2 ** (m - wide) + interval(y, m - wide));
        expect(new Set(boxes).size).toBe(2 ** m);
      }
    },
  );

  test('all points lie in [0, 1) and are multiples of 2^-32', () => {
    for (const x of points(SOBOL_DIMENSIONS, 300).flat()) {
      expect(x >= 0 && x < 1 && Number.isInteger(x * 2 ** 32)).toBe(true);
    }
  });

  test('more points begin with the same ones', () => {
    expect(points(3, 100).slice(0, 37)).toEqual(points(3, 37));
  });
});

test('the same seed gives the same points, another one others', () => {
  expect(scrambled(5, 64, 7)).toEqual(scrambled(5, 64, 7));
  const [a, b] = [scrambled(5, 64, 7), scrambled(5, 64, 8)];
  for (const [i, point] of a.entries()) for (const [d, x] of point.entries()) expect(x).not.toBe(b[i][d]);
});

test('scrambling is a linear map of the digits and a shift, in every dimension its own', () => {
  const word = (x: number) => x * 2 ** 32;
  const [before, after] = [plain(4, 64), scrambled(4, 64, 5)];
  const matrices: number[][] = [];
  for (let d = 0; d < 4; d++) {
    const image = new Map(before.map((point, i) => [word(point[d]), word(after[i][d])]));
    const shift = image.get(0) ?? Number.NaN;
    const column = (digit: number) => ((image.get(2 ** (31 - digit)) ?? Number.NaN) ^ shift) >>> 0;
    const columns = Array.from({ length: 6 }, (_, digit) => column(digit));
    for (const [x, y] of image) {
      const sum = columns.reduce((sum, each, digit) => (x & (2 ** (31 - digit)) ? sum ^ each : sum), shift);
      expect(sum >>> 0).toBe(y);
    }
    // Lower triangular: a digit reaches itself and those after it, and not only itself.
    for (const [digit, each] of columns.entries()) expect(Math.clz32(each)).toBe(digit);
    // Below the diagonal each has words of its own, neither all zeros nor all ones.
    const below = columns.map((each, digit) => each % 2 ** (31 - digit));
    for (const [digit, each] of below.entries()) expect(each > 0 && each < 2 ** (31 - digit) - 1).toBe(true);
    matrices.push(columns);
  }
  expect(new Set(matrices.flat()).size).toBe(4 * 6);
  expect(new Set(after[0]).size).toBe(4);
});

test('every digit of the points is 0 or 1 equally often, whatever the point', () => {
  const seeds = Array.from({ length: 1000 }, (_, seed) => scrambled(1, 4, seed).map(([x]) => x * 2 ** 32));
  for (let i = 0; i < 4; i++) {
    for (let digit = 0; digit < 32; digit++) {
      const ones = seeds.filter((points) => points[i] & (2 ** digit)).length;
      // 5 standard deviations of 1000 fair coins: 128 digits stay within but once in 10^4 choices of seeds.
      expect(Math.abs(ones - 500)).toBeLessThan(5 * Math.sqrt(250));
    }
  }
});

test('22 dimensions are refused', () => {
  expect(plain(21, 1)).toHaveLength(1);
  expect(() => plain(22, 1)).toThrow(
    new RangeError('test: Sobol points have at most 21 dimensions, but the space has 22'),
  );
});

test('no dimensions and no points', () => {
  expect(plain(0, 2)).toEqual([[], []]);
  expect(plain(3, 0)).toEqual([]);
});
