import { expect, test } from 'vitest';
import { gapsOf } from '../../src/table/gaps.js';
import { encodeFeatures, featureNames } from '../../src/table/preparation.js';
import { type PrepareTableOptions, prepareTable } from '../../src/table/prepare-table.js';
import { readTable } from '../../src/table/read-table.js';
import { classIndices } from '../../src/table/task.js';

const HEADER = 'age,colour,smoker,joined,note,pay';
const ROWS = Array.from({ length: 50 }, (_, i) => {
  const colour = ['red', 'blue', 'green'][i % 3];
  const age = i % 10 === 3 ? '' : 20 + i;
  return `${age},${colour},${i % 2 ? 'yes' : 'no'},2024-01-${String(1 + (i % 28)).padStart(2, '0')},n${i},${1000 + 10 * i}`;
});
const people = () => readTable([HEADER, ...ROWS].join('\n'));
const prepared = async (options?: PrepareTableOptions) => prepareTable(await people(), options);

test('columns become inputs by their kinds', async () => {
  const { preparation, task, train, validation, test } = await prepared();
  expect(featureNames(preparation.features)).toEqual([
    'age',
    'age is missing',
    'colour = red',
    'colour = blue',
    'colour = green',
    'colour = (other)',
    'smoker',
    'joined',
  ]);
  expect(task.leftOut).toEqual([{ name: 'note', reason: 'nearly as many texts as rows' }]);
  expect([train.examples, validation.examples, test.examples]).toEqual([32, 8, 10]);
  expect(train.features).toBe(8);
});

test('numbers have mean 0 and deviation 1 over the training rows, and only over them', async () => {
  const { train, preparation, rows } = await prepared();
  const ys = [...train.y];
  const mean = ys.reduce((a, b) => a + b) / ys.length;
  expect(mean).toBeCloseTo(0, 6);
  expect(ys.reduce((sum, y) => sum + y * y, 0) / ys.length).toBeCloseTo(1, 5);
  const known = [...rows.train].filter((row) => row % 10 !== 3).map((row) => 20 + row);
  const expected = known.reduce((a, b) => a + b) / known.length;
  expect(preparation.features[0]).toMatchObject({ kind: 'number', indicator: true, mean: expect.closeTo(expected, 9) });
});

test('the three parts have no row in common, and all rows', async () => {
  const { rows } = await prepared({ seed: 3 });
  const all = [...rows.train, ...rows.validation, ...rows.test].sort((a, b) => a - b);
  expect(all).toEqual(Array.from({ length: 50 }, (_, i) => i));
  expect([...(await prepared({ seed: 4 })).rows.test]).not.toEqual([...rows.test]);
  expect([...(await prepared({ seed: 3 })).rows.test]).toEqual([...rows.test]);
});

test('classes have the same shares in each part', async () => {
  const { train, validation, test, task } = await prepared({ target: 'colour', seed: 9 });
  expect(task).toMatchObject({ task: 'classes', classes: ['red', 'blue', 'green'] });
  for (const { y, examples } of [train, validation, test]) {
    for (const index of [0, 1, 2]) {
      const share = [...y].filter((each) => each === index).length / examples;
      expect(Math.abs(share - 1 / 3)).toBeLessThan(1.5 / examples);
    }
  }
});

test.each<[PrepareTableOptions, string]>([
  [
    { target: 'pai' },
    `prepareTable: target: no column "pai", did you mean 'pay'?; columns: ${HEADER.replaceAll(',', ', ')}`,
  ],
  [{ target: 'pay', drop: ['pay'] }, 'prepareTable: drop: "pay" is the target'],
  [
    { target: 'note' },
    "table: 'note' cannot be learned as classes: it has 50 different values in 50 rows; other columns: age, colour, smoker, joined, pay",
  ],
  [
    { target: 'joined' },
    "table: 'joined' cannot be learned as a number: it holds dates, 28 different ones in 50 rows; other columns: age, colour, smoker, pay",
  ],
  [
    { target: 'colour', task: 'number' },
    "table: 'colour' cannot be learned as a number: it holds red, blue, green; other columns: age, smoker, joined, pay",
  ],
  [{ missing: 'error' }, "table: 5 rows lack 'age' (line 5, 15, 25, ...)"],
  [
    { features: ['note'] },
    "table: no column is left to learn 'pay' from; left out: note (nearly as many texts as rows)",
  ],
  [
    { missing: 'zero' as never },
    "prepareTable: missing must be one of 'median', 'mean', 'drop', 'error', got \"zero\"",
  ],
  [{ test: 1 }, 'prepareTable: test must be a number in (0, 1), got 1'],
  [{ seeds: 1 } as never, "prepareTable: unknown option 'seeds'; known: target, task, features, drop"],
])('prepareTable(%j) is refused', async (options, message) => {
  await expect(prepared(options)).rejects.toMatchObject({ message });
});

test.each([
  ['a,b,c\n1,2,3', 'table: at least 5 rows are needed, got 1'],
  [`x\n${[...ROWS.keys()].join('\n')}`, 'table: a column to learn and another one to learn it from are needed, got x'],
  [
    `x,y\n${ROWS.map(() => '1,2').join('\n')}`,
    'table: a column to learn and another one to learn it from are needed, got x (it has one value only), y (it has one value only)',
  ],
])('a table of too little is refused: %j', async (text, message) => {
  const table = await readTable(text);
  expect(() => prepareTable(table)).toThrow(message);
});

test('rows that lack a number can be left out', async () => {
  const { train, validation, test, notes } = await prepared({ missing: 'drop' });
  expect(train.examples + validation.examples + test.examples).toBe(45);
  expect(notes).toContain('5 rows left out: a value is missing');
});

test('an outlier does not drown the other values', async () => {
  const rows = Array.from({ length: 100 }, (_, i) => `${i === 7 ? 1e12 : i},${i}`);
  const { preparation, train } = prepareTable(await readTable(`x,y\n${rows.join('\n')}`), { seed: 1 });
  expect(preparation.features[0]).toMatchObject({ deviation: expect.closeTo(29, -1) });
  expect(Math.max(...train.x)).toBeLessThanOrEqual(20);
});

test('a column that is constant over the training rows is harmless', async () => {
  const rows = Array.from({ length: 20 }, (_, i) => `${i === 0 ? 1 : 0},${i},${i}`);
  const { train } = prepareTable(await readTable(`rare,x,y\n${rows.join('\n')}`));
  expect([...train.x].every(Number.isFinite)).toBe(true);
});

test.each<[string, string, PrepareTableOptions, Record<string, unknown>]>([
  ['integers of few values are classes', '1,2,3', {}, { task: 'classes', classes: ['1', '2', '3'] }],
  ['unless a number is asked for', '1,2,3', { task: 'number' }, { task: 'number', classes: [] }],
  ['codes of any size are', '900000001,2,10', {}, { task: 'classes', classes: ['2', '10', '900000001'] }],
  ['numbers with a fraction are not', '1.5,2,3', {}, { task: 'number' }],
])('%s', async (_, values, options, expected) => {
  const labels = values.split(',');
  const rows = Array.from({ length: 60 }, (_, i) => `${i},${labels[i % labels.length]}`);
  const { task, train } = prepareTable(await readTable(`x,y\n${rows.join('\n')}`), options);
  expect(task).toMatchObject(expected);
  expect(train.classes).toBe(expected.task === 'classes' ? labels.length : undefined);
});

test.each([
  ['1/25/2020', '3/4/2020', '2020-03-04'],
  ['25/1/2020', '3/4/2020', '2020-04-03'],
  ['2020-01-25', '2020-03-04', '2020-03-04'],
])('a preparation keeps the order of dates such as %s, and reads %s in it', async (told, text, date) => {
  const texts = ['2/3/2020', told, '5/6/2020', '7/8/2020', '9/1/2020', '4/4/2020'].map((each) =>
    told.startsWith('2020') ? told.replace('25', `${each[0]}`.padStart(2, '0')) : each,
  );
  const table = await readTable(`when,y\n${texts.map((each, i) => `${each},${i}`).join('\n')}`);
  const { preparation } = prepareTable(table, { target: 'y', task: 'number', standardize: false });
  const [alone] = encodeFeatures(preparation.features, await readTable(`when,z\n${text},1`));
  expect(alone).toBe(Date.parse(date) / 86_400_000);
});

test('none is a value among texts, and missing among numbers', async () => {
  const rows = Array.from({ length: 20 }, (_, i) => `${i % 4 ? i : 'none'},${['none', 'mild', 'NA', 'severe'][i % 4]}`);
  const table = await readTable(['dose,harm', ...rows].join('\n'));
  const { task, preparation, train, validation, test } = prepareTable(table);
  expect(task.classes).toEqual(['none', 'mild', 'severe']);
  expect(task.target).toMatchObject({ missing: 5, notes: ["'none' is a value like others, not a missing one"] });
  expect(preparation.features[0]).toMatchObject({ kind: 'number', indicator: true });
  expect(train.examples + validation.examples + test.examples).toBe(15);
  const harms = prepareTable(table, { target: 'dose', missing: 'drop' });
  expect(harms.preparation.features).toEqual([{ name: 'harm', kind: 'category', values: ['none', 'mild', 'severe'] }]);
});

test('every word for yes and no is known to a model of one of them', async () => {
  const rows = Array.from({ length: 20 }, (_, i) => `${i % 3 ? 'Yes' : 'No'},${i % 2 ? 'no' : 'yes'},${i}`);
  const { preparation } = prepareTable(await readTable(['wet,late,n', ...rows].join('\n')), { target: 'late' });
  const later = [true, false, 'Y', 'n', 'maybe'].map((wet, i) => ({ wet, late: i % 2 === 0, n: i }));
  const table = await readTable(JSON.stringify(later));
  const { features, target } = preparation;
  const width = featureNames(features).length;
  const x = encodeFeatures(features, table);
  expect(later.map((_, row) => x[row * width])).toEqual([1, 0, 1, 0, 0.5]);
  expect(gapsOf(features[0], table)).toEqual(["'wet' has values that the model does not know in 1 row: maybe"]);
  const classes = 'classes' in target ? target.classes : [];
  expect([classes, [...classIndices(table.columns[1], classes)]]).toEqual([
    ['no', 'yes'],
    [1, 0, 1, 0, 1],
  ]);
});

test('a robust target is scaled by its quartiles, which outliers do not move', async () => {
  const rows = Array.from({ length: 500 }, (_, i) => `${i},${(i % 33 === 0 ? 100 : 1) * (i + 1)}`);
  const { preparation } = prepareTable(await readTable(`x,y\n${rows.join('\n')}`), { robustTarget: true });
  const { mean, deviation } = preparation.target as { mean: number; deviation: number };
  expect([mean > 200 && mean < 300, deviation > 150 && deviation < 250]).toEqual([true, true]);
  const far = await readTable(`x,y\n${rows.join('\n')}\n500,9999999`);
  const told = (robustTarget: boolean) => prepareTable(far, { target: 'y', robustTarget }).notes.join();
  expect(told(false)).toMatch(/9999999\): correct or leave out these rows, or take the Huber loss/);
  expect(told(true)).toMatch(/9999999\): correct or leave out these rows$/);
  const same = Array.from({ length: 60 }, (_, i) => `${i},${i % 30 ? 5 : i + 0.5}`);
  const flat = prepareTable(await readTable(`x,y\n${same.join('\n')}`), { target: 'y', robustTarget: true });
  expect(flat.preparation.target).toEqual(
    prepareTable(await readTable(`x,y\n${same.join('\n')}`), { target: 'y' }).preparation.target,
  );
});

test('a column of dates brings a note on how rows are dealt', async () => {
  const { notes } = await prepared();
  expect(notes).toContain(
    "'joined' holds dates, and rows are dealt at random: the test rows are not later than the others, so the result flatters a forecast; split by 'joined' to test on the latest rows",
  );
  expect((await prepared({ drop: ['joined'] })).notes.join()).not.toContain('dates');
});

test('numbers that may count from 1970 are told, and are dates where rows are dealt', async () => {
  const day = 86_400_000;
  const rows = Array.from({ length: 60 }, (_, i) => ({
    updatedAt: 1.6e12 + i * day,
    ts: 1.6e9 + i,
    date: i,
    y: i % 7,
  }));
  const table = await readTable(JSON.stringify(rows));
  expect(table.columns.map(({ notes }) => notes.join())).toEqual([
    'may be milliseconds since 1970 (2020-09-13 to 2020-11-11), and is a number like others',
    'may be seconds since 1970 (2020-09-13 to 2020-09-13), and is a number like others',
    '',
    '',
  ]);
  const { notes } = prepareTable(table, { target: 'y', task: 'number' });
  expect(notes[0]).toMatch(/^'updatedAt', 'ts' hold dates, and rows are dealt at random/);
});

test.each([
  [
    ['True', 'False'],
    ['1', '0', 'yes', 'F', 'no'],
  ],
  [
    ['1', '0'],
    ['true', 'False', 'Y', '0', 'n'],
  ],
])('a model of %j knows other words for yes and no', async (spellings, texts) => {
  const rows = Array.from({ length: 20 }, (_, i) => `${spellings[i % 2]},${i},${spellings[i % 2]}`);
  const { preparation } = prepareTable(await readTable(`flag,n,late\n${rows.join('\n')}`));
  const [flag] = preparation.features;
  const encoded = async (flags: readonly string[]) =>
    encodeFeatures([flag], await readTable(JSON.stringify(flags.map((each) => ({ flag: each })))));
  const [yes, no] = await encoded(spellings);
  const later = await readTable(JSON.stringify(texts.map((each) => ({ flag: each, late: each }))));
  expect([...encodeFeatures([flag], later)]).toEqual([yes, no, yes, no, no]);
  expect(gapsOf(flag, later)).toEqual([]);
  for (const each of texts.slice(0, 2)) expect((await encoded([each]))[0]).toBe(each === texts[0] ? yes : no);
  const { classes } = preparation.target as { classes: readonly string[] };
  const found = classIndices(later.columns[1], classes);
  expect([...found].map((i) => classes[i])).toEqual([0, 1, 0, 1, 1].map((i) => spellings[i]));
});

test('rows are split in the order of the table, or of a column', async () => {
  const last = await prepared({ split: 'last' });
  expect([last.rows.train[0], last.rows.validation[0], last.rows.test[0]]).toEqual([0, 32, 40]);
  expect(last.rows.train).toHaveLength(32);
  expect(last.preparation.split).toBe('last');
  expect(last.notes).toContain('the last rows of the file are to test with, and those before them to choose by');
  expect(last.notes).toContain('only 10 rows to test with: they say little');
  // 50 rows of 28 days: the last six days occur once, the others twice.
  const { rows, notes, preparation } = await prepared({ split: { by: 'joined' }, target: 'colour' });
  expect([...rows.test]).toEqual([20, 21, 22, 23, 24, 25, 26, 27, 48, 49]);
  expect([...rows.validation]).toEqual([16, 17, 18, 19, 44, 45, 46, 47]);
  expect([...rows.train]).toEqual([...Array(16).keys(), ...Array.from({ length: 16 }, (_, i) => 28 + i)]);
  expect(notes).toContain(
    "rows are split by 'joined': those to test with begin at 2024-01-21, those to choose by at 2024-01-17",
  );
  expect(notes.join()).not.toContain('at random');
  const again = prepareTable(await people(), { preparation });
  expect([again.rows, again.preparation]).toEqual([rows, preparation]);
  expect(prepareTable(await people(), { preparation, split: 'random' }).preparation.split).toBeUndefined();
});

test('rows without a place in the order are the earliest', async () => {
  const { rows, notes } = await prepared({ split: { by: 'age' }, target: 'colour' });
  expect([...rows.train].filter((row) => row % 10 === 3)).toEqual([3, 13, 23, 33, 43]);
  expect([...rows.test]).toEqual([39, 40, 41, 42, 44, 45, 46, 47, 48, 49]);
  expect(notes).toContain("5 rows without 'age' count as the earliest");
});

test('of rows that are equally late, those further down are later', async () => {
  // Three days of ten rows each; the six rows to test with are of the last, and five to choose by of the last and the second.
  const lines = Array.from({ length: 30 }, (_, i) => `${3 - (i % 3)},${(7 * i) % 11}`);
  const { rows } = prepareTable(await readTable(`day,y\n${lines.join('\n')}`), { split: { by: 'day' } });
  expect([...rows.test]).toEqual([12, 15, 18, 21, 24, 27]);
  expect([...rows.validation]).toEqual([0, 3, 6, 9, 28]);
  expect(new Set([...rows.train, ...rows.validation, ...rows.test]).size).toBe(30);
});

test.each<[unknown, string]>([
  ['latest', `RangeError: prepareTable: split must be 'random', 'last' or { by: 'COLUMN' }, got "latest"`],
  [{ by: 3 }, 'TypeError: prepareTable: split.by must be the name of a column, got 3'],
  [{ at: 'age' }, "TypeError: prepareTable: split: unknown option 'at'; known: by"],
  [
    { by: 'joind' },
    `RangeError: prepareTable: split: no column "joind", did you mean 'joined'?; columns: age, colour, smoker, joined, note, pay`,
  ],
  [{ by: 'pay' }, 'RangeError: prepareTable: split: "pay" is the target'],
  [{ by: 'colour' }, "RangeError: prepareTable: split: 'colour' must hold dates or numbers, got red, blue, green"],
])('a split of %j is refused', async (split, message) => {
  const table = await people();
  const options = { split } as PrepareTableOptions;
  expect(() => prepareTable(table, options)).toThrow(
    expect.objectContaining({ name: message.split(': ')[0], message: message.slice(message.indexOf(': ') + 2) }),
  );
});

test('a class without a row in a part is told', async () => {
  const kinds = Array.from({ length: 60 }, (_, i) => (i === 7 ? 'rare' : i >= 50 ? 'new' : 'ab'[i % 2]));
  const table = await readTable(`x,kind\n${kinds.map((kind, i) => `${i},${kind}`).join('\n')}`);
  const absent = (options: PrepareTableOptions) =>
    prepareTable(table, options).notes.filter((note) => note.startsWith('no row'));
  expect(absent({})).toEqual(['no row to choose by is of the class rare', 'no row to test with is of the class rare']);
  expect(absent({ split: 'last' })).toEqual([
    'no row to train on is of the class new',
    'no row to choose by is of the class new, rare',
    'no row to test with is of the class rare',
  ]);
});
