import { describe, expect, test } from 'vitest';
import { choice, fixed, integer, logUniform, uniform } from '../../src/tune/distributions.js';
import { grid } from '../../src/tune/grid.js';
import { random } from '../../src/tune/random.js';
import { sobol, sobolPoints } from '../../src/tune/sobol.js';
import type { Space } from '../../src/tune/space.js';
import { type Strategy, stateRandom } from '../../src/tune/strategy.js';
import { testRefusals } from '../errors/refusals.js';
import { stateOf, trialsOf } from './search-state.js';

const configs = (strategy: Strategy, ...[stated]: Parameters<typeof stateOf>) =>
  strategy.next(stateOf(stated))?.start?.map(({ config }) => config);

describe('grid', () => {
  test('has every combination, the first dimension slowest, the ends exact', () => {
    expect(configs(grid(2))).toEqual([
      { l2: 1e-6, dropout: 0 },
      { l2: 1e-6, dropout: 0.8 },
      { l2: 1e-2, dropout: 0 },
      { l2: 1e-2, dropout: 0.8 },
    ]);
  });

  const mixed: Space = {
    dropout: [uniform(0, 0.8), 0.5, uniform(0, 0.4)],
    hidden: choice([[64], [128, 64]]),
    units: integer(1, 2),
    l2: fixed(0.1),
  };

  test('takes points by name, all values of a choice, no more integers than there are', () => {
    const all = configs(grid({ dropout: 1, units: 5 }), { space: mixed });
    expect(all).toEqual([
      { dropout: [0.4, 0.5, 0.2], hidden: [64], units: 1, l2: 0.1 },
      { dropout: [0.4, 0.5, 0.2], hidden: [64], units: 2, l2: 0.1 },
      { dropout: [0.4, 0.5, 0.2], hidden: [128, 64], units: 1, l2: 0.1 },
      { dropout: [0.4, 0.5, 0.2], hidden: [128, 64], units: 2, l2: 0.1 },
    ]);
  });

  test('has 6 points of what is not said otherwise', () => {
    expect(configs(grid())).toHaveLength(36);
    expect(configs(grid({ l2: 2 }))).toHaveLength(12);
    expect(configs(grid(), { population: 36 })).toHaveLength(36);
  });

  test('has one combination where all is fixed', () => {
    expect(configs(grid(), { space: { l2: 0.1, dropout: [0.2, 0.5] } })).toEqual([{ l2: 0.1, dropout: [0.2, 0.5] }]);
  });

  test('has at most 65535 combinations', () => {
    expect(configs(grid(65_535), { space: { l2: uniform(0, 1) } })).toHaveLength(65_535);
  });

  testRefusals({
    'RangeError: grid: points must be an integer in [1, 65535], got 0': () => grid(0),
    'RangeError: grid: points.l2 must be an integer in [1, 65535], got 1.5': () => grid({ l2: 1.5 }),
    'TypeError: grid: points must be an integer in [1, 65535], got null': () => Reflect.apply(grid, null, [null]),
    'TypeError: grid: points must be a number or an object such as { l2: 5 }, got [3, 4]': () =>
      Reflect.apply(grid, null, [[3, 4]]),
    "RangeError: grid: points.droput is no dimension of the space, did you mean 'dropout'?; known: l2, dropout": () =>
      grid({ droput: 3 }).next(stateOf()),
    'RangeError: grid: points.momentum is no dimension of the space; known: l2': () =>
      grid({ momentum: 3 }).next(stateOf({ space: { l2: uniform(0, 1), momentum: 0.9 } })),
    'RangeError: grid: population must be the number of combinations, 15 (l2: 5, dropout: 3), got 64': () =>
      grid({ l2: 5, dropout: 3 }).next(stateOf({ population: 64 })),
    'RangeError: grid: at most 65535 combinations, got 65536 (l2: 256, dropout: 256)': () => grid(256).next(stateOf()),
  });
});

describe('random', () => {
  test('draws each configuration dimension by dimension', () => {
    const draw = stateRandom([7, 0], 0);
    const [l2, dropout] = [logUniform(1e-6, 1e-2), uniform(0, 0.8)];
    const expected = Array.from({ length: 5 }, () => ({ l2: l2.at(draw()), dropout: dropout.at(draw()) }));
    expect(configs(random(), { population: 5 })).toEqual(expected);
  });

  test('another seed draws others', () => {
    expect(configs(random(), { population: 5, key: [8, 0] })).not.toEqual(configs(random(), { population: 5 }));
  });
});

test('sobol takes scrambled points of the seed, one coordinate a dimension', () => {
  const [l2, dropout] = [logUniform(1e-6, 1e-2), uniform(0, 0.8)];
  const points = sobolPoints('test', 2, 8, stateRandom([7, 0], 0));
  expect(configs(sobol(), { population: 8 })).toEqual(
    points.map(([a, b]) => ({ l2: l2.at(a), dropout: dropout.at(b) })),
  );
});

test('sobol refuses a space of 22 dimensions', () => {
  const space = { dropout: Array.from({ length: 22 }, () => uniform(0, 0.5)) };
  expect(() => sobol().next(stateOf({ space, population: 2 }))).toThrow(
    new RangeError('sobol: Sobol points have at most 21 dimensions, but the space has 22'),
  );
});

test.each([random(), sobol()])('$kind wants a population', (strategy) => {
  const { kind } = strategy;
  expect(() => strategy.next(stateOf())).toThrow(
    new TypeError(`${kind}: population must be given, the number of configurations to try`),
  );
  expect(() => strategy.next(stateOf({ population: 0 }))).toThrow(
    new RangeError(`${kind}: population must be a positive integer, got 0`),
  );
});

describe.each([grid(2), random(), sobol()])('$kind', (strategy) => {
  const population = 4;

  test('trains all to the end in one round', () => {
    const round = strategy.next(stateOf({ population, epochs: 7 }));
    expect(round).toMatchObject({ epochs: 7 });
    expect(round?.keep).toBe(undefined);
    expect(round?.start).toHaveLength(4);
    expect(round?.start?.some(({ from }) => from !== undefined)).toBe(false);
  });

  test('ends when all have had their epochs, or none runs', () => {
    const state = { population, round: 1, epochs: 7 };
    expect(strategy.next(stateOf({ ...state, trials: trialsOf([1, 2], 7) }))).toBe(undefined);
    const over = trialsOf([1, 2], 3, { 0: { status: 'diverged' }, 1: { status: 'stopped early' } });
    expect(strategy.next(stateOf({ ...state, trials: over }))).toBe(undefined);
  });

  test('goes on with what has not had its epochs', () => {
    const trials = trialsOf([1, 2], 5, { 0: { status: 'stopped early', epochs: 2 } });
    expect(strategy.next(stateOf({ population, round: 1, epochs: 7, trials }))).toEqual({ epochs: 2 });
    const uneven = trialsOf([1, 2, 3], 4, { 1: { epochs: 6 } });
    expect(strategy.next(stateOf({ population, round: 1, epochs: 7, trials: uneven }))).toEqual({ epochs: 1 });
  });
});

test('a saved search knows how a strategy was made', () => {
  expect([grid(), grid({ l2: 3 }), random(), sobol()].map(({ kind, options }) => ({ kind, options }))).toEqual([
    { kind: 'grid', options: { points: 6 } },
    { kind: 'grid', options: { points: { l2: 3 } } },
    { kind: 'random', options: {} },
    { kind: 'sobol', options: {} },
  ]);
});
