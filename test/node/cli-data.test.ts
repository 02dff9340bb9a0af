import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { optionValues } from '../../src/cli/parse-options.js';
import { TableBar } from '../../src/cli/terminal/table-bar.js';
import { readConfig, type TrainConfig } from '../../src/cli/train/config.js';
import { loadData } from '../../src/cli/train/data.js';
import { buildTraining, parameterCount } from '../../src/cli/train/model.js';
import type { TrainOptions } from '../../src/cli/train/options.js';
import { compareWithMinimiser, ridgeMinimiser } from '../../src/cli/train/ridge-minimiser.js';
import { columnLines, type TableData, withTableDefaults } from '../../src/cli/train/table.js';
import { checkTrainFiles, reportPath } from '../../src/cli/train/train.js';
import { scratchFolder } from './scratch-folder.js';

const scratch = await scratchFolder();

const csv = join(scratch, 'd.csv');
await writeFile(csv, `a,b,kind\n${Array.from({ length: 10 }, (_, i) => `${i},${i % 3},${'xyz'[i % 3]}`).join('\n')}\n`);

const load = (given: TrainOptions) => loadData(readConfig(given));

test('a CSV file is split, classes are found or asked for', async () => {
  const { train, validation, about } = await load({ data: csv });
  expect([train.examples, validation.examples, train.classes]).toEqual([6, 2, 3]);
  expect(about).toBe(`${csv}: kind (one of 3 classes) from 2 columns; 6 rows to train on, 2 to choose by, 2 to test`);
  await writeFile(join(scratch, 'n.csv'), `a,b\n${'1,2\n2,5\n3,7\n'.repeat(10)}`);
  const numbers = { data: join(scratch, 'n.csv'), target: 'b' };
  expect((await load({ ...numbers, number: true })).train.classes).toBeUndefined();
  expect((await load(numbers)).train.classes).toBe(3);
});

test('a table has defaults by its size, which options change', async () => {
  const { train } = await load({ data: csv });
  const settings = (given: TrainOptions, examples = train.examples, features = 2) => {
    const { hidden, dropout, l2, batch, epochs, patience } = withTableDefaults(readConfig(given), given, {
      ...train,
      examples,
      features,
    });
    return { hidden, dropout, l2, batch, epochs, patience };
  };
  expect(settings({})).toEqual({ hidden: [64], dropout: [0.2], l2: 0.1, batch: 6, epochs: 500, patience: 75 });
  expect(settings({}, 300)).toMatchObject({ l2: 0.01, batch: 32, epochs: 300 });
  expect(settings({ 'l2-convention': 'sum' }, 300).l2).toBe(0.005);
  expect(settings({ 'l2-convention': 'mean' }, 300).l2).toBe(3);
  expect(settings({}, 50_000)).toMatchObject({ l2: 6e-5, batch: 256, epochs: 16, patience: 10 });
  // Many inputs: no more epochs than the operations allow, but one; then smaller batches make more steps.
  expect(settings({}, 50_000, 300)).toMatchObject({ epochs: 4, batch: 64 });
  expect(settings({}, 50_000, 20_000)).toMatchObject({ epochs: 1, batch: 32 });
  expect(settings({ batch: '256' }, 50_000, 300)).toMatchObject({ epochs: 5, batch: 256 });
  const given = { hidden: '5,6', dropout: '0', l2: '0', batch: '2', epochs: '7', patience: '0' };
  expect(settings(given)).toEqual({ hidden: [5, 6], dropout: [0, 0], l2: 0, batch: 2, epochs: 7, patience: 0 });
});

test('one line for each column says what becomes of it', async () => {
  const path = join(scratch, 'people.csv');
  const rows = Array.from({ length: 40 }, (_, i) => `${i},n${i},${i % 4 ? i : ''},${'xy'[i % 2]},1,${i / 8}`);
  await writeFile(path, `id,name,age,kind,one,pay\n${rows.join('\n')}`);
  const { table } = await load({ data: path });
  expect(columnLines(table as TableData)).toEqual([
    'column  kind      missing  values                   use',
    'id      index              0 to 39                  left out: it numbers the rows',
    'name    text               n0, n1, n2, n3, n4, ...  left out: nearly as many texts as rows',
    'age     number         10  1 to 39                  2 inputs: missing ones are filled, and marked',
    'kind    category           x, y                     3 inputs, one for each value and one for others',
    'one     constant           always 1                 left out: it has one value only',
    'pay     number             0 to 4.875               to learn',
  ]);
});

test('the presets make their data from the seed', async () => {
  const { train, about } = await load({ preset: 'ridge', seed: '1' });
  expect(about).toBe('100 points of y = 2x + 1 + 0.5 · noise; 100 more for validation');
  expect((await load({ preset: 'ridge', seed: '1' })).train).toEqual(train);
  expect((await load({ preset: 'ridge' })).train).not.toEqual(train);
  expect((await load({ preset: 'both' })).train.features).toBe(10);
});

test('the first examples alone are trained on, if so many are asked for', async () => {
  const all = await load({ data: csv });
  const some = await load({ data: csv, examples: '3' });
  expect(some.train.x).toEqual(all.train.x.subarray(0, 3 * 2));
  expect([some.train.examples, some.train.classes, some.validation]).toEqual([3, 3, all.validation]);
  expect(some.about).toContain('2 columns; the first 3 of 6 rows to train on, 2 to choose by, 2 to test');
  expect((await load({ data: csv, examples: '6' })).about).toBe(all.about);
  const points = await load({ preset: 'ridge', examples: '20' });
  expect(points.about).toMatch(/^the first 20 of 100 points of y = 2x/);
  expect((await load({ examples: '6000' })).about).toMatch(/^MNIST: the first 6,000 of 60,000 images of 784 pixels/);
});

test.each<[TrainOptions, string]>([
  [{ data: csv, examples: '9' }, '--examples must be an integer in [1, 6], got 9'],
  [{ data: join(scratch, 'none') }, `--data: there is no ${join(scratch, 'none')}`],
  [
    { data: 'https://x.org/a.csv' },
    '--data names a file of this machine, not an address: download https://x.org/a.csv first',
  ],
  [{ data: scratch, target: 'b' }, `--target is for a table, and --data ${scratch} is a directory`],
  [{ data: scratch, classes: true }, `--classes is for a table, and --data ${scratch} is a directory`],
  [{ data: csv, target: 'knd' }, '--target: no column "knd", did you mean \'kind\'?; columns: a, b, kind'],
])('refuses %j', async (given, message) => {
  await expect(load(given)).rejects.toMatchObject({ name: 'UsageError', message: `wgrad train: ${message}` });
});

test('what does not fit is refused in the name of the command that was given it', async () => {
  const loaded = loadData(readConfig({ data: csv, examples: '9' }), optionValues('wgrad tune'));
  const message = 'wgrad tune: --examples must be an integer in [1, 6], got 9';
  await expect(loaded).rejects.toMatchObject({ name: 'UsageError', message });
});

/** The bytes of an IDX file. */
const idx = (shape: number[], ...elements: number[]) =>
  Uint8Array.from([0, 0, 8, shape.length, ...shape.flatMap((extent) => [0, 0, 0, extent]), ...elements]);

test('a directory holds training and test images that fit each other', async () => {
  const path = join(scratch, 'images');
  await mkdir(path);
  await writeFile(join(path, 'train-images-idx3-ubyte'), idx([2, 1, 2], 1, 2, 3, 4));
  await writeFile(join(path, 'train-labels-idx1-ubyte'), idx([2], 0, 1));
  await writeFile(join(path, 't10k-images-idx3-ubyte'), idx([1, 1, 2], 5, 6));
  await writeFile(join(path, 't10k-labels-idx1-ubyte'), idx([1], 1));
  const { train, validation, about } = await load({ data: path });
  expect([train.examples, validation.examples]).toEqual([2, 1]);
  expect(about).toBe(
    `${path}: 2 images of 2 pixels in 2 classes; validation on the 1 test images, which are never used to choose anything`,
  );

  const refused = (message: string) =>
    expect(load({ data: path })).rejects.toMatchObject({ name: 'UsageError', message: `wgrad train: ${message}` });
  await writeFile(join(path, 't10k-labels-idx1-ubyte'), idx([1], 2));
  await refused(`--data: ${path}: dataset: labels must be among classNames "0", "1", got 2 at row 0`);
  await writeFile(join(path, 't10k-labels-idx1-ubyte'), idx([1], 1));
  await writeFile(join(path, 't10k-images-idx3-ubyte'), idx([1, 1, 1], 5));
  await refused(`--data: ${path}: training images have 2 pixels, test images 1`);
});

test('refuses a file that is too small to hold rows out of it', async () => {
  const path = join(scratch, 'small.csv');
  await writeFile(path, 'a,b\n1,2\n3,4\n');
  const message = `${path}: at least 5 rows are needed, got 2`;
  await expect(load({ data: path })).rejects.toMatchObject({ kind: 'data', message });
});

test.each([
  [{}, undefined],
  [{ json: 'a.JSON' }, 'a.html'],
  [{ json: 'a.html' }, 'a.html.html'],
  [{ json: 'a', report: 'b' }, 'b'],
  [{ json: '/dev/stdout' }, undefined],
])('the report of %j lies at %s', async (given, path) => {
  expect(await reportPath(given)).toBe(path);
});

test.each<[TrainOptions, string]>([
  [{ json: '/none/x.json' }, '--json: there is no directory /none'],
  [{ json: `${csv}/x.json` }, `--json: there is no directory ${csv}`],
  [{ save: scratch }, `--save: cannot write ${scratch}: it is a directory`],
  [{ checkpoint: `${scratch}/none/` }, `--checkpoint: cannot write ${scratch}/none/: it is a directory`],
  [{ json: 'x.json', save: './x.html' }, '--report and --save both name ./x.html'],
  [{ data: csv, json: csv }, `--data and --json both name ${csv}`],
])('refuses to write to %j', async (given, message) => {
  await expect(checkTrainFiles(given)).rejects.toMatchObject({ message: `wgrad train: ${message}` });
});

test('the closed form is a minimum: both derivatives of the objective are 0 there', () => {
  const number = fc.double({ min: -10, max: 10, noNaN: true });
  const points = fc.array(fc.tuple(number, number), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(points, fc.double({ min: 1e-3, max: 10, noNaN: true }), (pairs, strength) => {
      const [x, y] = [pairs.map(([each]) => each), pairs.map(([, each]) => each)];
      const { w, b } = ridgeMinimiser(x, y, strength);
      const errors = x.map((each, i) => w * each + b - y[i]);
      const dw = errors.reduce((sum, e, i) => sum + 2 * e * x[i], 0) / x.length + 2 * strength * w;
      const db = errors.reduce((sum, e) => sum + 2 * e, 0) / x.length;
      expect(Math.abs(dw)).toBeLessThan(1e-6);
      expect(Math.abs(db)).toBeLessThan(1e-6);
    }),
  );
});

test('a line is compared with the minimiser under every convention, anything else is not', async () => {
  const data = await load({ preset: 'ridge' });
  const weights = [{ data: new Float32Array([2]) }, { data: new Float32Array([1]) }];
  const compare = (given: TrainOptions) =>
    compareWithMinimiser(readConfig({ preset: 'ridge', ...given }), data, weights);
  const sum = compare({ l2: '0.01' });
  expect(sum?.difference).toBeGreaterThan(0);
  expect(compare({ l2: '0.02', 'l2-convention': 'half' })).toEqual(sum);
  expect(compare({ l2: '2', 'l2-convention': 'mean' })).toEqual(sum);
  expect(compare({ hidden: '3' })).toBeUndefined();
  expect(compare({ optimizer: 'sgdw' })).toBeUndefined();
});

test('a configuration becomes a model and an optimiser', async () => {
  const config = readConfig({ hidden: '5,6', dropout: '0,0.5', activation: 'leaky-relu', optimizer: 'nesterov' });
  const { train } = await load({ data: csv });
  const kindsOf = (config: TrainConfig, space = {}) =>
    buildTraining(config, train, space)
      .model.layers.map(({ kind }) => kind)
      .join(' ');
  expect(kindsOf(config)).toBe('dense leakyRelu dropout dense leakyRelu dropout dense');
  expect(kindsOf(readConfig({ hidden: '5', norm: 'batch' }))).toBe('dense batchNorm relu dropout dense');
  const none = readConfig({ hidden: '5,6', dropout: '0' });
  expect(kindsOf(none)).toBe('dense relu dense relu dense');
  expect(kindsOf(config, { l2: {} })).toBe(kindsOf(config)); // a search keeps what it does not vary
  expect(kindsOf(none, { dropout: {} })).toBe('dense relu dropout dense relu dropout dense');
  expect(parameterCount(config, { examples: 9, features: 4, outputs: 1, classes: 3 })).toBe(5 * 5 + 6 * 6 + 7 * 3);
  const of = (given: TrainOptions, space = {}) => buildTraining(readConfig(given), train, space).options;
  expect(of({}).optimizer).toMatchObject({ kind: 'adam', options: { learningRate: 0.002 } });
  expect(of({ optimizer: 'nesterov' }).optimizer.options).toMatchObject({ momentum: 0.9, nesterov: true });
  expect(of({ optimizer: 'sgdw' }).optimizer.options).toMatchObject({ momentum: 0.9, weightDecay: 0.01 });
  expect(of({ optimizer: 'adamw' }).optimizer).toMatchObject({ kind: 'adamw', options: { weightDecay: 0.01 } });
  expect(of({ 'l2-convention': 'mean' }).regularizer?.options).toMatchObject({ convention: 'mean', examples: 6 });
  expect(of({ l2: '0' }).regularizer).toBeUndefined();
  expect(of({}, { dropout: {} }).regularizer).toMatchObject({ options: { strength: 1e-5 } });
  expect(of({ l2: '0' }, { l2: {} }).regularizer).toMatchObject({ kind: 'l2', options: { strength: 0 } });
  expect(of({}).loss.kind).toBe('softmaxCrossEntropy');
  expect(of({ 'label-smoothing': '0.1' }).loss).toMatchObject({
    kind: 'softmaxCrossEntropy',
    options: { labelSmoothing: 0.1 },
  });
  expect(of({ loss: 'focal' }).loss).toMatchObject({ kind: 'focal', options: { gamma: 2 } });
});

test.each([
  [true, ['', '', '━━━━━━━━━━━━──────────── reading a.csv', '', '━━━━━━━━━━━━━━━━━━────── reading a.csv']],
  [false, ['', '', '', '', '']],
])('a bar tells how much of a long table is done, if a person watches: %s', (live, expected) => {
  const start = Date.now();
  vi.useFakeTimers({ now: start });
  try {
    let shown = '';
    const write = (text: string) => {
      shown += text.replace('\r', '').replace('\x1b[K', '');
    };
    const bar = new TableBar({ write, live, color: false, columns: 80, rows: 24 }, 'reading a.csv');
    const drawn = [0, 499, 500, 550, 600].map((time, i) => {
      shown = '';
      vi.setSystemTime(start + time);
      bar.show([0, 0.4, 0.5, 0.6, 0.75][i]);
      return shown;
    });
    expect(drawn).toEqual(expected);
  } finally {
    vi.useRealTimers();
  }
});
