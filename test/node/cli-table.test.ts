import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { hasExploded } from '../../src/cli/train/baseline.js';
import { waitOf } from '../../src/cli/train/best-so-far.js';
import { OPTIMIZER_NAMES } from '../../src/cli/train/presets.js';
import type { RunResult } from '../../src/cli/train/run-result.js';
import { confusionLines, tableLines } from '../../src/cli/train/show-table.js';
import type { ClassesResult, NumberResult, TableResult } from '../../src/cli/train/table-result.js';
import { readSafetensors } from '../../src/data/safetensors.js';
import { scratchFolder } from './scratch-folder.js';
import { readJson, succeed, wgrad } from './wgrad.js';

const scratch = await scratchFolder();
const at = (name: string) => join(scratch, name);

/** One row in twelve is of the rare class, and lies a little to the right of the others. */
const rare = at('rare.csv');
await writeFile(
  rare,
  `a,b,kind\n${Array.from({ length: 300 }, (_, i) => {
    const isRare = i % 12 === 0;
    const noise = Math.sin(7 * i * i);
    return `${(noise + (isRare ? 1 : 0)).toFixed(4)},${Math.cos(3 * i).toFixed(4)},${isRare ? 'rare' : 'common'}`;
  }).join('\n')}\n`,
);
const numbers = at('numbers.csv');
await writeFile(
  numbers,
  `a,b,y\n${Array.from({ length: 100 }, (_, i) => `${i % 7},${i % 11},${1000 * (i % 7) - 50 * (i % 11) + (i % 3)}`).join('\n')}\n`,
);

const TRAIN = 'train --reference --hidden 4 --dropout 0';

test('--balance makes rare classes count, and the test says so', async () => {
  const line = `${TRAIN} --data ${rare} --epochs 60`;
  const [plain, balanced] = await Promise.all([
    succeed<RunResult>(scratch, 'plain', line),
    succeed<RunResult>(scratch, 'balanced', `${line} --balance`),
  ]);
  const [without, with_] = [plain, balanced].map(({ result }) => result.table?.classes as ClassesResult);
  expect(without).toMatchObject({ balancedAccuracy: 0.5, beatsBaseline: false });
  expect(without.classes.map(({ name, support }) => [name, support])).toEqual([
    ['common', 55],
    ['rare', 5],
  ]);
  expect(without.baseline).toEqual({ class: 'common', accuracy: 55 / 60, balancedAccuracy: 0.5 });
  expect(plain.stdout).toContain('The model is no better than that');
  expect(with_.balancedAccuracy).toBeGreaterThan(0.6);
  expect(with_.beatsBaseline).toBe(true);
  expect(with_.rocAuc).toBeGreaterThan(0.5);
  expect(balanced.stdout).toMatch(/true \\ predicted {2}common {2}rare {2}precision/);
  expect(balanced.result.config.balance).toBe(true);
  // 44 validation rows are common and 4 are rare: with classes alike, accuracies are multiples of 1/88, else of 1/48.
  const areBalanced = ({ epochs }: RunResult) =>
    epochs
      .map(({ validationAccuracy }) => 88 * (validationAccuracy ?? 0))
      .every((n) => Math.abs(n - Math.round(n)) < 1e-3);
  expect([areBalanced(balanced.result), areBalanced(plain.result)]).toEqual([true, false]);
});

test('the report has the confusion matrix, and the columns', async () => {
  const page = await readFile(at('plain.html'), 'utf8');
  expect(page).toContain('<h2>Confusion matrix</h2>');
  expect(page).toContain('<tr><th>common</th><td style="background: rgb(11 107 203 / 0.6)">55</td><td>0</td>');
  expect(page).toContain('<td style="background: rgb(194 65 12 / 0.6)">5</td>');
  expect(page).toContain('<tr><td>a</td><td>number</td><td>0</td>');
});

test('numbers are measured in their own units, and drawn', async () => {
  const { result, stdout } = await succeed<RunResult>(
    scratch,
    'numbers',
    `${TRAIN} --data ${numbers} --epochs 100 --learning-rate 0.03`,
  );
  const { mae, rmse, r2, baseline, pairs, examples, beatsBaseline } = result.table?.number ?? {};
  expect([examples, pairs?.length, beatsBaseline]).toEqual([20, 20, true]);
  expect(baseline?.rmse).toBeGreaterThan(1000);
  expect(rmse).toBeLessThan(500);
  expect(mae).toBeLessThan(rmse as number);
  expect(r2).toBeGreaterThan(0.9);
  expect(pairs?.every(([truth]) => Math.abs(truth - Math.round(truth)) < 0.01)).toBe(true);
  expect(stdout).toMatch(/Baseline +always the mean: error \d+ \(root mean square\), \d+ \(mean\)\n/);
  const page = await readFile(at('numbers.html'), 'utf8');
  expect(page).toContain('aria-label="Predicted against true y"');
  expect(page.match(/class="series0 dot"/g)).toHaveLength(20);
});

test('the baseline is the mean of the training rows, also of numbers that are not standardised', async () => {
  const line = `${TRAIN} --data ${numbers} --epochs 1 --no-standardize`;
  const { result, stdout } = await succeed<RunResult>(scratch, 'raw', line);
  const measures = result.table?.number as NumberResult;
  const { rmse, r2, baseline, beatsBaseline } = measures;
  expect([rmse > baseline.rmse, beatsBaseline]).toEqual([true, false]);
  expect(r2).toBeLessThan(0);
  expect(baseline.rmse).toBeGreaterThan(1500);
  expect(baseline.rmse).toBeLessThan(2500);
  expect(stdout).toMatch(/The\s+model\s+is\s+no\s+better\s+than\s+that/);
});

test('a few targets that are far off are told, and a model whose R² is below 0 is no better than its baseline', async () => {
  const far = at('far.csv');
  const ys = Array.from({ length: 300 }, (_, i) => `${i},${i === 272 || i === 80 ? 9999999 : 2 * i + 1}`);
  await writeFile(far, `x,y\n${ys.join('\n')}\n`);
  const { result, stdout } = await succeed<RunResult>(scratch, 'far', `${TRAIN} --data ${far} --epochs 30`);
  const measures = result.table?.number as NumberResult;
  const { r2, beatsBaseline, baseline } = measures;
  expect(r2).toBeLessThan(0);
  expect([beatsBaseline, baseline.always]).toEqual([false, 'median']);
  expect(baseline.rmse).toBeLessThan(1000);
  const words = stdout.replace(/\s+/g, ' ');
  expect(words).toContain("2 of 300 values of 'y' are far from the others (9999999): correct or leave out these rows");
  expect(words).toContain('The model is no better than that');
});

test('a model with a smaller error than the baseline and R² below 0 is no better', () => {
  const number = { examples: 9, mae: 1, rmse: 1, r2: -0.1, pairs: [], beatsBaseline: false };
  const baseline = { always: 'mean', mae: 2, rmse: 2 } as const;
  const measured = {
    columns: [],
    notes: [],
    target: 'k',
    testExamples: 9,
    testLoss: 1,
    number: { ...number, baseline },
  };
  expect(tableLines(measured)[1]).toEqual([
    'Baseline',
    'always the mean: error 2.000 (root mean square), 2.000 (mean). R² is below 0: the model is no better than always saying one number',
  ]);
});

test.each(OPTIMIZER_NAMES)('prices of houses in their own units are learned by %s', async (optimizer) => {
  const houses = 'test/table/cases/units/houses.csv';
  const line = `train --reference --hidden 32 --data ${houses} --optimizer ${optimizer} --epochs 120`;
  const { result } = await succeed<RunResult>(scratch, optimizer, line);
  expect(result.table?.number?.r2).toBeGreaterThan(0.95);
});

test.each([
  ['a loss a million times the first', { first: 1, last: 1.1e6, guessing: 2 }, true],
  ['a loss a million times that of guessing', { first: 1e20, last: 1.1e6, guessing: 1 }, true],
  ['a loss below that of guessing', { first: 1e-9, last: 0.5, guessing: 1 }, false],
  ['a bad loss', { first: 1, last: 1e5, guessing: 1 }, false],
  ['equal targets', { first: 1e-3, last: 1, guessing: 0 }, false],
])('hasExploded: %s', (_, loss, expected) => {
  expect(hasExploded(loss)).toBe(expected);
});

test('a training whose loss explodes is told as diverged', async () => {
  const json = at('exploded.json');
  const { code, stderr, stdout } = await wgrad(
    `train --reference --preset ridge --learning-rate 5 --epochs 8 --json ${json}`,
  );
  expect(code).toBe(4);
  expect(stderr).toMatch(/^wgrad: training diverged: its loss is .*e\+\d+, .*try a smaller --learning-rate\n$/);
  expect(stdout).not.toContain('explained');
  expect(await readJson(json)).toMatchObject({ status: 'diverged', testLoss: null });
});

test('test images are measured by class', async () => {
  const line = `${TRAIN} --data test/data/cases/idx/labels-from-1 --epochs 2`;
  const { result, stdout } = await succeed<RunResult>(scratch, 'images', line);
  const { classes, accuracy, baseline } = result.images as ClassesResult;
  expect(accuracy).toBeCloseTo(result.testAccuracy as number, 12);
  expect(classes.reduce((sum, { support }) => sum + support, 0)).toBe(result.config.validationExamples);
  expect(stdout).toContain(`always ${baseline.class}: accuracy`);
  expect(classes.map(({ name }) => name)).toEqual(Array.from({ length: classes.length }, (_, i) => `${i + 1}`));
  expect(await readFile(at('images.html'), 'utf8')).toContain('true \\ predicted');
});

test('--balance is refused for numbers', async () => {
  const { code, stderr } = await wgrad(`train --reference --data ${numbers} --balance`);
  expect([code, stderr]).toEqual([2, expect.stringContaining('--balance is for classes, and the data has numbers')]);
});

test('waitOf counts the epochs since the best one', () => {
  const of = (...losses: number[]) => waitOf(losses.map((validationLoss) => ({ validationLoss })));
  expect(of()).toEqual({ best: 0, waited: 0 });
  expect(of(Number.NaN, Number.POSITIVE_INFINITY)).toEqual({ best: 0, waited: 2 });
  expect(of(3, 1, 1, Number.NaN)).toEqual({ best: 2, waited: 2 });
});

/** The part of a result that depends neither on the clock nor on the names of files. */
const timeless = ({ seconds: _, stepMilliseconds: _s, command: _c, epochs, ...rest }: RunResult) => ({
  ...rest,
  epochs: epochs.map(({ seconds: _, stepMilliseconds: _s, ...epoch }) => epoch),
});

test('a run that stops early goes on from a checkpoint to the same result', async () => {
  const line = `train --reference --hidden 8 --data ${numbers} --patience 4 --learning-rate 0.05`;
  const whole = await succeed<RunResult>(scratch, 'whole', `${line} --epochs 60 --save ${at('whole.net')}`);
  const { bestEpoch, epochs } = whole.result;
  expect(epochs.length).toBe((bestEpoch as number) + 4);
  expect(whole.stdout).toContain(`the weights are those of epoch ${bestEpoch}`);
  const { metadata } = readSafetensors(await readFile(at('whole.net')));
  expect(Number(metadata.step)).toBe(2 * (bestEpoch as number)); // 64 rows in batches of 32
  const files = `--checkpoint ${at('run')} --resume --save ${at('run.net')}`;
  const ends = [2, epochs.length - 3, epochs.length - 1, 60, 60];
  let result: RunResult | undefined;
  for (const end of ends) ({ result } = await succeed<RunResult>(scratch, 'run', `${line} --epochs ${end} ${files}`));
  expect(timeless(result as RunResult)).toEqual(timeless(whole.result));
  expect(await readFile(at('run.net'))).toEqual(await readFile(at('whole.net')));
  const bytes = await readFile(at('run'), 'latin1');
  await writeFile(at('run'), bytes.replace('best dense0.w', 'bess dense0.w'), 'latin1');
  expect(await wgrad(`${line} --epochs 60 ${files}`)).toMatchObject({
    code: 2,
    stdout: expect.not.stringContaining('epoch '),
  });
});

test('where nothing is to be learnt, the network before the first epoch remains, and that is said', async () => {
  const path = at('noise.csv');
  let state = 1; // of a generator of noise
  const noise = () => {
    state = (48271 * state) % 2147483647;
    return (state / 2147483647).toFixed(3);
  };
  const rows = Array.from({ length: 80 }, () => Array.from({ length: 9 }, noise).join());
  await writeFile(path, `a,b,c,d,e,f,g,h,y\n${rows.join('\n')}\n`);
  const line = `train --reference --hidden 16 --dropout 0 --learning-rate 1 --patience 3 --seed 2 --data ${path}`;
  const whole = await succeed<RunResult>(scratch, 'noise', `${line} --epochs 60 --save ${at('noise.net')}`);
  expect(whole.result).toMatchObject({ status: 'complete', bestEpoch: 0 });
  expect(whole.stdout).toMatch(/after epoch \d+ of .*; nothing was learnt: no epoch had a better validation loss/);
  expect(await readFile(at('noise.html'), 'utf8')).toContain('nothing was learnt');
  expect(whole.result.table?.number?.r2).toBeGreaterThan(-0.1);
  // Its error is below that of the baseline by less than float32 can tell.
  expect(whole.result.table?.number?.beatsBaseline).toBe(false);
  expect(whole.result.testLoss).toBeLessThan(
    Math.min(...whole.result.epochs.map((epoch) => epoch.validationLoss ?? 0)),
  );
  expect(readSafetensors(await readFile(at('noise.net'))).metadata.step).toBe('0');
  const files = `--checkpoint ${at('noise-run')} --resume --save ${at('noise-run.net')}`;
  let result: RunResult | undefined;
  for (const end of [1, 60]) {
    ({ result } = await succeed<RunResult>(scratch, 'noise-run', `${line} --epochs ${end} ${files}`));
  }
  expect(timeless(result as RunResult)).toEqual(timeless(whole.result));
  expect(await readFile(at('noise-run.net'))).toEqual(await readFile(at('noise.net')));
});

const CLASSES: ClassesResult = {
  examples: 9,
  accuracy: 2 / 3,
  balancedAccuracy: 0.6,
  macro: { precision: 0.5, recall: 0.6, f1: 0.54 },
  classes: ['a', 'b', 'a very long name of a class'].map((name) => ({
    name,
    precision: 0.5,
    recall: 1,
    f1: 2 / 3,
    support: 3,
  })),
  rocAuc: null,
  confusion: [
    [3, 0, 0],
    [1, 2, 0],
    [0, 1200, 1],
  ],
  confused: [{ truth: 'a very long name of a class', predicted: 'b', count: 1200 }],
  baseline: { class: 'a', accuracy: 0.7, balancedAccuracy: 1 / 3 },
  beatsBaseline: false,
};

test('classes in lines: the matrix if it fits, else the classes that were confused', () => {
  expect(confusionLines(CLASSES, 100)).toEqual([
    'true \\ predicted  a      b  a very long n...  precision    recall     F1',
    'a                 3      ·                 ·    50.00 %  100.00 %  0.667',
    'b                 1      2                 ·    50.00 %  100.00 %  0.667',
    'a very long n...  ·  1,200                 1    50.00 %  100.00 %  0.667',
  ]);
  const pairs = ['true              predicted   rows', 'a very long n...  b          1,200'];
  expect(confusionLines(CLASSES, 60)).toEqual(pairs);
  expect(confusionLines({ ...CLASSES, confusion: null }, 100)).toEqual(pairs);
  expect(confusionLines({ ...CLASSES, confusion: null, confused: [] }, 100)).toEqual([]);
  const result: TableResult = { columns: [], notes: [], target: 'k', testExamples: 9, testLoss: 1, classes: CLASSES };
  expect(tableLines(result)).toEqual([
    ['Test', 'accuracy 66.67 %, loss 1.000, on 9 rows never used to choose anything'],
    ['Balanced', 'accuracy 60.00 %, F1 0.540, as means over the classes'],
    ['Baseline', 'always a: accuracy 70.00 %, balanced 33.33 %. The model is no better than that'],
  ]);
});

test('a name with a comma stands in quotes, in lists that are given and in those that are told', async () => {
  const path = at('commas.csv');
  const rows = Array.from({ length: 40 }, (_, i) => `${i % 5},${(3 * i) % 7},${i % 2 ? 'odd' : 'even'}`);
  await writeFile(path, `"size,cm",b,kind\n${rows.join('\n')}\n`);
  const line = `train --reference --hidden 2 --epochs 1 --data ${path} --drop`;
  const { code, stdout } = await wgrad(`${line} "size,cm"`);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^size,cm +number +0 to 4 +left out/m);
  expect((await wgrad(`${line} size`)).stderr).toContain('columns: "size,cm", b, kind');
});

test('names with line breaks stay on one line of a table', () => {
  const classes = CLASSES.classes.map((each) => ({ ...each, name: `one\n${each.name}` }));
  const [head] = confusionLines({ ...CLASSES, classes }, 100);
  expect(head).toContain(`one ${CLASSES.classes[0].name}`);
});

test('a run with patience goes on after Ctrl-C to the same result', async () => {
  const line = `train --reference --hidden 8 --data ${numbers} --patience 4 --learning-rate 0.05 --epochs 60`;
  const whole = await succeed<RunResult>(scratch, 'unstopped', `${line} --save ${at('unstopped.net')}`);
  const files = `--checkpoint ${at('stopped')} --resume --save ${at('stopped.net')}`;
  const running = wgrad(`${line} ${files}`);
  while (!existsSync(at('stopped'))) await setImmediate();
  process.listeners('SIGINT').at(-1)?.('SIGINT');
  expect(await running).toMatchObject({ code: 130, stdout: expect.stringContaining('--resume goes on from here') });
  const { result } = await succeed<RunResult>(scratch, 'resumed', `${line} ${files}`);
  expect(timeless(result)).toEqual(timeless(whole.result));
  expect(await readFile(at('stopped.net'))).toEqual(await readFile(at('unstopped.net')));
});

test('a batch larger than the data is the data; the last layer begins as guessing', async () => {
  const { result } = await succeed<RunResult>(scratch, 'batch', `${TRAIN} --data ${numbers} --batch 1000 --epochs 1`);
  expect(result.config).toMatchObject({ batch: 64, startsGuessing: true });
  const { steps, epochs } = result;
  expect([steps, epochs[0].trainLoss]).toEqual([1, expect.closeTo(1, 5)]); // the variance of standardised targets
});

test('a constant last column is passed over and said, and a target of many classes is not said to be cut', async () => {
  const path = at('last.csv');
  const rows = Array.from({ length: 440 }, (_, i) => `${i * 7},v${i % 110},0`);
  await writeFile(path, `x,kind,sick\n${rows.join('\n')}\n`);
  const line = `train --reference --hidden 2 --epochs 1 --data ${path}`;
  expect((await wgrad(line)).stdout.replaceAll(/\s+/g, ' ')).toContain(
    "the column to learn is 'kind', and not the last one, 'sick': it has one value only",
  );
  const target = await wgrad(`${line} --target kind`);
  expect(target.stdout).toMatch(/^kind +category .* to learn$/m);
  const feature = await wgrad(`${line} --target x --number`);
  expect(feature.stdout).toContain(
    '101 inputs, one for each of the 100 most frequent of 110 values and one for others',
  );
});

test('of a wide table the plain numbers are counted, and the files list all columns', async () => {
  const names = Array.from({ length: 60 }, (_, i) => `x${i}`);
  const lines = Array.from({ length: 30 }, (_, row) => [
    ...names.map((_, i) => Math.sin(row * (i + 1) + i)),
    row % 2 ? 'a' : 'b',
  ]);
  await writeFile(at('wide.csv'), [[...names, 'kind'], ...lines].map((cells) => cells.join()).join('\n'));
  const { result, stdout } = await succeed<RunResult>(scratch, 'wide', `${TRAIN} --data ${at('wide.csv')} --epochs 1`);
  expect(stdout).toMatch(/^kind +category .*\nand 60 more columns, which --json and --report list one by one$/m);
  expect(result.table?.columns).toHaveLength(61);
  expect(await readFile(at('wide.html'), 'utf8')).toContain('<td>x59</td>');
});
