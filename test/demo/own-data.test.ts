import { expect, test } from 'vitest';
import type { TableChoice } from '../../demo/contract/state.js';
import { dataFacts } from '../../demo/worker/data/loaded-data.js';
import { readIdx, readOwnTable } from '../../demo/worker/read-data.js';

const file = (name: string, text: string) => ({ name, bytes: new TextEncoder().encode(text) });
const table = (rows: number, row: (i: number) => readonly (number | string)[], delimiter = ',') =>
  `a${delimiter}b${delimiter}c\n${Array.from({ length: rows }, (_, i) => row(i).join(delimiter)).join('\n')}`;
/** The data of a file of 100 rows. */
const csv = (row: (i: number) => readonly (number | string)[], delimiter?: string) =>
  readOwnTable(file('x.csv', table(100, row, delimiter)));
const options = { examples: 60, noise: 0, seed: 1 };

function moments(values: ArrayLike<number>, columns: number, column: number): [mean: number, deviation: number] {
  const own = Array.from(values).filter((_, i) => i % columns === column);
  const mean = own.reduce((a, b) => a + b, 0) / own.length;
  return [mean, Math.sqrt(own.reduce((sum, each) => sum + (each - mean) ** 2, 0) / own.length)];
}

test.each([',', ';', '\t'])('classes by name, with %j between values', async (delimiter) => {
  const own = await csv((i) => [i, 7, i % 2 ? 'yes' : 'no'], delimiter);
  const all = { ...options, examples: 64 };
  expect(await own.size(all)).toEqual({ examples: 64, features: 1 }); // b is the same everywhere: left out
  const { train, validation, test, available, classes, title } = await own.load(all);
  expect([train.examples, validation.examples, test.examples, available]).toEqual([64, 16, 20, 64]);
  expect([classes, title]).toEqual([['no', 'yes'], 'x.csv']);
  const [mean, deviation] = moments(train.x, 1, 0);
  expect(mean).toBeCloseTo(0, 5);
  expect(deviation).toBeCloseTo(1, 5);
});

test('few whole numbers are classes, others are numbers to learn, standardised', async () => {
  expect((await (await csv((i) => [i, i * i, i % 3])).load(options)).classes).toEqual(['0', '1', '2']);
  const numbers = await (await csv((i) => [i, i * i, i * 10])).load({ ...options, examples: 64 });
  expect(numbers.classes).toBeUndefined();
  const [mean, deviation] = moments(numbers.train.y, 1, 0);
  expect(mean).toBeCloseTo(0, 5);
  expect(deviation).toBeCloseTo(1, 5);
});

test('the first examples to learn from, noise on all sides', async () => {
  const own = await csv((i) => [i, i * i, i % 2 ? 'yes' : 'no']);
  const clean = await own.load({ ...options, examples: 20 });
  const noisy = await own.load({ ...options, examples: 20, noise: 0.5 });
  for (const [part, wrong] of [
    ['train', 10],
    ['validation', 8],
    ['test', 10],
  ] as const) {
    expect(
      noisy[part].y.filter((label, i) => label !== clean[part].y[i]),
      part,
    ).toHaveLength(wrong);
    expect(noisy[part].x).toEqual(clean[part].x);
  }
  expect(clean.train.examples).toBe(20);
});

test('a person’s choices: another target, another kind, columns left out', async () => {
  const own = await csv((i) => [i % 4, i * i, i % 2 ? 'yes' : 'no']);
  const facts = async (choice?: TableChoice) => {
    const { task, target, columns } = (await own.load({ ...options, table: choice })).table?.facts ?? {};
    return { task, target, leftOut: columns?.flatMap(({ name, leftOut }) => (leftOut ? [`${name}: ${leftOut}`] : [])) };
  };
  expect(await facts()).toEqual({ task: 'classes', target: 'c', leftOut: [] });
  expect(await facts({ target: 'a' })).toEqual({ task: 'classes', target: 'a', leftOut: [] });
  expect(await facts({ target: 'a', task: 'number', drop: ['c'] })).toEqual({
    task: 'number',
    target: 'a',
    leftOut: ['c: you dropped it'],
  });
  await expect(facts({ target: 'c', task: 'number' })).rejects.toThrow("'c' cannot be learned as a number");
  expect((await own.load(options)).table?.facts.columns[1]).toMatchObject({
    name: 'b',
    kind: 'number',
    first: '0',
    missing: 0,
  });
});

test('a note on dates has no advice that the page cannot follow', async () => {
  const own = await csv((i) => [`2024-01-${10 + (i % 20)}`, i * i, i % 2 ? 'yes' : 'no']);
  const { notes } = (await own.load(options)).table?.facts ?? {};
  expect(notes?.join()).toMatch(/dates, and rows are dealt at random: .*forecast$/);
});

test('the baseline answers with the shares of the classes, or with the mean', async () => {
  const classes = dataFacts(
    await (await csv((i) => [i, i * i, i % 4 ? 'yes' : 'no'])).load({ ...options, examples: 64 }),
    1e6,
  );
  expect(classes.baseline.accuracy).toBe(0.75);
  expect(classes.baseline.loss).toBeCloseTo(-0.75 * Math.log(0.75) - 0.25 * Math.log(0.25), 6);
  const numbers = dataFacts(
    await (await csv((i) => [i, i * i, (i * 37) % 101])).load({ ...options, examples: 64 }),
    50,
  );
  expect(numbers.baseline.accuracy).toBeUndefined();
  expect(numbers.baseline.loss).toBeGreaterThan(0.7);
  expect(numbers.baseline.loss).toBeLessThan(1.3);
  expect([numbers.available, numbers.room, classes.room]).toEqual([64, 50, undefined]);
});

test.each([
  ['a,b\n1,x\n1', 'table: 1 of 2 lines does not have 2 values: line 3 has 1'],
  ['id,status,rung\r\n1,finished,0', 'this is the result of a search'],
])('%.20s... is refused as it is read', async (text, message) => {
  await expect(readOwnTable(file('x.csv', text))).rejects.toThrow(message);
});

test.each([
  [table(8, (i) => [i, i * i, `class ${i % 2}`]), 'there are 5 training examples; at least 10 are needed'],
  [
    table(80, () => [1, 2, 'x']),
    'table: a column to learn and another one to learn it from are needed, got a (it has one value only), b (it has one value only), c (it has one value only)',
  ],
  [
    table(80, (i) => [i, i * i, `class ${i}`]),
    "table: 'c' cannot be learned as classes: it has 80 different values in 80 rows",
  ],
  [table(240, (i) => [i, i * i, `class ${i % 80}`]), 'there are 80 classes; this page shows at most 50'],
])('%.20s... cannot be learned', async (text, message) => {
  const own = await readOwnTable(file('x.csv', text));
  await expect(own.size(options)).rejects.toThrow(message);
});

const idx = (shape: number[], data: number[]) =>
  Uint8Array.from([0, 0, 8, shape.length, ...shape.flatMap((size) => [0, 0, 0, size]), ...data]);

test('an IDX pair in any order: bytes stay, and are images', () => {
  const upTo = (count: number) => [...Array(count).keys()];
  const images = { name: 'x', bytes: idx([40, 2, 3], upTo(240)) };
  const labels = {
    name: 'y',
    bytes: idx(
      [40],
      upTo(40).map((i) => i % 4),
    ),
  };
  for (const order of [1, -1]) {
    const own = readIdx([images, labels].toSorted((a, b) => order * a.name.localeCompare(b.name)));
    expect(own.size()).toEqual({ examples: 24, features: 6 });
    const { train, validation, test, classes, image } = own.load({ ...options, examples: 20 });
    expect([classes?.length, image]).toEqual([4, { width: 3, height: 2 }]);
    expect([train, validation, test].map(({ examples }) => examples)).toEqual([20, 8, 8]);
    expect([train.x instanceof Uint8Array, train.scale]).toEqual([true, 1 / 255]);
    const first = ({ x }: typeof train) => Array.from({ length: x.length / 6 }, (_, i) => x[6 * i]);
    const seen = [train, validation, test].flatMap(first);
    expect(new Set(seen).size).toBe(seen.length); // nothing is in two parts
  }
  expect(() => readIdx([images])).toThrow('Drop two IDX files together');
  expect(() => readIdx([images, images])).toThrow('must have one dimension');
});
