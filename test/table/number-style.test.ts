import { expect, test } from 'vitest';
import { prepareTable, readTable } from '../../src/index.js';
import { valuesInWords } from '../../src/table/column.js';
import { gapsOf } from '../../src/table/gaps.js';
import { numbersOf } from '../../src/table/preparation.js';

/** Returns the preparation of a column x that a training file holds, written as `write` does. */
async function preparationOf(write: (value: number) => string) {
  const lines = Array.from({ length: 60 }, (_, i) => `${write(1000 + 7.5 * i)}\t${i % 7}`);
  const table = await readTable(['x\ty', ...lines].join('\n'));
  return prepareTable(table, { target: 'y', task: 'number' }).preparation.features[0];
}

const ENGLISH = await preparationOf((value) => value.toLocaleString('en', { minimumFractionDigits: 2 }));
const GERMAN = await preparationOf((value) => value.toLocaleString('de', { minimumFractionDigits: 2 }));
const PLAIN = await preparationOf(String);

const asTrained = (text: string, value: number) => [`'x': ${text} is read as ${value}, as in the training file`];
const asGuessed = (text: string, value: number) => [`'x': ${text} is read as ${value}`];

test.each([
  ['English', ENGLISH, 'x,y\n"1,234",1', 1234, asTrained('1,234', 1234)],
  ['English', ENGLISH, 'x;y\n1,234;1', 1234, asTrained('1,234', 1234)],
  ['English', ENGLISH, 'x;z\n1,234;1,5', 1.234, []], // z shows that commas are decimal
  ['German', GERMAN, 'x,y\n"1,234",1', 1.234, asTrained('1,234', 1.234)],
  ['German', GERMAN, 'x,y\n1.234,1', 1234, asTrained('1.234', 1234)],
  ['German', GERMAN, 'x,z\n1.234,1.5', 1.234, []],
  ['German', GERMAN, '[{"x":1.234}]', 1.234, []], // a number of JSON has a point
  [
    'German',
    GERMAN,
    '[{"x":1.234},{"x":"many"},{"x":"more"}]',
    1.234,
    ["'x' is not a number in 2 rows, where it is filled in"],
  ],
  ['plain', PLAIN, 'x,y\n"1,234",1', 1234, asGuessed('1,234', 1234)],
  ['plain', PLAIN, 'x;y\n1,234;1', 1.234, asGuessed('1,234', 1.234)],
  ['plain', PLAIN, 'x,y\n12,1', 12, []],
])('a model of an %s file reads new rows as it was trained where they leave it open, and says so', async (...given) => {
  const [, feature, text, value, sentences] = given;
  const table = await readTable(text);
  expect(numbersOf(table.columns[0], feature)[0]).toBe(value);
  expect(gapsOf(feature, table)).toEqual(sentences);
});

test.each([
  ['x;y\n1,234;1,5\n2,345;2,5', 1.234],
  ['x;y\n1.234;1,5\n2.345;2,5', 1234],
  ['x;y\n1.234;2.5\n2.345;2.5', 1.234],
  ['x;y\n0,123;1\n0,345;2', 0.123],
])('other columns, and a first 0, tell the decimal mark: %j', async (text, value) => {
  const [x] = (await readTable(text)).columns;
  expect(numbersOf(x)[0]).toBe(value);
  expect(x.format?.sure).toBe(true);
});

test('a blank between thousands leaves nothing open', async () => {
  const [x] = (await readTable('x;y\n1 234;1\n2 345;2')).columns;
  expect(numbersOf(x)[0]).toBe(1234);
  expect(x.notes).toEqual([]);
});

test('clock times are hours, are told as such, and are kept in the preparation', async () => {
  const lines = Array.from({ length: 60 }, (_, i) => `${i % 24}:${10 + (i % 50)},${i % 7}`);
  const table = await readTable(['x,y', ...lines].join('\n'));
  const [x] = table.columns;
  expect(valuesInWords(x)).toBe('0:10 to 23:57');
  expect(x.notes).toEqual(['clock times are read as hours: 20:30 is 20.5']);
  const [feature] = prepareTable(table, { target: 'y', task: 'number' }).preparation.features;
  const readings = ['20:30', '8:30 pm', '20.5'].map(
    async (text) => (await readTable(`x,y\n${text},1`, { header: true })).columns[0],
  );
  for (const column of await Promise.all(readings)) expect(numbersOf(column, feature)[0]).toBe(20.5);
});
