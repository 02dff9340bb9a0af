import { expect, test } from 'vitest';
import {
  createReferenceEngine,
  createTrainer,
  dense,
  meanSquaredError,
  type PrepareTableOptions,
  prepareTable,
  readTable,
  relu,
  sequential,
  sgd,
  softmaxCrossEntropy,
  type Table,
  type TableColumn,
  toOnnx,
} from '../../src/index.js';
import { encodeFeatures, numbersOf } from '../../src/table/preparation.js';
import { differenceOf, openSession, Tensor, type Values } from './open-session.js';

/** The difference allowed: sums of float32 in another order. */
const TOLERANCE = 1e-5;

const ROWS = 60;
const pick = (texts: readonly string[], i: number) => texts[(i * 7) % texts.length];

/** Columns of every kind by name; each returns the text of a row. */
const COLUMNS: Readonly<Record<string, (row: number) => string>> = {
  amount: (i) => (i % 9 === 4 ? '' : String(Math.sin(i) * 50)),
  huge: (i) => String(1.7e9 + i * i), // float32 cannot tell its values apart
  outlier: (i) => (i === 11 ? '1e12' : String(i % 13)),
  when: (i) => (i % 11 === 3 ? '' : `20${10 + (i % 14)}-0${1 + (i % 9)}-1${i % 10} 0${i % 10}:30`),
  'colour of it': (i) => pick(['red', 'green', 'Blue', 'deep red', ''], i),
  paid: (i) => pick(['yes', 'No', 'no', 'yes', ''], i),
  label: (i) => pick(['x', 'y', 'output'], i + 1), // also the name of an output
  size: (i) => String(i / 7),
  kind: (i) => pick(['cat', 'dog', 'üñí'], i + (i % 2)),
  price: (i) => String(3e6 + 1000 * Math.cos(i)),
};

const text = [
  Object.keys(COLUMNS).join(),
  ...Array.from({ length: ROWS }, (_, row) =>
    Object.values(COLUMNS)
      .map((of) => of(row))
      .join(),
  ),
].join('\n');
const table = await readTable(text);

/** Returns a table's columns as inputs of a model. */
function inputsOf({ columns, rows }: Table, names: readonly string[]): Values {
  const values = (column: TableColumn) =>
    column.kind === 'number' || column.kind === 'date'
      ? new Tensor('float64', numbersOf(column), [rows, 1])
      : new Tensor(
          'string',
          Array.from({ length: rows }, (_, row) => column.cells.text(row)),
          [rows, 1],
        );
  const used = columns.filter(({ name }) => names.includes(name));
  return Object.fromEntries(used.map((column) => [column.name, values(column)]));
}

/** Trains a little on a table, and returns what is needed to compare the model with its file. */
async function trained(options: PrepareTableOptions) {
  const { train, preparation } = prepareTable(table, options);
  const isClasses = train.classes !== undefined;
  const trainer = await createTrainer(
    createReferenceEngine(),
    sequential([dense(8), relu(), dense(train.classes ?? 1)]),
    {
      input: [train.features],
      batchSize: train.examples,
      loss: isClasses ? softmaxCrossEntropy() : meanSquaredError(),
      optimizer: sgd({ learningRate: 0.02 }),
    },
  );
  for await (const _ of trainer.fit(train, { epochs: 3 }));
  const session = await openSession(await toOnnx(trainer, { preparation }));
  const expected = await trainer.predict(encodeFeatures(preparation.features, table));
  const names = preparation.features.map(({ name }) => name);
  expect(session.inputNames).toEqual(names);
  return { session, expected, preparation, names };
}

test.each([
  ['kind', { target: 'kind' }],
  ['kind, unstandardised', { target: 'kind', standardize: false, drop: ['huge', 'outlier', 'when', 'price'] }],
  ['kind, without columns of texts', { target: 'kind', features: ['size', 'amount', 'when'] }],
  ['kind, of columns of texts alone', { target: 'kind', features: ['paid', 'label', 'colour of it'] }],
  ['kind, of one column', { target: 'kind', features: ['huge'] }],
] as const)('classes of a table: %s', async (_, options) => {
  const { session, expected, preparation, names } = await trained(options);
  const { output, probabilities, ...rest } = await session.run(inputsOf(table, names));
  expect(differenceOf(output, expected)).toBeLessThan(TOLERANCE);
  const classes = 'classes' in preparation.target ? preparation.target.classes : [];
  const rows = Array.from({ length: ROWS }, (_, i) => [...expected.subarray(3 * i, 3 * i + 3)]);
  const shares = rows.map((row) => row.map((z) => Math.exp(z) / row.reduce((sum, each) => sum + Math.exp(each), 0)));
  expect(differenceOf(probabilities, shares.flat())).toBeLessThan(TOLERANCE);
  const [label] = Object.values(rest);
  expect(label.dims).toEqual([ROWS]);
  expect(label.data).toEqual(rows.map((row) => classes[row.indexOf(Math.max(...row))]));
});

test('numbers of a table, in its units', async () => {
  const { session, expected, preparation, names } = await trained({ target: 'price' });
  const { prediction } = await session.run(inputsOf(table, names));
  const { mean, deviation } = preparation.target as { mean: number; deviation: number };
  expect(prediction.type).toBe('float64');
  expect(prediction.dims).toEqual([ROWS, 1]);
  const standardised = Array.from(prediction.data as Float64Array, (value) => (value - mean) / deviation);
  expect(differenceOf(new Tensor('float64', standardised, [ROWS]), expected)).toBeLessThan(TOLERANCE);
});

test('a text is known in capitals and small letters; any other is another value', async () => {
  const { session } = await trained({ target: 'kind', features: ['colour of it', 'paid'] });
  const texts = (...all: string[]) => new Tensor('string', all, [all.length, 1]);
  const { output } = await session.run({
    'colour of it': texts('Blue', 'bLUE', 'DEEP red', 'purple', '', ' blue'),
    paid: texts('No', 'FALSE', 'n', 'maybe', '', ' no'),
  });
  const rows = Array.from({ length: 6 }, (_, i) => [...(output.data as Float32Array).subarray(3 * i, 3 * i + 3)]);
  const [known, mixed, deep, other, missing, blank] = rows;
  expect(mixed).toEqual(known);
  expect(new Set([known, deep, other].map(String)).size).toBe(3);
  expect([missing, blank]).toEqual([other, other]);
});

test('letters beyond ASCII may be capitals, too', async () => {
  const { session } = await trained({ target: 'size', task: 'number', features: ['kind'] });
  const texts = ['üñí', 'ÜÑÍ', 'Üñí', 'üÑÍ', 'cat', ''];
  const { output } = await session.run({ kind: new Tensor('string', texts, [texts.length, 1]) });
  const [known, ...others] = output.data as Float32Array;
  expect(others.map((value) => value === known)).toEqual([true, true, true, false, false]);
});

test('infinity is missing, and true is a word for yes', async () => {
  const { session } = await trained({ target: 'kind', features: ['amount', 'paid'] });
  const run = async (amount: number, paid: string) => {
    const values = { amount: new Tensor('float64', [amount], [1, 1]), paid: new Tensor('string', [paid], [1, 1]) };
    return (await session.run(values)).output.data;
  };
  const missing = await run(Number.NaN, 'yes');
  expect(await run(7, 'yes')).not.toEqual(missing);
  for (const amount of [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    expect(await run(amount, 'true')).toEqual(missing);
  }
});
