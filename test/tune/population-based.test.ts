import { describe, expect, test } from 'vitest';
import { choice, integer, uniform } from '../../src/tune/distributions.js';
import { type PopulationBasedOptions, populationBased } from '../../src/tune/population-based.js';
import { random } from '../../src/tune/random.js';
import type { Space } from '../../src/tune/space.js';
import type { Trial } from '../../src/tune/trial.js';
import { testRefusals } from '../errors/refusals.js';
import { stateOf, trialsOf } from './search-state.js';

/** A state after a round, in which just these numbers are drawn. */
const stateAfter = (trials: Trial[], draws: readonly number[] = [], space?: Space) => {
  const left = [...draws];
  const random = () => left.shift() ?? Number.NaN;
  return {
    left,
    state: stateOf({ trials, epochs: 9, population: trials.length, round: 1, random, ...(space && { space }) }),
  };
};

const config = (l2: number, dropout: number) => ({ config: { l2, dropout } });

test('begins with random configurations', () => {
  const state = { population: 10 };
  const start = random().next(stateOf(state))?.start;
  expect(populationBased().next(stateOf(state))).toEqual({ start, epochs: 1 });
  expect(populationBased({ every: 4 }).next(stateOf(state))?.epochs).toBe(4);
  expect(populationBased({ every: 40 }).next(stateOf(state))?.epochs).toBe(9);
});

test('the worst fifth is replaced by copies of the best fifth, perturbed or drawn anew', () => {
  const scores = [5, 2, 8, 1, 9, 3, 7, 4, 6, 0.5];
  const trials = trialsOf(scores, 1, { 3: config(1e-4, 0.4), 9: config(1e-3, 0.6) });
  // Best: 9 and 3. Worst: 2 and 4.
  const { left, state } = stateAfter(trials, [
    0.5, // the second best, 3
    0.25,
    0.7, // l2: not below 0.25, so perturbed: times 1.2
    0.24,
    0.25, // dropout: drawn anew at 0.25
    0.49, // the best, 9
    0.9,
    0.1, // l2: times 0.8
    0.9,
    0.9, // dropout: times 1.2
  ]);
  const round = populationBased().next(state);
  expect(left).toEqual([]);
  expect(round).toEqual({
    keep: [0, 1, 3, 5, 6, 7, 8, 9],
    start: [
      { config: { l2: 1e-4 * 1.2, dropout: 0.2 }, from: 3 },
      { config: { l2: 1e-3 * 0.8, dropout: 0.6 * 1.2 }, from: 9 },
    ],
    epochs: 1,
  });
});

test('of equal ones the later are replaced by copies of the first', () => {
  const { state } = stateAfter(trialsOf([1, 1, 1, 1, 1], 1), [0.9, 0.9, 0, 0.9, 0]);
  expect(populationBased().next(state)).toMatchObject({ keep: [0, 1, 2, 3], start: [{ from: 0 }] });
});

describe('how many are replaced', () => {
  // A fifth of 3 is rounded up to 1, of 14 down to 2.
  test.each<[running: number, fraction: number, replaced: number]>([
    [1, 0.2, 0],
    [2, 0.2, 1],
    [3, 0.2, 1],
    [10, 0.2, 2],
    [14, 0.2, 2],
    [15, 0.2, 3],
    [3, 0.5, 1],
    [4, 0.5, 2],
  ])('of %i, at a fraction of %d: %i', (running, fraction, replaced) => {
    const trials = trialsOf(
      Array.from({ length: running }, (_, i) => i),
      1,
    );
    const state = stateOf({ trials, round: 1, population: running });
    const round = populationBased({ fraction }).next(state);
    expect(round?.start).toHaveLength(replaced);
    expect(round?.keep).toEqual(Array.from({ length: running - replaced }, (_, i) => i));
    for (const { from } of round?.start ?? []) expect(from).toBeLessThan(replaced);
  });
});

test('only running ones are copied, replaced and counted', () => {
  const trials = trialsOf([0, 1, 2, 3, 4], 1, {
    0: { status: 'stopped early' },
    3: { status: 'dropped' },
    4: { status: 'diverged' },
  });
  const { state } = stateAfter(trials, [0.9, 0.9, 0, 0.9, 0]);
  expect(populationBased().next(state)).toMatchObject({ keep: [1], start: [{ from: 1 }] });
});

describe('what a copy changes', () => {
  const space = {
    hidden: choice([[32], [64], [128]]),
    l2: uniform(0, 1),
    dropout: [uniform(0, 0.8), 0.5, uniform(0, 0.8)],
    units: choice([1, 2]),
    decaySteps: integer(1, 100),
    slope: uniform(0.1, 1),
  };
  const parent = { hidden: [64], l2: 0.5, dropout: [0.2, 0.5, 0.4], units: 1, decaySteps: 50, slope: 0.5 };
  const copyOf = (options: PopulationBasedOptions, draws: readonly number[]) => {
    const { left, state } = stateAfter(trialsOf([1, 2], 1, { 0: { config: parent } }), [0, ...draws], space);
    const [copy] = populationBased({ resample: 0, ...options }).next(state)?.start ?? [];
    expect(left).toEqual([]);
    return copy.config;
  };

  test('all that training can go on with, and nothing that layers are made from', () => {
    expect(copyOf({}, [0, 0, 0, 0, 0, 0.5, 0, 0.5, 0, 0])).toEqual({
      hidden: [64],
      l2: 0.4,
      dropout: [0.2 * 0.8, 0.5, 0.4 * 1.2],
      units: 1,
      decaySteps: 60,
      slope: 0.4,
    });
  });

  test('what explore names, every layer of it', () => {
    expect(copyOf({ explore: ['dropout'] }, [0, 0.5, 0, 0])).toEqual({
      ...parent,
      dropout: [0.2 * 1.2, 0.5, 0.4 * 0.8],
    });
  });

  test('nothing where explore is empty', () => {
    expect(copyOf({ explore: [] }, [])).toEqual(parent);
  });

  test('all by drawing anew where resample is 1', () => {
    expect(copyOf({ resample: 1, explore: ['l2', 'slope'] }, [0.99, 0.125, 0.99, 0.75])).toEqual({
      ...parent,
      l2: 0.125,
      slope: 0.1 + 0.9 * 0.75,
    });
  });
});

test('selects after every few epochs and never trains beyond the end', () => {
  const strategy = populationBased({ every: 4 });
  const after = (done: number) => strategy.next(stateOf({ trials: trialsOf([1, 2], done), round: 1, population: 2 }));
  expect(after(4)?.epochs).toBe(4);
  expect(after(8)?.epochs).toBe(1);
  expect(after(9)).toBe(undefined);
});

test('ends when none runs', () => {
  const trials = trialsOf([1, 2], 1, { 0: { status: 'diverged' }, 1: { status: 'stopped early' } });
  expect(populationBased().next(stateOf({ trials, round: 1, population: 2 }))).toBe(undefined);
});

test('its options are kept', () => {
  const options = { every: 1, fraction: 0.2, resample: 0.25 };
  expect(populationBased()).toMatchObject({ kind: 'populationBased', options });
  expect(populationBased().options).toEqual(options);
  expect(populationBased({ explore: ['l2'] }).options).toEqual({ ...options, explore: ['l2'] });
});

testRefusals({
  'RangeError: populationBased: every must be a positive integer, got 0': () => populationBased({ every: 0 }),
  'RangeError: populationBased: fraction must be a number in (0, 0.5], got 0': () => populationBased({ fraction: 0 }),
  'RangeError: populationBased: fraction must be a number in (0, 0.5], got 0.6': () =>
    populationBased({ fraction: 0.6 }),
  'RangeError: populationBased: resample must be a number in [0, 1], got 1.5': () => populationBased({ resample: 1.5 }),
  'TypeError: populationBased: explore must be an array of names, got "l2"': () =>
    Reflect.apply(populationBased, null, [{ explore: 'l2' }]),
  'TypeError: populationBased: explore must hold names, got 2': () =>
    Reflect.apply(populationBased, null, [{ explore: [2] }]),
  'RangeError: populationBased: explore names "hidden", which a network in training cannot change': () =>
    populationBased({ explore: ['l2', 'hidden'] }).next(
      stateOf({ population: 4, space: { l2: uniform(0, 1), hidden: integer(1, 8) } }),
    ),
  'RangeError: populationBased: explore names "momentum", which is no dimension of the space; known: l2, dropout': () =>
    populationBased({ explore: ['momentum'] }).next(stateOf({ population: 4 })),
  "TypeError: populationBased: unknown option 'fractoin', did you mean 'fraction'?; known: every, fraction, resample, explore":
    () => Reflect.apply(populationBased, null, [{ fractoin: 0.1 }]),
  'TypeError: populationBased: population must be given, the number of configurations to try': () =>
    populationBased().next(stateOf()),
});
