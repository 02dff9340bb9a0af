import { createHash } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { atOnce } from '../../src/promises/turns.js';
import { permutation, permuting } from '../../src/random/permutation.js';
import { deal } from '../../src/table/deal.js';
import { findingGaps } from '../../src/table/gaps.js';
import { encoding, fitPreparation } from '../../src/table/preparation.js';
import { prepareTable, prepareTableInTurns, preparing } from '../../src/table/prepare-table.js';
import { wholeRows } from '../../src/table/presence.js';
import { readTable } from '../../src/table/read-table.js';
import { sort } from '../../src/table/sort.js';
import { chooseTask, readingClasses } from '../../src/table/task.js';

const ROWS = 70_000;
/** More numbers than this in one piece would keep others waiting. */
const MOST_AT_ONCE = 2 ** 15;
const PIECES = Math.ceil(ROWS / MOST_AT_ONCE);

const CELLS = (i: number) =>
  [
    (i % 30_000) * 0.37,
    i % 9 ? Math.fround(Math.sin(i)) : '',
    ['red', 'blue', 'green'][i % 3],
    i % 2 ? 'yes' : 'no',
    i % 7,
  ].join();
const table = await readTable(`x,wave,colour,late,day\n${Array.from({ length: ROWS }, (_, i) => CELLS(i)).join('\n')}`);
const [x, wave, colour, late] = table.columns;
const all = Uint32Array.from({ length: ROWS }, (_, i) => i);
const classes = ['red', 'blue', 'green'];
const labels = Float64Array.from(all, (row) => row % 3);
const task = atOnce(chooseTask(table, { target: 'colour' }));
const fitted = (column: typeof x) => atOnce(fitPreparation(column, all));

/** Returns a text that differs for arrays of other bits. */
const hash = ({ buffer, byteOffset, byteLength }: ArrayBufferView) =>
  createHash('sha256')
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest('hex');

/** Returns the number of pieces in which work is done. */
function piecesOf(work: Generator<void, unknown, void>): number {
  let pieces = 1;
  while (!work.next().done) pieces++;
  return pieces;
}

test.each<[string, () => Generator<void, unknown, void>, number]>([
  ['an order of rows', () => permuting(ROWS, [1, 2], 0), 1],
  ['sorting', () => sort(Float64Array.from(all, (i) => Math.sin(i))), 2],
  ['dealing rows of classes', () => deal(all, labels, task, all), 7],
  ['choosing rows', () => wholeRows(ROWS, [labels, wave, colour]), 3],
  ['classes of texts', () => readingClasses(colour, classes), 1],
  ['numbers as classes', () => chooseTask(table, { target: 'x', task: 'classes', features: ['colour'] }), 3],
  ['fitting a column of numbers', () => fitPreparation(x, all), 5],
  ['a column of numbers as inputs', () => encoding([fitted(x)], table), 1],
  ['a category as inputs', () => encoding([fitted(colour)], table), 2],
  ['yes and no as inputs', () => encoding([fitted(late)], table), 2],
  ['gaps of a column', () => findingGaps(fitted(wave), table), 2],
])('long work is done in pieces: %s', (_, work, passes) => {
  expect(piecesOf(work())).toBeGreaterThanOrEqual(passes * PIECES);
});

test('a table is prepared in turns with other work, and as at once', async () => {
  let now = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 1000)); // each turn is over at once
  const progress: number[] = [];
  let turns = 0;
  const timer = setInterval(() => turns++);
  const options = { target: 'wave', seed: 3, missing: 'mean' } as const;
  try {
    const inTurns = await prepareTableInTurns(table, { ...options, onProgress: (share) => progress.push(share) });
    const { train, preparation, notes, rows } = prepareTable(table, options);
    expect(inTurns).toMatchObject({ preparation, notes });
    expect([train.x, train.y, rows.test].map(hash)).toEqual(
      [inTurns.train.x, inTurns.train.y, inTurns.rows.test].map(hash),
    );
  } finally {
    clock.mockRestore();
    clearInterval(timer);
  }
  expect(turns).toBeGreaterThan(0);
  expect(progress).toEqual([...progress].sort((a, b) => a - b));
  expect([progress.length, progress.at(-1)]).toEqual([10, 1]);
});

test('each row is handled in several passes, all of them in pieces', () => {
  expect(piecesOf(preparing(table, { target: 'colour' }))).toBeGreaterThan(35 * PIECES);
});

test('a preparation ends when its signal is aborted', async () => {
  const signal = AbortSignal.abort(new Error('enough'));
  const ended = prepareTableInTurns(table, { signal });
  await expect(ended).rejects.toMatchObject({ kind: 'aborted', message: 'prepareTable: the signal was aborted' });
  const control = new AbortController();
  const shares: number[] = [];
  const onProgress = (share: number) => {
    shares.push(share);
    control.abort();
  };
  await expect(prepareTableInTurns(table, { signal: control.signal, onProgress })).rejects.toMatchObject({
    kind: 'aborted',
  });
  expect(shares).toHaveLength(1);
});

test('its options are checked', async () => {
  await expect(prepareTableInTurns(table, { signal: 1 as never })).rejects.toThrow(
    'prepareTable: signal must be an AbortSignal, got 1',
  );
  await expect(prepareTableInTurns(table, { test: 2 })).rejects.toThrow(
    'prepareTable: test must be a number in (0, 1)',
  );
});

test.each([
  ['nothing', 0, () => 0],
  ['a few', 5, (i: number) => [3, -0, 0, Number.NEGATIVE_INFINITY, -2][i]],
  ['several pieces', 150_000, (i: number) => Math.round(1e4 * Math.sin(i)) / 7],
  ['both zeros in several pieces', 70_000, (i: number) => [0, -0, 1][i % 3]],
])('sort puts numbers in the order of the engine: %s', (_, length, value) => {
  const values = Float64Array.from({ length }, (_, i) => value(i));
  const expected = values.slice().sort();
  expect(hash(atOnce(sort(values)))).toBe(hash(expected));
});

test('rows are dealt by the middle of their class, and then by their order', () => {
  const sizes = [50_000, 3000, 700, 11, 1];
  const own = Float64Array.from({ length: 53_712 }, (_, i) =>
    sizes.findIndex((_, c) => i % 5 === c && i / 5 < sizes[c]),
  );
  for (const [i, label] of own.entries()) if (label < 0) own[i] = 0;
  const rows = Uint32Array.from(own.keys());
  const order = permutation(rows.length, [5, 6], 1);
  const counts = sizes.map((_, c) => own.filter((label) => label === c).length);
  const seen = new Array(5).fill(0);
  const places = [...order].map((row) => (seen[own[row]]++ + 0.5) / counts[own[row]]);
  const byPlace = [...order.keys()].sort((a, b) => places[a] - places[b] || a - b);
  const expected = Uint32Array.from(byPlace, (i) => order[i]);
  const fiveClasses = { ...task, classes: ['a', 'b', 'c', 'd', 'e'] };
  expect(hash(atOnce(deal(rows, own, fiveClasses, order)))).toBe(hash(expected));
});
