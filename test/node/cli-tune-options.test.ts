import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseOptions, UsageError } from '../../src/cli/parse-options.js';
import { readConfig } from '../../src/cli/train/config.js';
import { TRAIN_OPTIONS } from '../../src/cli/train/options.js';
import { PRESETS } from '../../src/cli/train/presets.js';
import { checkSpaceNames, checkTuneData, checkTuneFiles, readTuneConfig } from '../../src/cli/tune/config.js';
import { TUNE_OPTIONS, tuneHelp } from '../../src/cli/tune/options.js';
import { configOfTrial, winnerCommand } from '../../src/cli/tune/winner-command.js';
import { dataset } from '../../src/index.js';
import type { Configuration } from '../../src/tune.js';
import { scratchFolder } from './scratch-folder.js';

const scratch = await scratchFolder();

const given = (line: string) => parseOptions('wgrad tune', line.split(' ').filter(Boolean), TUNE_OPTIONS);
const read = (line: string) => readTuneConfig(given(line));

/** The training of a command, read as `wgrad train` reads it. */
const trains = (command: string) =>
  readConfig(parseOptions('wgrad train', command.replace('wgrad train', '').split(' ').filter(Boolean), TRAIN_OPTIONS));

/** The path of a file that holds a space. */
let files = 0;
async function spaceFile(space: unknown): Promise<string> {
  const path = join(scratch, `space-${files++}.json`);
  await writeFile(path, typeof space === 'string' ? space : JSON.stringify(space));
  return path;
}

const log = { kind: 'logUniform', low: 1e-6, high: 0.01 };
const rates = { kind: 'uniform', low: 0, high: 0.5 };

test('every option is read', async () => {
  const space = { l2: log, dropout: [rates, rates], learningRate: log };
  const path = await spaceFile(space);
  const training =
    '--preset mnist --data d.csv --target t --classes --examples 50 --balance --hidden 128,64 --activation gelu --seed 9 ' +
    '--l2-convention mean --optimizer sgdw --learning-rate .5 --momentum 0.8 --weight-decay 0 --batch=32 --epochs 7';
  const search = `--space ${path} --members 12 --strategy halving --folds 5 --patience 3 --metric accuracy`;
  expect(await read(`${training} ${search}`)).toEqual({
    train: { ...trains(training), patience: 3 }, // test/node/cli-options.test.ts has these one by one
    strategy: 'halving',
    members: 12,
    folds: 5,
    patience: 3,
    metric: 'accuracy',
    repeats: 0,
    space,
  });
});

test.each([
  ['', { strategy: 'grid', members: 36, folds: 0, patience: null, metric: 'loss' }],
  ['', { train: { preset: 'mnist', examples: 6000, epochs: 10, seed: 0 } }],
  ['--l2 0.01', { train: { l2: 0.01 }, space: { dropout: rates } }],
  ['--dropout 0.1', { train: { dropout: [0.1] }, space: { l2: { kind: 'logUniform', low: 1e-6, high: 0.1 } } }],
  ['', { space: { l2: { kind: 'logUniform', low: 1e-6, high: 0.1 }, dropout: rates } }],
  ['--data d.csv', { train: { examples: null, epochs: 10 } }],
  ['--preset both', { train: { examples: null, epochs: 1000, hidden: [10] } }],
  ['--epochs 3', { train: { epochs: 3 } }],
  ['--repeats 5', { repeats: 5 }],
])("defaults of '%s'", async (line, config) => {
  expect(await read(line)).toMatchObject(config);
});

test('without a hidden layer λ alone is searched', async () => {
  expect(Object.keys((await read('--preset ridge')).space)).toEqual(['l2']);
});

const refused = (message: string) =>
  new UsageError(`wgrad tune: ${message}`, '"wgrad tune --help" explains the options.');

test.each([
  ['--dropout 0.5 --l2 0', 'nothing is left to vary: --space names what else to vary, or leave out --l2 or --dropout'],
  ['--repeats 1', '--repeats must be 0 for none, or at least 2, got 1'],
  ['--repeats 2 --folds 3', '--repeats is not for --folds, whose scores have a standard error already'],
  ['--strategi grid', "unknown option '--strategi', did you mean '--strategy'?"],
  ['--optimizer sgd --momentum 0.9', '--momentum is for the optimizers momentum, nesterov, sgdw and rmsprop, got sgd'],
  [
    '--strategy gird',
    "--strategy must be one of 'grid', 'random', 'sobol', 'halving', 'hyperband', 'tpe', 'gaussian-process', 'population-based', 'asynchronous-halving', got \"gird\", did you mean 'grid'?",
  ],
  [
    '--strategy hyperband --members 9',
    '--members is not for --strategy hyperband, whose number of networks follows from --epochs',
  ],
  ['--members 0', '--members must be an integer in [1, 65535], got 0'],
  ['--examples 0', '--examples must be a positive integer, got 0'],
  [
    '--folds 3 --data d.csv --split last',
    '--folds deals rows at random, and --split keeps their order; leave one of them out',
  ],
  ['--folds 1', '--folds must be 0 for none, or at least 2, got 1'],
  ['--folds -1', '--folds must be an integer >= 0, got -1'],
  ['--patience 0', '--patience must be a positive integer, got 0'],
  ['--metric loss2', "--metric must be one of 'loss', 'accuracy', got \"loss2\", did you mean 'loss'?"],
  ['--preset ridge --metric accuracy', '--metric accuracy is for classes, and the preset ridge has numbers to learn'],
  ['--reference --adapter x', '--adapter names a GPU, and --reference uses none'],
  ['--hidden 0', '--hidden must be positive integers such as 128,64, or none, got "0"'],
])('refuses %s', async (line, message) => {
  await expect(async () => read(line)).rejects.toEqual(refused(message));
});

test.each<[unknown, string, string]>([
  [{ l2: log }, '--l2 0.1', '--l2 fixes l2 for all networks, and --space varies it; leave one of them out'],
  [{ l2: [log, log] }, '', '--space: l2 must be one distribution; dropout alone may have one a layer'],
  [{ dropout: [rates, rates] }, '', '--space: dropout has 2 distributions, but the number of hidden layers is 1'],
  [{ momentum: rates }, '--optimizer nesterov', '--space: momentum must be above 0, as for wgrad train'],
  [
    { learningRate: { kind: 'choice', values: [0.1, 0] } },
    '',
    '--space: learningRate must be above 0, as for wgrad train',
  ],
  [{ dropout: rates }, '--hidden none', '--space: dropout needs a hidden layer, and there is none'],
  [{ momentum: { kind: 'fixed', value: 0.9 } }, '', '--space: the optimizer adam has no momentum'],
  [{ weightDecay: log }, '--optimizer nesterov', '--space: the optimizer nesterov has no weightDecay'],
])('refuses the space %j', async (space, line, message) => {
  await expect(read(`${line} --space ${await spaceFile(space)}`)).rejects.toEqual(refused(message));
});

const SIZES = { examples: 10, features: 4, outputs: 10, classes: 10 };
const OF_TRAIN =
  'l2, dropout, learningRate, momentum, weightDecay, hidden, activation, noise, mixup, l1, elasticNet, l1Ratio, groupLasso, activity, maxNorm, clipNorm, clipValue, emaDecay';

test.each([
  [{ droput: rates }, '', `unknown name 'droput', did you mean 'dropout'?; known: ${OF_TRAIN}, beta1, beta2, epsilon`],
  [{ slope: rates }, '--optimizer sgd', `unknown name 'slope'; known: ${OF_TRAIN}`],
  [{ 'dense7.l1': log }, '--l1 0.1', `unknown name 'dense7.l1'; known: ${OF_TRAIN}, beta1, beta2, epsilon`],
  [
    { slop: rates },
    '--activation leaky-relu --optimizer sgd',
    `unknown name 'slop', did you mean 'slope'?; known: ${OF_TRAIN}, slope`,
  ],
])('refuses the names of %j, and lists what the model has', async (space, line, message) => {
  const config = await read(`${line} --space ${await spaceFile(space)}`);
  expect(() => checkSpaceNames(config, SIZES)).toThrow(refused(`--space: ${message}`));
});

test('a space may hold every hyper-parameter of the model; the command of the winner says what it leaves out', async () => {
  const space = { beta1: rates, slope: rates, 'dense0.l1': log };
  const config = await read(`--activation leaky-relu --l1 0.1 --space ${await spaceFile(space)}`);
  checkSpaceNames(config, SIZES);
  expect(winnerCommand(config, { beta1: 0.5, slope: 0.25, 'dense0.l1': 1e-3 }, {})).toMatch(
    /^wgrad train .* --leaky-slope 0\.25 .* # without beta1 0\.5, dense0\.l1 0\.001: no options of wgrad train$/,
  );
});

test('refuses a file that holds no space, and names it', async () => {
  const [list, none, text] = [await spaceFile([]), await spaceFile({}), await spaceFile('{"l2"')];
  const example = '{"l2": {"kind": "logUniform", "low": 1e-6, "high": 0.01}}';
  await expect(read(`--space ${list}`)).rejects.toEqual(
    refused(`--space: ${list} must hold an object, such as ${example}`),
  );
  await expect(read(`--space ${none}`)).rejects.toEqual(refused(`--space: ${none} is empty`));
  await expect(read(`--space ${text}`)).rejects.toThrow(`wgrad tune: --space: ${text} is not JSON: `);
  await expect(read(`--space ${scratch}/no`)).rejects.toThrow(`wgrad tune: --space: cannot read ${scratch}/no: ENOENT`);
});

test('refuses data that the metric or the folds do not fit', async () => {
  const x = [[0], [1], [2]];
  const numbers = { train: dataset({ x, y: [0, 1, 2] }) };
  const classes = { train: dataset({ x, y: [0, 1, 1], classes: 2 }) };
  const accuracy = await read('--metric accuracy');
  const balance = await read('--data d.csv --balance');
  expect(() => checkTuneData(balance, classes)).not.toThrow();
  expect(() => checkTuneData(balance, numbers)).toThrow(
    refused('--balance is for classes, and the data has numbers to learn'),
  );
  expect(() => checkTuneData(accuracy, classes)).not.toThrow();
  expect(() => checkTuneData(accuracy, numbers)).toThrow(
    refused('--metric accuracy is for classes, and the data has numbers to learn'),
  );
  const folds = await read('--folds 4');
  expect(() => checkTuneData(folds, numbers)).toThrow(
    refused('--folds must be at most the number of training examples, 3, got 4'),
  );
});

test('refuses files that cannot be written', async () => {
  await expect(checkTuneFiles({ csv: '/none/x' })).rejects.toEqual(refused('--csv: there is no directory /none'));
  const same = checkTuneFiles(given(`--save ${scratch}/a --checkpoint ${scratch}/a`));
  await expect(same).rejects.toEqual(refused(`--save and --checkpoint both name ${scratch}/a`));
});

test('the help explains every option, in lines that fit', () => {
  const help = tuneHelp(80);
  for (const name of Object.keys(TUNE_OPTIONS)) expect(help).toMatch(new RegExp(`^  (-h, )?--${name}[ \n]`, 'm'));
  expect(help.split('\n').filter((line) => line.length > 80)).toEqual([]);
});

test.each<[string, Configuration, string]>([
  [
    '',
    { l2: 1e-7, dropout: 0.30000000000000004 },
    '--examples 6000 --hidden 32 --dropout 0.30000000000000004 --l2 1e-7 --epochs 10',
  ],
  ['--epochs 3', { l2: PRESETS.mnist.l2, dropout: 0.2 }, '--examples 6000 --hidden 32'],
  [
    '--data d.tsv --hidden 5,6 --seed 7',
    { dropout: [0.1, 0.2] },
    '--data d.tsv --hidden 5,6 --dropout 0.1,0.2 --epochs 10 --seed 7',
  ],
  [
    '--preset both --optimizer sgdw',
    { momentum: 0.5, weightDecay: 0.1 },
    '--preset both --optimizer sgdw --momentum 0.5 --weight-decay 0.1',
  ],
  [
    '--preset both',
    { hidden: [8, 4], dropout: 0.5, activation: 'tanh' },
    '--preset both --hidden 8,4 --activation tanh',
  ],
  ['--preset both', { hidden: 8, learningRate: 0.1 }, '--preset both --hidden 8 --learning-rate 0.1'],
  ['--preset ridge', { l2: 0 }, '--preset ridge --l2 0'],
  ['--seed 18446744073709551615', {}, '--examples 6000 --hidden 32 --epochs 10 --seed 18446744073709551615'],
])("with '%s' the winner %j is trained by one command", async (line, best, options) => {
  const config = await read(line);
  expect(winnerCommand(config, best, {})).toBe(`wgrad train ${options}`);
  expect(trains(options)).toEqual(configOfTrial(config, best));
});

test('the command is the one that this was called with, and its words are quoted', async () => {
  const config = await readTuneConfig({ data: "it's.csv" });
  expect(winnerCommand(config, {}, { npm_lifecycle_event: 'tune' })).toBe(
    "npm run train -- --data 'it'\\''s.csv' --hidden 32 --epochs 10",
  );
});

test.each(['--reference', '--adapter llvmpipe'])('%s is where the winner is trained too', async (where) => {
  const config = await read(`--preset ridge ${where}`);
  expect(winnerCommand(config, { l2: 0 }, {}, given(where))).toBe(`wgrad train --preset ridge --l2 0 ${where}`);
});

test('whatever the numbers are, the command has the same ones', async () => {
  const config = await read('--hidden 9,8 --optimizer sgdw');
  const above = fc.double({ min: 2 ** -126, max: 1e6, noNaN: true });
  const rate = fc.double({ min: 0, max: 0.99, noNaN: true });
  const best = fc.record({
    l2: above,
    learningRate: above,
    weightDecay: above,
    dropout: fc.oneof(rate, fc.tuple(rate, rate)),
    momentum: fc.double({ min: 1e-9, max: 0.999, noNaN: true }),
  });
  fc.assert(
    fc.property(best, (configuration) => {
      const found = trains(winnerCommand(config, configuration, {}));
      expect(JSON.stringify(found)).toBe(JSON.stringify(configOfTrial(config, configuration)));
    }),
  );
});
