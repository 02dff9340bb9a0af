import { expect, test } from 'vitest';
import { bracketsOf } from '../../src/tune/hyperband.js';
import type { Trial } from '../../src/tune.js';
import { hyperband, random } from '../../src/tune.js';
import { testRefusals } from '../errors/refusals.js';
import { stateOf } from './search-state.js';

test('has the brackets of table 1 of the paper', () => {
  expect(bracketsOf(81, 3, 1)).toEqual([
    { count: 81, rung: 1 },
    { count: 34, rung: 3 },
    { count: 15, rung: 9 },
    { count: 8, rung: 27 },
    { count: 5, rung: 81 },
  ]);
  expect(bracketsOf(5, 2, 2)).toEqual([
    { count: 2, rung: 2 },
    { count: 2, rung: 5 },
  ]);
  expect(bracketsOf(1, 3, 1)).toEqual([{ count: 1, rung: 1 }]);
});

test('brackets train side by side, and each drops its own', () => {
  const epochs = 9;
  let trials: readonly Trial[] = [];
  const running: number[][] = [];
  const rounds: number[] = [];
  for (let round = 0; ; round++) {
    const next = hyperband().next(stateOf({ epochs, trials, round }));
    if (!next) break;
    rounds.push(next.epochs);
    const begun = (next.start ?? []).map(({ config }, id): Trial => {
      return { id, config, status: 'running', epochs: 0, rungs: [], seconds: 0 };
    });
    const kept = trials.map(
      (trial): Trial => ({ ...trial, status: next.keep?.includes(trial.id) ? 'running' : 'dropped' }),
    );
    // The later it began, the better it is.
    trials = [...kept, ...begun].map((each) =>
      each.status === 'running' ? { ...each, epochs: each.epochs + next.epochs, score: -each.id } : each,
    );
    running.push(trials.flatMap(({ id, status }) => (status === 'running' ? [id] : [])));
  }
  // 9 from 1 epoch on, 5 from 3, 3 to the end.
  expect(rounds).toEqual([1, 2, 6]);
  expect(running).toEqual([
    Array.from({ length: 17 }, (_, id) => id),
    [6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
    [8, 13, 14, 15, 16],
  ]);
});

test('begins as random search with its number of configurations', () => {
  const state = stateOf({ epochs: 27 });
  const start = random().next(stateOf({ epochs: 27, population: 49 }))?.start;
  expect(hyperband().next(state)).toEqual({ start, epochs: 1 });
  expect(hyperband().next(stateOf({ epochs: 27, population: 49 }))).toEqual({ start, epochs: 1 });
});

testRefusals({
  'RangeError: hyperband: eta must be an integer >= 2, got 1': () => hyperband({ eta: 1 }),
  'RangeError: hyperband: minEpochs must be a positive integer, got 0': () => hyperband({ minEpochs: 0 }),
  'RangeError: hyperband: population must be left out, or 49 for these epochs, got 36': () =>
    hyperband().next(stateOf({ epochs: 27, population: 36 })),
});
