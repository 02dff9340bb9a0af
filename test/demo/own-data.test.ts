import { expect, test } from 'vitest';
import { ownData } from '../../demo/worker/data/own-data.js';
import { readIdx, readOwnTable } from '../../demo/worker/read-data.js';

const file = (name: string, text: string) => ({ name, bytes: new TextEncoder().encode(text) });
const table = (rows: number, row: (i: number) => readonly (number | string)[], delimiter = ',') =>
  `a${delimiter}b${delimiter}c\n${Array.from({ length: rows }, (_, i) => row(i).join(delimiter)).join('\n')}`;
/** The data of a file of 80 rows. */
const csv = (row: (i: number) => readonly (number | string)[], delimiter?: string) =>
  readOwnTable(file('x.csv', table(80, row, delimiter)));
const options = { examples: 60, noise: 0, seed: 1 };

function moments(values: ArrayLike<number>, columns: number, column: number): [mean: number, deviation: number] {
  const own = Array.from(values).filter((_, i) => i % columns === column);
  const mean = own.reduce((a, b) => a + b, 0) / own.length;
  return [mean, Math.sqrt(own.reduce((sum, each) => sum + (each - mean) ** 2, 0) / own.length)];
}

test.each([',', ';', '\t'])('classes by name, with %j between values', async (delimiter) => {
  const own = await csv((i) => [i, 7, i % 2 ? 'yes' : 'no'], delimiter);
  expect([own.classes, own.trainingRows, own.title]).toEqual([['no', 'yes'], 60, 'x.csv']);
  const { train, validation } = ownData(own, options);
  expect([train.examples, validation.examples, train.features]).toEqual([60, 20, 1]); // b is the same everywhere: left out
  const [mean, deviation] = moments(train.x, 1, 0);
  expect(mean).toBeCloseTo(0, 5);
  expect(deviation).toBeCloseTo(1, 5);
});

test('few whole numbers are classes, others are numbers to learn, standardised', async () => {
  expect((await csv((i) => [i, i, i % 3])).classes).toEqual(['0', '1', '2']);
  const numbers = await csv((i) => [i, i, i * 10]);
  expect(numbers.classes).toBeUndefined();
  const [mean, deviation] = moments(ownData(numbers, options).train.y, 1, 0);
  expect(mean).toBeCloseTo(0, 5);
  expect(deviation).toBeCloseTo(1, 5);
});

test('the first examples to learn from, noise on both sides', async () => {
  const own = await csv((i) => [i, i, i % 2 ? 'yes' : 'no']);
  const [clean, noisy] = [0, 0.5].map((noise) => ownData(own, { ...options, examples: 20, noise }));
  expect(noisy.train.y.filter((label, i) => label !== clean.train.y[i])).toHaveLength(10);
  expect(noisy.validation.x).toEqual(clean.validation.x);
  expect(noisy.validation.y.filter((label, i) => label !== clean.validation.y[i])).toHaveLength(10);
  expect(clean.train.examples).toBe(20);
});

test.each([
  ['a,b\n1,x\n1', 'table: 1 of 2 lines does not have 2 values: line 3 has 1'],
  [table(8, (i) => [i, i, `class ${i % 2}`]), 'there are 6 training examples; at least 10 are needed'],
  [table(80, () => [1, 2, 'x']), 'table: a column to learn and another one are needed, got a, b, c'],
  [
    table(80, (i) => [i, i, `class ${i}`]),
    "table: 'c' cannot be learned as classes: it has 80 different values in 80 rows",
  ],
  [table(240, (i) => [i, i, `class ${i % 80}`]), 'there are 80 classes; this page shows at most 50'],
])('%.20s... is refused', async (text, message) => {
  await expect(readOwnTable(file('x.csv', text))).rejects.toThrow(message);
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
    expect([own.classes?.length, own.image, own.trainingRows]).toEqual([4, { width: 3, height: 2 }, 30]);
    const { train } = ownData(own, { ...options, examples: 30 });
    expect([train.x instanceof Uint8Array, train.scale]).toEqual([true, 1 / 255]);
  }
  expect(() => readIdx([images])).toThrow('Drop two IDX files together');
  expect(() => readIdx([images, images])).toThrow('must have one dimension');
});
