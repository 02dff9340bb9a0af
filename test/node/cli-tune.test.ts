import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readSafetensors } from '../../src/data/safetensors.js';
import { createReferenceEngine, loadModel } from '../../src/index.js';
import type { RepeatedWinners, SearchResult } from '../../src/tune.js';
import { scratchFolder } from './scratch-folder.js';
import { readJson, runNode, succeed, wgrad } from './wgrad.js';

const scratch = await scratchFolder();

/** The content of `--json`. */
interface Written extends SearchResult {
  readonly command: string;
  readonly winner: string | null;
  readonly test: { readonly loss: number; readonly accuracy?: number } | null;
  readonly table?: { readonly number?: { readonly beatsBaseline: boolean } };
}

/** Searches, expects success, and returns what was printed and the JSON. */
const tuned = (name: string, line: string) => succeed<Written>(scratch, name, `tune ${line}`);

/** The part that depends neither on the clock nor on the names of files. */
const timeless = ({ seconds: _, command: _c, trials, ...rest }: Written) => ({
  ...rest,
  trials: trials.map(({ seconds: _, rungs, ...trial }) => ({
    ...trial,
    rungs: rungs.map(({ seconds: _, ...rung }) => rung),
  })),
});

const tensorsOf = async (name: string) => readSafetensors(await readFile(join(scratch, name))).tensors;

/** Trains by the command that a search tells; returns the weights and the loss on the test data. */
async function trainedWinner({ winner }: Written) {
  const [, line] = winner?.match(/^wgrad (train .*)/) ?? [];
  const save = `--save ${join(scratch, 'winner.safetensors')}`;
  const { result } = await succeed<{ testLoss: number }>(scratch, 'winner', `${line} ${save}`);
  return { tensors: await tensorsOf('winner.safetensors'), testLoss: result.testLoss };
}

const SMALL = '--preset dropout --hidden 6,5 --epochs 30 --batch 20';
/** On the CPU: what a search finds on either engine is compared in test/tune/search.test.ts. */
const REFERENCE = `${SMALL} --reference`;

test.each([
  ['--members 0', '--members must be an integer in [1, 65535], got 0'],
  ['--preset ridge --folds 101', '--folds must be at most the number of training examples, 100, got 101'],
  ['--examples 55001', '--examples must be an integer in [1, 55000], got 55001'],
  ['--resume', '--resume goes on from the file of --checkpoint, and there is none'],
])('wgrad tune %s is refused', async (line, message) => {
  const stderr = `wgrad tune: ${message}\n"wgrad tune --help" explains the options.\n`;
  expect(await wgrad(`tune ${line}`)).toEqual({ code: 2, stdout: '', stderr });
});

test.each([
  ['{"l2": {"kind": "uniform", "low": 1, "high": 0}}', /l2.*(low|high)/],
  ['{"l2": {"kind": "logUniform", "low": 0, "high": 1}}', /l2.*low/],
  ['{"l2": {"kind": "choise", "values": [1]}}', /choise/],
  ['{"dropout": {"kind": "uniform", "low": 0, "high": 1.5}}', /dropout must be a number in \[0, 1\)/],
])('a space of %s is refused before anything runs', async (text, message) => {
  const path = join(scratch, 'space.json');
  await writeFile(path, text);
  const { code, stdout, stderr } = await wgrad(`tune --preset dropout --space ${path}`);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(message);
});

test('the map, the curves, the files; and the one command trains the same network', async () => {
  const files = { csv: 'grid.csv', html: 'grid.html', save: 'grid.safetensors' };
  const options = Object.entries(files).map(([option, name]) => `--${option} ${join(scratch, name)}`);
  const { stdout, result } = await tuned('grid', `${SMALL} --members 9 ${options.join(' ')}`);
  expect(result.trials).toHaveLength(9);
  expect(result.trials.every(({ status, rungs }) => status === 'finished' && rungs.length === 30)).toBe(true);
  expect(result).toMatchObject({ complete: true, strategy: { kind: 'grid' }, adapter: expect.any(String) });
  expect(stdout).toMatch(/^Validation loss: l2 across, dropout up$/m);
  expect(stdout).toMatch(/^epoch 30\/30 /m);
  expect(stdout).toMatch(/^Test +loss [\d.]+, on data never used to choose$/m);
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain('; 100 more to test the winner ');
  expect(await readFile(join(scratch, files.html), 'utf8')).toContain('<svg');
  expect((await readFile(join(scratch, files.csv), 'utf8')).split('\r\n')).toHaveLength(1 + 9 * 30 + 1);
  const winner = await trainedWinner(result);
  expect(winner.tensors).toEqual(await tensorsOf('grid.safetensors'));
  expect(winner.testLoss).toBe(result.test?.loss);
});

test('architectures and rates by layer; the winner of a cross-validation is trained on all examples', async () => {
  const space = join(scratch, 'layers-space.json');
  const rates = '[{ "kind": "choice", "values": [0, 0.3] }, { "kind": "uniform", "low": 0, "high": 0.5 }]';
  const hidden = '{ "kind": "choice", "values": [[5, 4], [7, 3]] }';
  await writeFile(space, `{ "dropout": ${rates}, "hidden": ${hidden}, "l2": 0.01 }`);
  const files = `--space ${space} --save ${join(scratch, 'layers.safetensors')}`;
  const { result } = await tuned('layers', `${REFERENCE} --strategy random --members 5 --folds 3 ${files}`);
  expect(new Set(result.trials.map(({ config }) => JSON.stringify(config.hidden))).size).toBe(2);
  expect(result.trials.every(({ rungs }) => (rungs[0].standardError ?? 0) > 0)).toBe(true);
  expect((await trainedWinner(result)).tensors).toEqual(await tensorsOf('layers.safetensors'));
});

test('a table: each fold has its share of each class; the winner beside the baseline, and its file predicts rows', async () => {
  const rows = Array.from(
    { length: 90 },
    (_, i) => `${i % 7},${(i * 31) % 11},${i % 9 === 0 ? 'rare' : i % 7 > 3 ? 'big' : 'small'}`,
  );
  const path = join(scratch, 'sizes.csv');
  await writeFile(path, `a,b,kind\n${rows.join('\n')}\n`);
  const save = join(scratch, 'sizes.safetensors');
  const { stdout, result } = await tuned(
    'sizes',
    `--reference --data ${path} --hidden 8 --members 2 --epochs 10 --folds 3 --save ${save}`,
  );
  expect(stdout).toMatch(/^kind +category +small, big, rare +to learn$/m);
  expect(stdout).toMatch(/^Baseline +always small: accuracy [\d.]+ %, balanced 33\.33 %/m);
  expect(result).toMatchObject({ folds: 3, table: { target: 'kind', testExamples: 18 } });
  using engine = createReferenceEngine();
  using model = await loadModel(engine, await readFile(save));
  expect(model.classes?.toSorted()).toEqual(['big', 'rare', 'small']);
  expect(await model.predict([{ b: '3', a: 6 }])).toEqual([expect.stringMatching(/^(small|big|rare)$/)]);
});

test('a table without anything to learn: the winner is no better than the mean, and that is said', async () => {
  let state = 1; // of a generator of noise
  const noise = () => {
    state = (48271 * state) % 2147483647;
    return (state / 2147483647).toFixed(3);
  };
  const path = join(scratch, 'noise.csv');
  const rows = Array.from({ length: 80 }, () => Array.from({ length: 9 }, noise).join());
  await writeFile(path, `a,b,c,d,e,f,g,h,y\n${rows.join('\n')}\n`);
  const line = '--hidden 8 --dropout 0 --members 3 --strategy random --epochs 20 --patience 3';
  const { stdout, result } = await tuned('noise', `--reference --data ${path} ${line}`);
  expect(result.trials.every(({ epochs }) => epochs < 20)).toBe(true);
  expect(result.table?.number).toMatchObject({ beatsBaseline: false });
  expect(stdout).toMatch(/^Baseline +always the mean: .*The\s+model\s+is\s+no\s+better\s+than\s+that/ms);
});

test('stopped by Ctrl-C it shows what it has, and goes on from its checkpoint to the same end', async () => {
  const line = `${SMALL} --strategy halving --members 8`;
  const { result: whole } = await tuned('whole', `${line} --seed 3`);
  const checkpoint = join(scratch, 'search.safetensors');
  const json = join(scratch, 'stopped.json');
  const stoppable = `dist/cli.js tune ${line} --seed 3 --checkpoint ${checkpoint} --json ${json}`;
  const stopped = await runNode(stoppable, 'epoch  4/30');
  expect(stopped.code).toBe(130);
  expect(stopped.stdout).toMatch(/^Stopped after \d+ epochs of 8 trials\. --resume goes on from here\.$/m);
  const partial = await readJson<Written>(json);
  expect(partial.complete).toBe(false);
  expect(partial.trials.length).toBe(8);
  const { result } = await tuned('resumed', `${line} --seed 3 --resume --checkpoint ${checkpoint}`);
  expect(timeless(result)).toEqual(timeless(whole));
  const other = await wgrad(`tune ${line} --seed 4 --resume --checkpoint ${checkpoint}`);
  expect(other.code).toBe(2);
  expect(other.stderr).toContain('search: resume: seed was "3" when the search was saved, and is "4"');
});

test('all diverged: nothing is best, and the exit code is 4', async () => {
  const { code, stdout } = await wgrad(`tune ${REFERENCE} --learning-rate 1e30 --members 4`);
  expect(code).toBe(4);
  expect(stdout).toMatch(/^Trials +4: 4 diverged$/m);
  expect(stdout).not.toMatch(/^Train it/m);
});

test('--repeats says how much the best vary with the seed', async () => {
  const { result, stdout } = await tuned('repeats', `${REFERENCE} --members 4 --repeats 2`);
  expect(result).toMatchObject({ edges: expect.any(Array) });
  const { repeated } = result as Written & { repeated: RepeatedWinners };
  expect(repeated.repeated.map(({ scores }) => scores.length)).toEqual([2, 2, 2]);
  const flat = stdout.replaceAll(/\s+/g, ' ');
  expect(
    flat.match(/Other seeds trial \d: \S+ \S+ dropout \S+ validation loss \S+ ± \S+ \S+ to \S+ from 2 seeds/g),
  ).toHaveLength(3);
});
