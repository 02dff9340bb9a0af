import { expect, test } from 'vitest';
import { atOnce } from '../../src/promises/turns.js';
import { Cells } from '../../src/table/cells.js';
import { judging } from '../../src/table/column.js';

/** Returns the pieces in which a column is judged, and what it is found to be. */
function judged(rows: number, cell: (row: number) => string) {
  const cells = new Cells();
  for (let row = 0; row < rows; row++) cells.push(cell(row));
  const work = judging('id', cells);
  let pieces = 1;
  for (let step = work.next(); ; step = work.next(), pieces++) {
    if (step.done) return { ...step.value, pieces };
  }
}

test.each([
  ['numbers', 400_000, (i: number) => String(Math.sin(i)), { kind: 'number', distinct: 400_000 }, 40],
  [
    'numbers, some missing',
    200_000,
    (i: number) => (i % 9 ? String(i / 3) : ''),
    { kind: 'number', missing: 22_223 },
    15,
  ],
  ['rows counted', 200_000, (i: number) => String(i + 5), { kind: 'index', range: [5, 200_004] }, 15],
  ['texts', 50_000, (i: number) => `name ${i % 25_000}`, { kind: 'category', distinct: 25_000 }, 10],
  ['numbers, then texts', 30_000, (i: number) => (i < 9000 ? String(i / 3) : `name ${i}`), { kind: 'text' }, 15],
])('a long column of %s is judged in pieces', (_, rows, cell, want, least) => {
  const { pieces, ...column } = judged(rows, cell);
  expect(column).toMatchObject(want);
  expect(pieces).toBeGreaterThan(least);
});

test.each([
  ['id', 'index'],
  ['PassengerId', 'index'],
  ['customer_id', 'index'],
  ['Row ID', 'index'],
  ['paid', 'number'],
  ['Grid', 'number'],
])('a column that counts the rows is %s: %s', (name, kind) => {
  const cells = new Cells();
  for (let row = 1; row <= 30; row++) cells.push(String(row));
  expect(atOnce(judging(name, cells))).toMatchObject({ kind });
});

test('a short one is judged in few', () => {
  expect(judged(100, (i) => String(i % 10))).toMatchObject({ kind: 'number', distinct: 10, range: [0, 9] });
});
