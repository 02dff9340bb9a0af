import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { featureNames } from '../../src/table/preparation.js';
import { type PreparedTable, type PrepareTableOptions, prepareTable } from '../../src/table/prepare-table.js';
import { readTable } from '../../src/table/read-table.js';

const open = async (path: string, options?: PrepareTableOptions): Promise<PreparedTable> => {
  const bytes = await readFile(new URL(`../table/cases/${path}`, import.meta.url));
  return prepareTable(await readTable(bytes), options);
};

/** Files as people have them: the inputs, and the classes or the fact that the target is a number. */
test.each<[string, string[], 'number' | string[], string?]>([
  ['codes/one-two-three.csv', ['a', 'b'], ['1', '2', '3'], 'so they are classes'],
  ['codes/postcodes.csv', ['a', 'b'], ['10115', '60311', '80331']],
  ['codes/ids.csv', ['a', 'b'], ['1', '2', '900000001']],
  ['header/text-class.csv', ['c1', 'c2'], ['small', 'middle', 'large'], "the last one, 'c3'"],
  ['header/number-class.csv', ['c1', 'c2'], ['0', '1', '2']],
  ['missing/first-target-nan.csv', ['open', 'volume'], 'number', "1 row left out: 'change' is missing"],
  ['missing/feature-empty.csv', ['age', 'dose', 'dose is missing'], 'number'],
  [
    'kinds/people.csv',
    ['age', 'colour = red', 'colour = blue', 'colour = green', 'colour = (other)', 'smoker', 'joined'],
    'number',
  ],
  ['locale/semicolon.csv', ['x', 'y'], 'number'],
  ['locale/tabs.txt', ['x', 'y'], 'number'],
  ['locale/spaces.txt', ['x', 'y'], 'number'],
  ['locale/de.csv', ['x', 'y'], 'number'],
  ['encoding/bom-quoted.csv', ['x', 'y'], 'number'],
  ['encoding/latin1.csv', ['grösse', 'y'], 'number'],
  ['encoding/utf16.csv', ['x', 'y'], 'number'],
  ['encoding/data.csv.gz', ['x', 'y'], 'number'],
  ['ragged/pandas-index.csv', ['x', 'y'], 'number'],
  ['ragged/r-rownames.csv', ['x', 'y'], 'number'],
  ['ragged/trailing.csv', ['x', 'y'], 'number'],
  ['ragged/comment.csv', ['x', 'y'], 'number'],
  ['ragged/dup.csv', ['x', 'x.2'], 'number'],
  ['ragged/case.csv', ['x', 'y'], ['no', 'yes']],
  ['units/houses.csv', ['rooms', 'area_m2', 'year'], 'number'],
])('%s is read as it is', async (path, inputs, target, note) => {
  const { task, preparation, notes } = await open(path);
  expect(featureNames(preparation.features)).toEqual(inputs);
  if (target === 'number') expect(task.task).toBe('number');
  else expect([...task.classes].sort()).toEqual([...target].sort());
  if (note !== undefined) expect(notes.join('; ')).toContain(note);
});

test('encoding/sep.csv has three columns', async () => {
  const bytes = await readFile(new URL('../table/cases/encoding/sep.csv', import.meta.url));
  expect((await readTable(bytes)).columns.map(({ name }) => name)).toEqual(['x', 'y', 'z']);
});

test('a target of dates is refused, and other columns are named', async () => {
  await expect(open('kinds/date-last.csv')).rejects.toMatchObject({
    kind: 'data',
    message:
      "table: 'when' cannot be learned as a number: it holds dates, 60 different ones in 60 rows; other columns: a, b",
  });
});

test('the units of a file do not matter', async () => {
  const raw = await open('units/houses.csv');
  const standardised = await open('units/houses-standardised.csv');
  const far = Math.max(...Array.from(raw.train.x, (value, i) => Math.abs(value - standardised.train.x[i])));
  expect(far).toBeLessThan(1e-4); // the file has six digits
});
