import { expect, test } from 'vitest';
import { mainHelp } from '../../src/cli/help.js';
import { parseOptions, UsageError } from '../../src/cli/parse-options.js';
import { commandStart, repeatCommand } from '../../src/cli/repeat-command.js';
import { readConfig } from '../../src/cli/train/config.js';
import { TRAIN_OPTIONS } from '../../src/cli/train/options.js';
import { PRESET_NAMES } from '../../src/cli/train/presets.js';
import { trainHelp } from '../../src/cli/train/train.js';

const read = (line: string) => readConfig(parseOptions('wgrad train', line.split(' ').filter(Boolean), TRAIN_OPTIONS));

test('every option is read', () => {
  const line =
    '--preset mnist --data d.csv --target t --classes --features a,b --drop c --missing drop --no-standardize --split by:day --delimiter tab --no-header --examples 50 --balance --loss focal --focal-gamma 1 --label-smoothing 0.1 --hidden 128,64 --norm batch --activation elu --elu-alpha 0.5 --dropout 0.2,0.5 --l2 1e-4 ' +
    '--l2-convention mean --optimizer sgdw --learning-rate .5 --momentum 0.8 --weight-decay 0 --batch=32 --epochs 7 --patience 5 --seed 9 ' +
    '--dropout-kind alpha --input-noise 0.1 --mixup 0.3 --l1 1e-5 --elastic-net 1e-6 --l1-ratio 0.2 --group-lasso 1e-7 --proximal --activity 0.2 --activity-norm l2 --max-norm 3 --clip 2 --ema 0.99 --groups .b:rate=2,decay=0';
  expect(read(line)).toEqual({
    preset: 'mnist',
    data: 'd.csv',
    table: {
      delimiter: '\t',
      header: false,
      target: 't',
      task: 'classes',
      columns: ['a', 'b'],
      drop: ['c'],
      missing: 'drop',
      standardize: false,
      split: 'by:day',
    },
    examples: 50,
    balance: true,
    loss: 'focal',
    focalGamma: 1,
    huberDelta: null,
    eluAlpha: 0.5,
    leakySlope: null,
    labelSmoothing: 0.1,
    hidden: [128, 64],
    norm: 'batch',
    activation: 'elu',
    dropout: [0.2, 0.5],
    l2: 1e-4,
    l2Convention: 'mean',
    dropoutKind: 'alpha',
    inputNoise: 0.1,
    mixup: 0.3,
    l1: 1e-5,
    elasticNet: 1e-6,
    l1Ratio: 0.2,
    groupLasso: 1e-7,
    proximal: true,
    activity: 0.2,
    activityNorm: 'l2',
    maxNorm: 3,
    unitNorm: false,
    nonNegative: false,
    clip: 2,
    clipValue: null,
    ema: 0.99,
    groups: '.b:rate=2,decay=0',
    optimizer: 'sgdw',
    learningRate: 0.5,
    momentum: 0.8,
    weightDecay: 0,
    batch: 32,
    epochs: 7,
    patience: 5,
    seed: 9,
  });
});

test.each([
  ['', { preset: 'mnist', examples: null, hidden: [128], optimizer: 'adam', epochs: 3, seed: 0 }],
  ['--preset ridge', { hidden: [], dropout: [], l2: 0.01, l2Convention: 'sum', optimizer: 'sgd', learningRate: 0.01 }],
  ['--preset dropout', { hidden: [10], dropout: [0.5], l2: 0, batch: 100, epochs: 1000 }],
  ['--preset both', { hidden: [10], dropout: [0.5], l2: 0.01 }],
  ['--hidden 5,6', { hidden: [5, 6], dropout: [0.2, 0.2] }],
  ['--hidden 5,6 --dropout 0.5', { dropout: [0.5, 0.5] }],
  ['--hidden none', { hidden: [], dropout: [] }],
  ['--hidden none --dropout 0', { hidden: [], dropout: [] }],
  ['--optimizer nesterov', { learningRate: 0.01, momentum: 0.9, weightDecay: null }],
  ['--optimizer adamw', { learningRate: 0.001, momentum: null, weightDecay: 0.01 }],
  ['--seed 9007199254740991', { seed: 9007199254740991 }],
  ['--seed 9007199254740992', { seed: 9007199254740992n }],
  ['--seed 18446744073709551615', { seed: 18446744073709551615n }],
])("defaults of '%s'", (line, config) => {
  expect(read(line)).toMatchObject(config);
});

const choices = (names: string) => names.replace(/[\w-]+/g, "'$&'");

test.each([
  ['--optimiser adam', "unknown option '--optimiser', did you mean '--optimizer'?"],
  ['--no-dropout', "unknown option '--no-dropout', did you mean '--dropout'?"],
  ['-x', "unknown option '-x'"],
  ['--epochs 1 --epochs 2', '--epochs is given twice'],
  ['--reference=yes', '--reference takes no value, got "yes"'],
  ['--epochs', '--epochs needs a value: --epochs COUNT'],
  ['--json --epochs 2', '--json needs a value: --json FILE'],
  ['--json -h', '--json needs a value: --json FILE'],
  ['--json=', '--json needs a value: --json FILE'],
  ['mnist', 'unexpected argument "mnist"'],
  ['-- mnist', 'unexpected argument "mnist"'],
  ['sales.csv', 'unexpected argument "sales.csv", did you mean --data sales.csv?'],
  [
    '--preset mnits',
    `--preset must be one of ${choices('mnist, ridge, dropout, both')}, got "mnits", did you mean 'mnist'?`,
  ],
  ['--preset ridge --data x', '--data is for the preset mnist, and the preset ridge makes its own'],
  ['--target y', '--target is for a table, which --data names'],
  ['--no-header', '--no-header is for a table, which --data names'],
  ['--data x --classes --number', '--classes and --number exclude each other'],
  ['--data x --header --no-header', '--header and --no-header exclude each other'],
  ['--data x --delimiter ab', '--delimiter must be one character, or tab, space, comma, semicolon or bar, got "ab"'],
  ['--data x --missing 0', `--missing must be one of ${choices('median, mean, drop, error')}, got "0"`],
  ['--patience -1', '--patience must be an integer >= 0, got -1'],
  ['--examples 0', '--examples must be a positive integer, got 0'],
  [
    '--loss hubert',
    `--loss must be one of ${choices('softmax-cross-entropy, focal, binary-cross-entropy, hinge, mean-squared-error, mean-absolute-error, huber')}, got "hubert", did you mean 'huber'?`,
  ],
  ['--huber-delta 2', '--huber-delta is for the loss huber, got none'],
  ['--loss huber --huber-delta 0', '--huber-delta must be a number > 0, got 0'],
  ['--loss focal --focal-gamma 101', '--focal-gamma must be a number in [0, 100], got 101'],
  ['--elu-alpha 2', '--elu-alpha is for the activation elu, got relu'],
  ['--activation leaky-relu --leaky-slope 0', '--leaky-slope must be a number in (0, 1], got 0'],
  ['--label-smoothing 1', '--label-smoothing must be a number in [0, 1), got 1'],
  ['--hidden 128,0', '--hidden must be positive integers such as 128,64, or none, got "128,0"'],
  ['--hidden 1e3', '--hidden must be positive integers such as 128,64, or none, got "1e3"'],
  ['--norm batches', `--norm must be one of ${choices('layer, batch')}, got "batches", did you mean 'batch'?`],
  [
    '--activation relo',
    `--activation must be one of ${choices('elu, gelu, leaky-relu, relu, selu, sigmoid, silu, softplus, softsign, tanh')}, got "relo", did you mean 'relu'?`,
  ],
  ['--dropout 1', '--dropout must be rates in [0, 1) such as 0.5 or 0.2,0.5, got "1"'],
  ['--dropout -0.1', '--dropout must be rates in [0, 1) such as 0.5 or 0.2,0.5, got "-0.1"'],
  ['--dropout 0.9999999999', '--dropout must be rates in [0, 1) such as 0.5 or 0.2,0.5, got "0.9999999999"'],
  ['--dropout 0.1,half', '--dropout must be rates in [0, 1) such as 0.5 or 0.2,0.5, got "0.1,half"'],
  ['--dropout 0.1,0.2', '--dropout gives 2 rates, but the number of hidden layers is 1'],
  ['--dropout 0.1 --hidden none', '--dropout needs a hidden layer, and there is none'],
  ['--l2 -1', '--l2 must be a number >= 0, got -1'],
  ['--l2 NaN', '--l2 must be a number >= 0, got "NaN"'],
  ['--l2 1e999', '--l2 must be a number >= 0, got Infinity'],
  ['--l2-convention keras', `--l2-convention must be one of ${choices('half, sum, mean')}, got "keras"`],
  [
    '--optimizer adm',
    `--optimizer must be one of ${choices('sgd, momentum, nesterov, adam, adamw, sgdw, rmsprop, adagrad, lion')}, got "adm", did you mean 'adam'?`,
  ],
  ['--learning-rate 0', '--learning-rate must be a number > 0, got 0'],
  ['--momentum 0.9', '--momentum is for the optimizers momentum, nesterov, sgdw and rmsprop, got adam'],
  ['--optimizer nesterov --momentum 1', '--momentum must be a number in (0, 1), got 1'],
  ['--weight-decay 0.1', '--weight-decay is for the optimizers adamw, sgdw and lion, got adam'],
  ['--optimizer adamw --weight-decay -1', '--weight-decay must be a number >= 0, got -1'],
  ['--batch 0', '--batch must be a positive integer, got 0'],
  ['--batch 1.5', '--batch must be a positive integer, got 1.5'],
  ['--epochs many', '--epochs must be a positive integer, got "many"'],
  ['--seed -1', '--seed must be an integer in [0, 2^64), got "-1"'],
  ['--seed 18446744073709551616', '--seed must be an integer in [0, 2^64), got "18446744073709551616"'],
])('refuses %s', (line, message) => {
  expect(() => read(line)).toThrow(
    new UsageError(`wgrad train: ${message}`, '"wgrad train --help" explains the options.'),
  );
});

test('the help explains every option and every preset, in lines that fit', () => {
  const help = trainHelp(80);
  for (const name of Object.keys(TRAIN_OPTIONS)) expect(help).toMatch(new RegExp(`^  (-h, )?--${name}[ \n]`, 'm'));
  for (const name of PRESET_NAMES) expect(help).toMatch(new RegExp(`^  ${name} `, 'm'));
  expect(help.split('\n').filter((line) => line.length > 80)).toEqual([]);
  expect(mainHelp('1.2.3')).toContain('wgrad 1.2.3');
});

test.each([
  [['--preset', 'ridge'], {}, 'wgrad train --preset ridge --seed 5'],
  [['--seed', '5'], { npm_lifecycle_event: 'train' }, 'npm run train -- --seed 5'],
  [['--seed=5', '--json', "it's here.json"], {}, "wgrad train --seed=5 --json 'it'\\''s here.json'"],
])('repeats %j', (args, env, command) => {
  expect(repeatCommand(commandStart('train', env), args, 5)).toBe(command);
  expect(repeatCommand('wgrad train', ['--seed', '1'], 5, true)).toBe('wgrad train --seed 1 --resume');
  expect(repeatCommand('wgrad train', ['--resume'], 5, true)).toBe('wgrad train --resume --seed 5');
});
