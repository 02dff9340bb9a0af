import { expect, test } from 'vitest';
import { asynchronousHalving } from '../../src/fleet/asynchronous-halving.js';
import { createReferenceEngine, dense, sequential } from '../../src/index.js';
import type { Trial } from '../../src/tune.js';
import { search } from '../../src/tune.js';
import { stateOf, trialsOf } from '../tune/search-state.js';
import { small } from '../tune/small-search.js';

const strategy = asynchronousHalving({ eta: 3 });

/** Trials by their scores at each rung of 1, 3 and 9 epochs. */
const at = (...scores: readonly (readonly number[])[]): Trial[] =>
  trialsOf(
    scores.map((own) => own.at(-1)),
    0,
  ).map((trial) => {
    const own = scores[trial.id];
    const rungs = own.map((score, k) => ({ epoch: 3 ** k, seconds: 0, trainLoss: 0, validationLoss: score, score }));
    return { ...trial, rungs, epochs: rungs.at(-1)?.epoch ?? 0 };
  });

const next = (trials: Trial[], more: { busy?: number[]; population?: number } = {}) =>
  strategy.next(stateOf({ population: 9, ...more, trials }));

test('begins trials one by one, until one in three can go on', () => {
  expect(next([])).toMatchObject({ train: [], start: [{ config: expect.any(Object) }], epochs: 1 });
  expect(next(at([3], [2]))).toMatchObject({ train: [], epochs: 1, start: [{}] });
  expect(next(at([3], [2], [1]))).toEqual({ train: [2], epochs: 2 });
});

test('promotes the best that is not promoted yet, and not one in training', () => {
  expect(next(at([3], [2], [1, 1], [4]))).toMatchObject({ train: [], start: [{}] });
  expect(next(at([3], [2], [1, 1], [4], [5], [6]))).toEqual({ train: [1], epochs: 2 });
  expect(next(at([3], [2], [1], [4], [5], [6]), { busy: [2] })).toEqual({ train: [1], epochs: 2 });
});

test('prefers the highest rung', () => {
  const trials = at([1, 9], [2, 8], [3, 7], [4], [5], [6], [7], [8], [9], [10], [11], [12]);
  expect(next(trials)).toEqual({ train: [2], epochs: 6 });
});

test('counts those that diverged, as the worst', () => {
  const diverged = { ...at([0])[0], rungs: [], epochs: 1, status: 'diverged' as const };
  expect(next([diverged, { ...at([0], [2])[1] }, { ...at([0], [0], [3])[2] }])).toEqual({ train: [1], epochs: 2 });
});

test('waits while others train, and ends when nothing is left', () => {
  const trials = at([3], [2], [1, 1]);
  expect(next(trials, { population: 3, busy: [2] })).toEqual({ train: [], epochs: 1 });
  expect(next(trials, { population: 3 })).toBeUndefined();
});

test('is refused where one process trains', () => {
  const model = sequential([dense(3)]);
  const options = small({ strategy });
  expect(() => search(createReferenceEngine(), model, options)).toThrow(
    'search: asynchronousHalving is for searches on several machines; use successiveHalving()',
  );
});

test.each([
  [{ eta: 1 }, 'asynchronousHalving: eta must be an integer >= 2, got 1'],
  [{ minEpochs: 0 }, 'asynchronousHalving: minEpochs must be a positive integer, got 0'],
])('%o is refused', (options, message) => {
  expect(() => asynchronousHalving(options)).toThrow(message);
});
