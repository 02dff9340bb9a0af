import { expect, test } from 'vitest';
import { frequencies, parzen } from '../../src/tune/tpe.js';
import { random, tpe, uniform } from '../../src/tune.js';
import { testRefusals } from '../errors/refusals.js';
import { Random } from '../ops/random.js';
import { learnFrom, lowest } from './learn-from.js';

const drawn = new Random(1);
const next = () => drawn.floats(1, 0, 1)[0];

test('an estimate of places is a density on [0, 1], high where places are', () => {
  const estimate = parzen([0.2, 0.22, 0.9]);
  const steps = 2000;
  let sum = 0;
  for (let i = 0; i < steps; i++) sum += estimate.density((i + 0.5) / steps) / steps;
  expect(sum).toBeCloseTo(1, 5);
  expect(estimate.density(0.2)).toBeGreaterThan(estimate.density(0.55));
  const draws = Array.from({ length: 4000 }, () => estimate.draw(next));
  for (const place of draws) expect(place >= 0 && place <= 1).toBe(true);
  let below = 0;
  for (let i = 0; i < steps * 0.4; i++) below += estimate.density((i + 0.5) / steps) / steps;
  const share = draws.filter((place) => place < 0.4).length / draws.length;
  expect(Math.abs(share - below)).toBeLessThan(6 * Math.sqrt((below * (1 - below)) / draws.length));
});

test('the part of width 1 around the middle stays where a place is in the middle too', () => {
  const estimate = parzen([0.5]);
  // Of two parts with the widths 1 and 0.5; with two of 0.5 it would be 0.62.
  expect(estimate.density(0.99) / estimate.density(0.5)).toBeCloseTo(0.745, 3);
});

test('an estimate of a choice has one more, spread over all', () => {
  const estimate = frequencies([2, 2, 0], 4);
  expect([0, 1, 2, 3].map((place) => estimate.density(place))).toEqual([1.25 / 4, 0.25 / 4, 2.25 / 4, 0.25 / 4]);
  const draws = Array.from({ length: 4000 }, () => estimate.draw(next));
  const share = draws.filter((place) => place === 2).length / draws.length;
  expect(Math.abs(share - 2.25 / 4)).toBeLessThan(6 * Math.sqrt(0.25 / draws.length));
});

test('finds more than random search with as many trials, in 9 of 10 seeds', () => {
  const space = Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [name, uniform(0, 1)]));
  const scoreAt = (values: readonly (number | string)[]) =>
    values.reduce<number>((sum, x, i) => sum + (Number(x) - 0.2 * (i + 1)) ** 2, 0);
  const better = Array.from({ length: 10 }, (_, seed) => {
    const found = learnFrom(tpe(), { space, population: 60, seed, scoreAt });
    return lowest(found) < lowest(learnFrom(random(), { space, population: 60, seed, scoreAt }));
  });
  expect(better.filter(Boolean).length).toBeGreaterThanOrEqual(9);
});

testRefusals({
  'RangeError: tpe: gamma must be a number in (0, 1), got 1': () => tpe({ gamma: 1 }),
  'RangeError: tpe: candidates must be a positive integer, got 0': () => tpe({ candidates: 0 }),
  "TypeError: tpe: unknown option 'eta'; known: start, batch, gamma, candidates": () => tpe({ eta: 3 } as never),
});
