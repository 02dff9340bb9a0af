import { describe, expect, test } from 'vitest';
import { grid } from '../../src/tune/grid.js';
import { random } from '../../src/tune/random.js';
import { sobol } from '../../src/tune/sobol.js';
import { type Sampler, successiveHalving } from '../../src/tune/successive-halving.js';
import type { Trial } from '../../src/tune/trial.js';
import { testRefusals } from '../errors/refusals.js';
import { stateOf, trialsOf } from './search-state.js';

/** Returns the next move of the default strategy, or of one with these options; 9 epochs unless given. */
const next = (trials: Trial[], options = {}, epochs = 9) =>
  successiveHalving(options).next(stateOf({ trials, epochs, population: trials.length, round: 1 }));

/** The same difference of several trials, by id. */
const each = (more: Partial<Trial>, ...ids: number[]) => Object.fromEntries(ids.map((id) => [id, more]));
const dropped: Partial<Trial> = { status: 'dropped' };
const diverged: Partial<Trial> = { status: 'diverged' };
const stopped: Partial<Trial> = { status: 'stopped early' };

test('begins with the population, for the epochs of the first rung', () => {
  const state = { population: 27 };
  const first = successiveHalving().next(stateOf(state));
  expect(first).toEqual({ start: random().next(stateOf(state))?.start, epochs: 1 });
  expect(successiveHalving({ minEpochs: 2 }).next(stateOf(state))?.epochs).toBe(2);
  expect(successiveHalving({ minEpochs: 20 }).next(stateOf(state))?.epochs).toBe(9);
});

test('draws what its sampler draws', () => {
  const state = { population: 4 };
  for (const [sampler, strategy] of [['sobol', sobol()] as const, ['random', random()] as const]) {
    expect(successiveHalving({ sampler }).next(stateOf(state))?.start).toEqual(strategy.next(stateOf(state))?.start);
  }
  const halving = successiveHalving({ sampler: 'grid', points: { l2: 3 } });
  expect(halving.next(stateOf())?.start).toEqual(grid({ l2: 3 }).next(stateOf())?.start);
  expect(successiveHalving({ sampler: 'grid' }).next(stateOf())?.start).toHaveLength(36);
});

// Scores are chosen so that the wanted ids are neither the first nor in order of their scores.
const nine = [5, 2, 8, 1, 9, 3, 7, 4, 6];

describe('after a rung', () => {
  test.each<[string, Trial[], keep: number[], epochs: number, options?: object, of?: number]>([
    ['the best third goes on', trialsOf(nine, 1), [1, 3, 5], 2],
    ['the best half goes on', trialsOf(nine, 1), [1, 3, 5, 7], 1, { eta: 2 }],
    ['the best of three goes on', trialsOf(nine, 3, each(dropped, 0, 2, 4, 6, 7, 8)), [3], 6],
    ['a third is rounded down', trialsOf(nine.slice(0, 8), 1), [1, 3], 2],
    ['at least one goes on', trialsOf([2, 1], 1), [1], 2],
    ['of equal ones the first go on', trialsOf([1, 0, 1, 1, 1, 1, 1, 1, 1], 1), [0, 1, 2], 2],
    ['the last rung ends with the search', trialsOf([2, 1], 3), [1], 2, {}, 5],
    ['rungs begin at minEpochs', trialsOf(nine, 2), [1, 3, 5], 4, { minEpochs: 2 }],
    ['rungs are powers of eta times minEpochs', trialsOf([2, 1], 6), [1], 12, { minEpochs: 2 }, 99],
    ['one that was stopped early takes a place', trialsOf(nine, 1, { 3: stopped }), [1, 5], 2],
    ['one that was stopped early may lose', trialsOf(nine, 1, { 4: stopped }), [1, 3, 5], 2],
    ['those that diverged have lost, whatever their last score', trialsOf(nine, 1, each(diverged, 3, 1)), [0, 5, 7], 2],
    ['there are as many places as if none had', trialsOf(nine, 1, each(diverged, 0, 1, 2, 3, 4, 5)), [6, 7, 8], 2],
    [
      'the next rung has a third of its places',
      trialsOf(nine, 3, { ...each(dropped, 0, 2, 4, 6, 7, 8), 1: diverged }),
      [3],
      6,
    ],
    ['no score, or NaN, comes last', trialsOf([NaN, undefined, 5, 4, NaN, undefined, Infinity, 3, 9], 1), [2, 3, 7], 2],
  ])('%s', (_, trials, keep, epochs, options, of) => {
    expect(next(trials, options, of)).toEqual({ keep, epochs });
  });

  test.each<[string, Trial[]]>([
    ['all have had their epochs', trialsOf([2, 1], 9)],
    ['none runs', trialsOf([2, 1], 1, { 0: diverged, 1: stopped })],
    ['nothing is as good as what was stopped early', trialsOf([2, 1], 1, { 1: stopped })],
  ])('it ends where %s', (_, trials) => {
    expect(next(trials)).toBe(undefined);
  });
});

test('27 configurations become 9, 3 and 1', () => {
  const scores = Array.from({ length: 27 }, (_, i) => (i * 10) % 27);
  let trials = trialsOf(scores, 1);
  const kept: number[] = [];
  for (let round = next(trials, {}, 27); round; round = next(trials, {}, 27)) {
    const { keep = [], epochs } = round;
    kept.push(keep.length);
    trials = trials.map((trial) => {
      if (keep.includes(trial.id)) return { ...trial, epochs: trial.epochs + epochs };
      return { ...trial, status: 'dropped' };
    });
  }
  expect(kept).toEqual([9, 3, 1]);
  expect(trials.filter(({ epochs }) => epochs === 27).map(({ id }) => id)).toEqual([0]);
});

test('its options are kept', () => {
  expect(successiveHalving()).toMatchObject({
    kind: 'successiveHalving',
    options: { eta: 3, minEpochs: 1, sampler: 'random' },
  });
  expect(successiveHalving({ sampler: 'grid', points: 4 }).options).toEqual({
    eta: 3,
    minEpochs: 1,
    sampler: 'grid',
    points: 4,
  });
});

const sampler = 'bayes' as Sampler;
testRefusals({
  'RangeError: successiveHalving: eta must be an integer >= 2, got 1': () => successiveHalving({ eta: 1 }),
  'RangeError: successiveHalving: eta must be an integer >= 2, got 2.5': () => successiveHalving({ eta: 2.5 }),
  'RangeError: successiveHalving: minEpochs must be a positive integer, got 0': () =>
    successiveHalving({ minEpochs: 0 }),
  "RangeError: successiveHalving: sampler must be one of 'random', 'sobol', 'grid', got \"bayes\"": () =>
    successiveHalving({ sampler }),
  "TypeError: successiveHalving: points is only for the sampler 'grid'": () => successiveHalving({ points: 3 }),
  'RangeError: successiveHalving: points must be an integer in [1, 65535], got 0': () =>
    successiveHalving({ sampler: 'grid', points: 0 }),
  "TypeError: successiveHalving: unknown option 'minEpoch', did you mean 'minEpochs'?; known: eta, minEpochs, sampler, points":
    () => Reflect.apply(successiveHalving, null, [{ minEpoch: 1 }]),
  'TypeError: successiveHalving: population must be given, the number of configurations to try': () =>
    successiveHalving().next(stateOf()),
  'RangeError: successiveHalving: population must be the number of combinations, 36 (l2: 6, dropout: 6), got 27': () =>
    successiveHalving({ sampler: 'grid' }).next(stateOf({ population: 27 })),
});
