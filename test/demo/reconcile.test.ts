import { expect, test } from 'vitest';
import type { Knobs } from '../../demo/contract/state.js';
import { reconcile } from '../../demo/worker/reconcile.js';
import { stateOf } from './some-state.js';

const knobs = (l2: number): Knobs => ({ l2, dropout: [0], learningRate: 0.1 });
const runs = (...l2: number[]) => stateOf([8], ...l2.map(knobs));
const state = runs(0);

test('nothing there: everything is made', () => {
  expect(reconcile(undefined, runs(0, 1))).toEqual({ data: true, network: true, from: [undefined, undefined] });
});

test.each([
  ['data', 'xor', true],
  ['examples', 50, true],
  ['noise', 0.1, true],
  ['seed', 2, true],
  ['hidden', [8, 8], false],
  ['activation', 'relu', false],
  ['optimizer', 'sgd', false],
  ['batch', 20, false],
] as const)('%s anew: so are the runs; other data: %s', (name, value, data) => {
  expect(reconcile(state, { ...state, [name]: value })).toEqual({ data, network: true, from: [undefined] });
});

test.each([
  ['steps', 100],
  ['selected', 0],
] as const)('%s changes no run', (name, value) => {
  expect(reconcile(state, { ...state, [name]: value })).toEqual({ data: false, network: false, from: [0] });
});

test('edited points: other data for the runs, which go on', () => {
  const edits = [{ kind: 'remove', of: 3 }] as const;
  expect(reconcile(state, { ...state, edits })).toEqual({ data: true, network: false, from: [0] });
  expect(reconcile({ ...state, edits }, { ...state, edits: [...edits] }).data).toBe(false);
});

test.each([
  { before: [1, 2], after: [1, 2], from: [0, 1], what: 'all stay' },
  { before: [1], after: [1, 2], from: [0, undefined], what: 'one is added' },
  { before: [1, 2], after: [3, 1, 2], from: [undefined, 0, 1], what: 'one is added before' },
  { before: [1, 2, 3], after: [1, 3], from: [0, 2], what: 'the middle one is removed' },
  { before: [1, 2, 3], after: [2, 3, 4], from: [1, 2, undefined], what: 'the first one is removed and one is added' },
  { before: [1, 2], after: [2, 1], from: [1, 0], what: 'they change places' },
  { before: [1, 2], after: [3, 4], from: [undefined, undefined], what: 'a lesson brings its own' },
])('runs $before -> $after: $what, whatever their knobs', ({ before, after, from }) => {
  const withIds = (ids: readonly number[], l2: (id: number) => number) => ({
    ...state,
    runs: ids.map((id) => ({ ...knobs(l2(id)), id })),
  });
  const turns = [(id: number) => id, (id: number) => 5 - id, () => 1];
  for (const was of turns)
    for (const is of turns) expect(reconcile(withIds(before, was), withIds(after, is)).from).toEqual(from);
});
