import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { RunResult } from '../../src/cli/train/run-result.js';
import { readSafetensors } from '../../src/data/safetensors.js';
import type { Preparation } from '../../src/table/preparation.js';
import { scratchFolder } from './scratch-folder.js';
import { succeed, wgrad } from './wgrad.js';

const scratch = await scratchFolder();
const at = (name: string) => join(scratch, name);

const kinds = ['low', 'middle', 'high'];
const rows = (count: number, shift = 0) =>
  Array.from({ length: count }, (_, i) => ({ a: (i % 9) + shift, b: i % 5, kind: kinds[Math.floor((i % 9) / 3)] }));
await writeFile(
  at('first.csv'),
  `a,b,kind\n${rows(60)
    .map(({ a, b, kind }) => `${a},${b},${kind}`)
    .join('\n')}\n`,
);
// Other columns, in another order; larger numbers; a class that is new.
const later = [...rows(50, 3), { a: 1, b: 2, kind: 'new' }];
await writeFile(
  at('later.csv'),
  `kind,site,b,a\n${later.map(({ a, b, kind }, i) => `${kind},s${i % 4},${b},${a}`).join('\n')}\n`,
);

const NEW = `train --reference --hidden 6 --data ${at('first.csv')}`;
const LOAD = `train --reference --load ${at('first.net')}`;
const preparationOf = async (name: string): Promise<Preparation> =>
  JSON.parse(readSafetensors(await readFile(at(name))).metadata.preparation);

let first: RunResult;
beforeAll(async () => {
  ({ result: first } = await succeed<RunResult>(scratch, 'first', `${NEW} --epochs 20 --save ${at('first.net')}`));
});

test('--save writes the preparation and the classes', async () => {
  const { features, target } = await preparationOf('first.net');
  expect(features.map(({ name, kind }) => `${name}: ${kind}`)).toEqual(['a: number', 'b: number']);
  expect(target).toEqual({ name: 'kind', classes: expect.arrayContaining(kinds) });
});

test('--load goes on with new rows of the same columns, prepared as the file has it', async () => {
  const line = `${LOAD} --data ${at('later.csv')} --epochs 5 --learning-rate 0.02 --save ${at('later.net')}`;
  const { result, stdout } = await succeed<RunResult>(scratch, 'later', line);
  expect(result.config).toMatchObject({ hidden: [6], learningRate: 0.02, batch: first.config.batch, seed: 0 });
  expect([result.epochs.map(({ epoch }) => epoch), result.steps]).toEqual([[1, 2, 3, 4, 5], 5]);
  expect(result.table?.classes?.classes.map(({ name }) => name)).toEqual(
    first.table?.classes?.classes.map(({ name }) => name),
  );
  expect(result.table?.notes).toEqual([
    '1 column that the model does not know is not used: site',
    "1 row left out: 'kind' is missing or a class that the model does not know",
    'only 10 rows to test with: another seed may give a very different result',
  ]);
  expect(await preparationOf('later.net')).toEqual(await preparationOf('first.net'));
  expect(stdout).toMatch(/^site +category +s0, s1, s2, s3 +left out: the model does not know it$/m);
  expect(result.command).not.toContain('--seed');
  // It begins where the file ended.
  expect(result.epochs[0].trainLoss).toBeLessThan(first.epochs[0].trainLoss);
});

test('a run from --load goes on from its checkpoint to the same result', async () => {
  const line = `${LOAD} --data ${at('first.csv')} --patience 0`;
  const whole = await succeed<RunResult>(scratch, 'whole', `${line} --epochs 6`);
  const files = `--checkpoint ${at('run')} --resume`;
  for (const epochs of [2, 6]) {
    const { result } = await succeed<RunResult>(scratch, 'run', `${line} --epochs ${epochs} ${files}`);
    if (epochs < 6) continue;
    expect([result.weightsSha256, result.steps]).toEqual([whole.result.weightsSha256, whole.result.steps]);
  }
});

test.each<[string, string]>([
  [`--data ${at('first.csv')} --target b`, "first.net tells 'kind', got --target b"],
  [`--data ${at('first.csv')} --hidden 7`, '--hidden is for a new network; of one from --load the file decides it'],
  ['', 'first.net is a model of a table, so --data has to name rows with its columns'],
  [`--data ${at('none.csv')}`, `--data: there is no ${at('none.csv')}`],
])('--load refuses %s', async (options, message) => {
  const { code, stdout, stderr } = await wgrad(`${LOAD} ${options}`);
  expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(message)]);
});

test('all columns that are missing are named at once', async () => {
  await writeFile(at('few.csv'), 'a,x\n1,2\n3,4\n');
  const { code, stderr } = await wgrad(`${LOAD} --data ${at('few.csv')}`);
  expect([code, stderr]).toEqual([
    2,
    expect.stringContaining('the columns b, kind are missing, which the model knows'),
  ]);
});

test('files that training cannot go on from are refused', async () => {
  const refused = async (name: string, message: string) => {
    const { code, stdout, stderr } = await wgrad(`train --reference --load ${at(name)} --data ${at('first.csv')}`);
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(message)]);
  };
  await refused('nothing.net', '--load: there is no');
  await writeFile(at('text.net'), 'text');
  await refused('text.net', 'safetensors');
  await wgrad(`train --reference --preset both --epochs 1 --save ${at('both.net')}`);
  await refused('both.net', 'was not trained on a table, so it cannot go on with the rows of');
});

test('--load tells the hyper-parameters that a search chose, not those it started with', async () => {
  const line = `tune --reference --hidden 6 --members 4 --epochs 3 --data ${at('first.csv')} --save ${at('tuned.net')}`;
  const { result: search } = await succeed<{ best: number; trials: { id: number; config: object }[] }>(
    scratch,
    'tuned',
    line,
  );
  const best = search.trials.find(({ id }) => id === search.best)?.config as { l2: number; dropout: number };
  const go = `train --reference --load ${at('tuned.net')} --data ${at('later.csv')} --epochs 1`;
  const { result, stdout } = await succeed<RunResult>(scratch, 'gone-on', go);
  expect(result.config).toMatchObject({ l2: best.l2, dropout: [best.dropout] });
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain(`with λ = ${best.l2},`);
});

test('--load refuses data that the network does not fit', async () => {
  const net = at('line.net');
  await succeed(scratch, 'line', `train --reference --preset ridge --epochs 1 --save ${net}`);
  expect(await wgrad(`train --reference --load ${net}`)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(
      'takes 1 features and gives 1 outputs for meanSquaredError, the data has 784 features and 10 outputs for classes',
    ),
  });
});

test('--loss is what a run minimises, goes on with, and is refused for other targets', async () => {
  const [net, line] = [at('huber.net'), 'train --reference --epochs 1'];
  const { result, stdout } = await succeed<RunResult>(
    scratch,
    'huber',
    `${line} --preset both --loss huber --norm batch --save ${net}`,
  );
  expect(result).toMatchObject({ config: { loss: 'huber' }, targetVariance: null, closedForm: null });
  expect(stdout).toContain('Huber loss');
  expect((await succeed<RunResult>(scratch, 'on', `${line} --preset both --load ${net}`)).result.config).toMatchObject({
    loss: 'huber',
    norm: 'batch',
  });
  expect(await wgrad(`${line} --preset both --loss focal`)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--loss focal is for classes, and the data has numbers to learn'),
  });
  expect(await wgrad(`${line} --preset both --label-smoothing 0.1`)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--label-smoothing is for the loss softmax-cross-entropy, got mean-squared-error'),
  });
});

test('--split tests on the last rows, is in the report, and --load keeps it', async () => {
  const split = `--data ${at('first.csv')} --epochs 2`;
  const { result, stdout } = await succeed<RunResult>(
    scratch,
    'last',
    `${NEW} --split last --epochs 2 --save ${at('last.net')}`,
  );
  expect(result.config.table?.split).toBe('last');
  expect(stdout.replace(/\s+/g, ' ')).toContain('the last rows of the file are to test with');
  const loaded = `train --reference --load ${at('last.net')} ${split}`;
  const { result: again } = await succeed<RunResult>(scratch, 'again', loaded);
  expect(again.config.table?.split).toBe('last');
  const { result: random } = await succeed<RunResult>(scratch, 'random', `${loaded} --split random`);
  expect(random.config.table?.split).toBe('random');
  const { result: by } = await succeed<RunResult>(scratch, 'by', `${NEW} --split by:a --epochs 2`);
  expect(by.config.table?.split).toBe('by:a');
  const { code, stderr } = await wgrad(`${NEW} --split a`);
  expect([code, stderr]).toEqual([2, expect.stringContaining('--split must be random, last or by:COLUMN, got "a"')]);
  const { stderr: unknown } = await wgrad(`${NEW} --split by:c`);
  expect(unknown).toContain('--split: no column "c"; columns: a, b, kind');
});
