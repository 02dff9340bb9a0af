import { describe, expect, test } from 'vitest';
import { comparable, expectedImprovement, gaussianProcess } from '../../src/tune/gaussian-process.js';
import { cholesky, fitGaussianProcess, processOf } from '../../src/tune/gaussian-regression.js';
import { choice, integer, logUniform, random, uniform } from '../../src/tune.js';
import { testRefusals } from '../errors/refusals.js';
import { Random } from '../ops/random.js';
import { branin, learnFrom, lowest } from './learn-from.js';

const matern = (distance: number) => {
  const r = Math.sqrt(5) * distance;
  return (1 + r + (r * r) / 3) * Math.exp(-r);
};

describe('a Gaussian process', () => {
  test('of two values is what pencil and paper give', () => {
    const [noise, length] = [0.1, 0.5];
    const process = processOf([[0.2], [0.6]], [1, 3], [false], { lengths: [length], noise });
    // With a constant mean m = 2 the weights are ∓1 / (1 + noise - k), k being the covariance of the two.
    const k = matern(0.4 / length);
    const weight = 1 / (1 + noise + 1e-8 - k);
    const [first, second] = [matern(0.1 / length), matern(0.3 / length)];
    const variance = (weight + weight) / 2;
    const diagonal = 1 + noise + 1e-8;
    const explained = (diagonal * (first ** 2 + second ** 2) - 2 * k * first * second) / (diagonal * diagonal - k * k);
    const { mean, deviation } = process.at([0.3]);
    expect(mean).toBeCloseTo(2 + weight * (second - first), 12);
    expect(deviation).toBeCloseTo(Math.sqrt(variance * (1 - explained)), 12);
    expect(process.best(1)).toEqual([[0.2]]);
  });

  test('passes through values without noise, and believes what it expects', () => {
    const places = [
      [0.1, 0],
      [0.5, 1],
      [0.9, 0],
      [0.3, 1],
    ];
    const process = processOf(places, [3, 1, 4, 1], [false, true], { lengths: [0.3, 1], noise: 0 });
    for (const [i, each] of places.entries()) {
      expect(process.at(each).mean).toBeCloseTo([3, 1, 4, 1][i], 5);
      expect(process.at(each).deviation).toBeLessThan(1e-3);
    }
    const where = [0.7, 1];
    const before = process.at(where);
    const believing = process.believing(where);
    expect(before.deviation).toBeGreaterThan(0.1);
    expect(believing.at(where).mean).toBeCloseTo(before.mean, 5);
    expect(believing.at(where).deviation).toBeLessThan(1e-3);
  });

  test('finds out which dimensions matter, and how noisy the values are', () => {
    const drawn = new Random(3);
    const places = Array.from({ length: 40 }, () => [...drawn.floats(2, 0, 1)]);
    const values = places.map(([x]) => Math.sin(7 * x));
    const exact = fitGaussianProcess(places, values, [false, false]);
    expect(exact.lengths[1] / exact.lengths[0]).toBeGreaterThan(5);
    const noise = drawn.floats(40, -0.5, 0.5);
    const noisy = fitGaussianProcess(
      places,
      values.map((value, i) => value + noise[i]),
      [false, false],
    );
    expect(noisy.noise).toBeGreaterThan(20 * exact.noise);
  });
});

test('a matrix is the product of its factor and that transposed', () => {
  const a = [[4], [2, 5], [-1, 0.5, 3]];
  const factor = cholesky(a);
  const product = a.map((row, i) => row.map((_, j) => factor[j].reduce((sum, x, k) => sum + x * factor[i][k], 0)));
  for (const [i, row] of a.entries()) for (const [j, x] of row.entries()) expect(product[i][j]).toBeCloseTo(x, 14);
});

test('the expected improvement is the mean of what is above 0', () => {
  const [mean, deviation, steps] = [-0.3, 0.7, 20_000];
  let sum = 0;
  for (let i = 0; i < steps; i++) {
    const z = -8 + (16 * (i + 0.5)) / steps;
    sum += Math.max(0, mean + deviation * z) * Math.exp((-z * z) / 2) * (16 / steps);
  }
  expect(expectedImprovement(mean, deviation)).toBeCloseTo(sum / Math.sqrt(2 * Math.PI), 7);
  expect(expectedImprovement(2, 0)).toBe(2);
  expect(expectedImprovement(-2, 0)).toBe(0);
});

test('scores far above the others, and of what diverged, count as the highest that is not', () => {
  const scores = [1, 2, 3, 4, 1e9, Number.POSITIVE_INFINITY];
  const logs = comparable(scores);
  const fence = Math.log(4) + 1.5 * Math.log(4 / 2);
  expect(logs).toEqual([0, Math.log(2), Math.log(3), Math.log(4), fence, fence]);
  expect(comparable([-1, 1])).toEqual([-1, 1]);
  expect(comparable([Number.POSITIVE_INFINITY])).toEqual([0]);
});

describe('a search', () => {
  const space = { x: uniform(0, 1), y: uniform(0, 1) };

  test('with 16 trials ends below random search with 48, in 4 of 5 seeds', () => {
    const better = [1, 2, 3, 4, 5].filter((seed) => {
      const found = learnFrom(gaussianProcess({ batch: 2 }), { space, population: 16, seed, scoreAt: branin });
      return lowest(found) < lowest(learnFrom(random(), { space, population: 48, seed, scoreAt: branin }));
    });
    expect(better.length).toBeGreaterThanOrEqual(4);
  });

  test('in a space of rates, widths and words, where some diverge, comes within a few percent of the best', () => {
    const mixed = { rate: logUniform(1e-4, 10), width: integer(1, 64), kind: choice(['a', 'b', 'c']) };
    const scoreAt = ([rate, width, kind]: readonly (number | string)[]) => {
      if (Number(rate) > 1) return Number.NaN;
      const off = Math.log10(Number(rate) / 0.01) ** 2 + ((Number(width) - 40) / 40) ** 2;
      return 1 + off + (kind === 'b' ? 0 : 0.5);
    };
    const trials = learnFrom(gaussianProcess(), { space: mixed, population: 32, seed: 4, scoreAt });
    expect(lowest(trials)).toBeLessThan(1.05);
    expect(trials.length).toBe(32);
  });
});

testRefusals({
  'RangeError: gaussianProcess: start must be a positive integer, got 0': () => gaussianProcess({ start: 0 }),
  'RangeError: gaussianProcess: batch must be a positive integer, got 1.5': () => gaussianProcess({ batch: 1.5 }),
  "TypeError: gaussianProcess: unknown option 'gamma'; known: start, batch": () =>
    gaussianProcess({ gamma: 0.1 } as never),
});
