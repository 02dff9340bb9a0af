import { expect, test } from 'vitest';
import { checkSpace, type Space } from '../../src/tune/space.js';
import { choice, edgesOf, importanceOf, integer, logUniform, random, sobol, uniform } from '../../src/tune.js';
import { learnFrom } from './learn-from.js';

const asJson = (space: Space) => JSON.parse(JSON.stringify(checkSpace('test', space)));

test('the best trial lies at the ends of these ranges', () => {
  const space = asJson({
    l2: logUniform(1e-6, 1e-2),
    dropout: [uniform(0, 0.8), uniform(0.1, 0.8)],
    units: integer(1, 100),
    depth: integer(1, 3),
    kind: choice([1, 2]),
    batch: 32,
  });
  const at = (l2: number, dropout: number[], units: number, depth: number) =>
    edgesOf({ space, bestConfig: { l2, dropout, units, depth, kind: 1, batch: 32 } }).map(
      ({ name, end, bound }) => `${name} ${end} ${bound}`,
    );
  expect(at(1e-4, [0.4, 0.4], 50, 2)).toEqual([]);
  expect(at(1.1e-6, [0, 0.11], 100, 1)).toEqual([
    'l2 low 0.000001',
    'dropout[1] low 0.1',
    'units high 100',
    'depth low 1',
  ]);
  expect(at(1e-2, [0.79, 0.8], 2, 3)).toEqual([
    'l2 high 0.01',
    'dropout[0] high 0.8',
    'dropout[1] high 0.8',
    'units low 1',
    'depth high 3',
  ]);
  expect(edgesOf({ space, bestConfig: null })).toEqual([]);
});

test('a dimension matters as much as the variance that it explains', () => {
  const space = { a: uniform(0, 1), b: uniform(0, 1), c: choice(['x', 'y']), d: uniform(0, 1) };
  const sought = { space, population: 64, seed: 2 };
  // The variances are 9/12, 1/12 and 1/4; nothing plays together.
  const scoreAt = ([a, b, c]: readonly (number | string)[]) => 3 * Number(a) + Number(b) + (c === 'x' ? 1 : 0) - 9;
  const found = importanceOf({ space: asJson(space), trials: learnFrom(sobol(), { ...sought, scoreAt }) });
  const all = 9 / 12 + 1 / 12 + 1 / 4;
  expect(found?.a).toBeCloseTo(9 / 12 / all, 1);
  expect(found?.b).toBeCloseTo(1 / 12 / all, 1);
  expect(found?.c).toBeCloseTo(1 / 4 / all, 1);
  expect(found?.d).toBeLessThan(0.02);
});

test('dimensions that matter only together explain little alone', () => {
  const space = { a: uniform(-1, 1), b: uniform(-1, 1) };
  const scoreAt = ([a, b]: readonly (number | string)[]) => Number(a) * Number(b) - 9;
  const trials = learnFrom(sobol(), { space, population: 64, seed: 2, scoreAt });
  const found = importanceOf({ space: asJson(space), trials });
  expect((found?.a ?? 1) + (found?.b ?? 1)).toBeLessThan(0.1);
});

test('many dimensions and many trials are no hindrance', () => {
  const names = Array.from({ length: 22 }, (_, i) => `x${i}`);
  const space = Object.fromEntries(names.map((name) => [name, uniform(0, 1)]));
  const scoreAt = ([first]: readonly (number | string)[]) => Number(first) - 9;
  const trials = learnFrom(random(), { space, population: 150, seed: 1, scoreAt });
  const found = importanceOf({ space: asJson(space), trials }) ?? {};
  expect(found.x0).toBeGreaterThan(0.8);
  expect(Math.max(...names.slice(1).map((name) => found[name]))).toBeLessThan(0.1);
});

test('nothing is said about scores that are nothing but noise', () => {
  const space = { a: uniform(0, 1) };
  let turn = 0;
  // The same place gives other scores each time, so that the process sees a constant.
  const trials = learnFrom(random(), { space, population: 24, seed: 1, scoreAt: () => turn++ % 2 }).map((trial) => ({
    ...trial,
    config: { a: 0.5 },
  }));
  expect(importanceOf({ space: asJson(space), trials })).toBeUndefined();
});

test('nothing is said about too few trials, dropped ones, or such that are all alike', () => {
  const space = { a: uniform(0, 1), b: uniform(0, 1) };
  const of = (population: number, scoreAt: () => number) =>
    learnFrom(random(), { space, population, seed: 1, scoreAt });
  let score = 0;
  const trials = of(4, () => ++score);
  expect(importanceOf({ space: asJson(space), trials })).toBeDefined();
  expect(importanceOf({ space: asJson(space), trials: trials.slice(1) })).toBeUndefined();
  const dropped = trials.map((trial) => ({ ...trial, status: 'dropped' as const }));
  expect(importanceOf({ space: asJson(space), trials: dropped })).toBeUndefined();
  expect(importanceOf({ space: asJson(space), trials: of(9, () => 1) })).toBeUndefined();
});
