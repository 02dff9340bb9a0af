import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseOptions } from '../../src/cli/parse-options.js';
import { readConfig, type TrainConfig } from '../../src/cli/train/config.js';
import { TRAIN_OPTIONS } from '../../src/cli/train/options.js';
import { NO_PARTS } from '../../src/cli/train/part-settings.js';
import type { RunResult } from '../../src/cli/train/run-result.js';
import { readSafetensors } from '../../src/data/safetensors.js';
import { scratchFolder } from './scratch-folder.js';
import { succeed, wgrad } from './wgrad.js';

const scratch = await scratchFolder();
const at = (name: string) => join(scratch, name);

/** The preset of ten features, a hidden layer with dropout, and L2; one step an epoch. */
const TRAIN = 'train --reference --preset both';

/** Returns the kinds of parts, those of the parts in them in brackets, but for initializers and schedules. */
function kindsIn(part: unknown): string {
  if (Array.isArray(part)) return part.map(kindsIn).filter(Boolean).join(' ');
  if (typeof part !== 'object' || part === null) return '';
  const { kind, initializer: _, learningRate: _rate, ...options } = part as Readonly<Record<string, unknown>>;
  if (kind === undefined) return '';
  const inner = Object.values(options).map(kindsIn).filter(Boolean).join(' ');
  return inner ? `${kind}(${inner})` : `${kind}`;
}

const LAYERS = 'dense relu dropout dense';

test.each<[string, Partial<TrainConfig>, string]>([
  ['', {}, `${LAYERS} | sgd | l2 | `],
  ['--l2 0 --l2-convention half --l1 0.01', { l1: 0.01 }, `${LAYERS} | sgd | l1 | `],
  ['--l1 0.01 --proximal', { l1: 0.01, proximal: true }, `${LAYERS} | sgd | penalties(l2 l1) | `],
  [
    '--l2 0 --l2-convention half --elastic-net 0.01 --l1-ratio 0.2',
    { elasticNet: 0.01, l1Ratio: 0.2 },
    `${LAYERS} | sgd | elasticNet | `,
  ],
  [
    '--l2 0 --l2-convention half --group-lasso 0.01 --l1 0.02 --proximal',
    { groupLasso: 0.01, l1: 0.02, proximal: true },
    `${LAYERS} | sgd | penalties(l1 groupLasso) | `,
  ],
  ['--max-norm 2', { maxNorm: 2 }, `${LAYERS} | sgd | l2 | maxNorm`],
  ['--unit-norm', { unitNorm: true }, `${LAYERS} | sgd | l2 | unitNorm`],
  ['--non-negative', { nonNegative: true }, `${LAYERS} | sgd | l2 | nonNegative`],
  [
    '--optimizer adam --clip 1 --ema 0.9',
    { optimizer: 'adam', clip: 1, ema: 0.9 },
    `${LAYERS} | ema(clipByGlobalNorm(adam)) | l2 | `,
  ],
  ['--clip-value 0.5', { clipValue: 0.5 }, `${LAYERS} | clipByValue(sgd) | l2 | `],
  [
    '--optimizer rmsprop --momentum 0.5',
    { optimizer: 'rmsprop', momentum: 0.5, learningRate: 0.01 },
    `${LAYERS} | rmsprop | l2 | `,
  ],
  ['--optimizer adagrad', { optimizer: 'adagrad', momentum: null, weightDecay: null }, `${LAYERS} | adagrad | l2 | `],
  [
    '--optimizer lion --weight-decay 0.1',
    { optimizer: 'lion', weightDecay: 0.1, learningRate: 1e-4 },
    `${LAYERS} | lion | l2 | `,
  ],
  ['--dropout-kind gaussian', { dropoutKind: 'gaussian' }, 'dense relu gaussianDropout dense | sgd | l2 | '],
  [
    '--dropout-kind alpha --activation selu',
    { dropoutKind: 'alpha', activation: 'selu' },
    'dense selu alphaDropout dense | sgd | l2 | ',
  ],
  [
    '--dropout-kind dropconnect --hidden 4,3 --dropout 0.1,0.2',
    { dropoutKind: 'dropconnect', hidden: [4, 3], dropout: [0.1, 0.2] },
    'dense relu dropConnect(dense) relu dropConnect(dense) | sgd | l2 | ',
  ],
  [
    '--dropout-kind concrete --dropout 0.1 --input-noise 0.2',
    { dropoutKind: 'concrete', dropout: [0.1], inputNoise: 0.2 },
    'gaussianNoise dense relu concreteDropout(dense) | sgd | l2 | ',
  ],
  ['--mixup 0.2', { mixup: 0.2 }, `${LAYERS} | sgd | l2 |  | mixup`],
  [
    '--activity 0.1 --activity-norm l2 --activation elu --elu-alpha 2',
    { activity: 0.1, activityNorm: 'l2', eluAlpha: 2 },
    'dense elu activityPenalty dropout dense | sgd | l2 | ',
  ],
  ['--loss huber --huber-delta 0.5', { loss: 'huber', huberDelta: 0.5 } as never, `${LAYERS} | sgd | l2 | `],
  [
    '--optimizer adamw --clip 1 --groups dense0.w:rate=0.1,decay=0;dense1:freeze',
    {
      optimizer: 'adamw',
      weightDecay: 0.01,
      learningRate: 0.001,
      groups: 'dense0.w:rate=0.1,decay=0;dense1:freeze',
      clip: 1,
    },
    `${LAYERS} | clipByGlobalNorm(groups(adamw)) | l2 | `,
  ],
])('%s: trained, saved, and told by what goes on from it', async (options, settings, kinds) => {
  const net = at('parts.net');
  const { result } = await succeed<RunResult>(scratch, 'parts', `${TRAIN} --epochs 2 ${options} --save ${net}`);
  expect(result.config).toMatchObject({ ...NO_PARTS, ...settings });
  const { layers, optimizer, regularizer, constraint, augmentation } = JSON.parse(
    readSafetensors(await readFile(net)).metadata.config,
  );
  const parts = [layers, optimizer, regularizer, constraint, ...(augmentation ? [augmentation] : [])].map(kindsIn);
  expect(parts.join(' | ')).toBe(kinds);
  const on = await succeed<RunResult>(scratch, 'on', `${TRAIN} --epochs 1 --load ${net}`);
  expect(on.result.config).toEqual({ ...result.config, epochs: 1 });
});

test.each<[string, string]>([
  ['--l1-ratio 0.5', '--l1-ratio is for --elastic-net, which is not there'],
  ['--proximal', '--proximal is for --l1, --elastic-net and --group-lasso, and none is there'],
  ['--l1 0 --proximal', '--proximal is for --l1, --elastic-net and --group-lasso, and none is there'],
  ['--max-norm 1 --non-negative', '--max-norm and --non-negative exclude each other'],
  ['--unit-norm --non-negative', '--unit-norm and --non-negative exclude each other'],
  ['--clip 1 --clip-value 1', '--clip and --clip-value exclude each other'],
  ['--activity-norm l2', '--activity-norm is for --activity, which is not there'],
  ['--hidden none --activity 1', '--activity needs a hidden layer, and there is none'],
  ['--groups dense2:freeze', '--groups: the network has no dense2; it has dense0.w, dense0.b, dense1.w, dense1.b'],
  ['--groups .b:decay=0', '--groups: decay is for the optimizers adamw, sgdw and lion, got sgd'],
  [
    '--groups dense0:rate=-1',
    '--groups must hold a layer, a parameter or both, and rate=FACTOR, decay=DECAY or freeze, such as dense0.w:rate=0.1, got "dense0:rate=-1"',
  ],
  ['--loss hinge', '--loss hinge is for two classes, and the data has numbers to learn'],
  ['--max-norm 0', '--max-norm must be a number > 0, got 0'],
  ['--ema 1', '--ema must be a number in [0, 1), got 1'],
  ['--l1 -1', '--l1 must be a number >= 0, got -1'],
  ['--dropout 0 --dropout-kind gaussian', '--dropout-kind gaussian needs a rate above 0, got --dropout 0'],
  ['--hidden none --dropout-kind alpha', '--dropout-kind alpha needs a hidden layer, and there is none'],
  [
    '--hidden 4,3 --dropout 0,0.1 --dropout-kind concrete',
    '--dropout-kind concrete needs rates above 0 to begin with, got --dropout 0,0.1',
  ],
  [
    '--optimizer adagrad --momentum 0.9',
    '--momentum is for the optimizers momentum, nesterov, sgdw and rmsprop, got adagrad',
  ],
])('refuses %s', async (options, message) => {
  const { code, stdout, stderr } = await wgrad(`${TRAIN} ${options}`);
  expect([code, stdout, stderr.split('\n')[0]]).toEqual([2, '', `wgrad train: ${message}`]);
});

test('a search varies them, and its winner is trained by one command', async () => {
  const uniform = (low: number, high: number) => ({ kind: 'uniform', low, high });
  const space = {
    l1: uniform(0.001, 0.1),
    groupLasso: uniform(0.001, 0.1),
    maxNorm: uniform(1, 3),
    clipNorm: uniform(0.1, 1),
    emaDecay: uniform(0.5, 0.9),
    noise: uniform(0.1, 0.2),
    mixup: uniform(0.1, 0.4),
    dropout: uniform(0.1, 0.5),
  };
  await writeFile(at('space.json'), JSON.stringify(space));
  const options = '--strategy random --members 3 --epochs 3 --dropout-kind gaussian --proximal';
  const line = `tune --reference --preset both ${options} --space ${at('space.json')} --save ${at('best.net')}`;
  const { result } = await succeed<{ winner: string; best: number; trials: { id: number; config: object }[] }>(
    scratch,
    'search',
    line,
  );
  const { l1, groupLasso, maxNorm, clipNorm, emaDecay, noise, mixup, dropout } = Object(
    result.trials.find(({ id }) => id === result.best)?.config,
  );
  const settings = {
    l1,
    groupLasso,
    maxNorm,
    clip: clipNorm,
    ema: emaDecay,
    inputNoise: noise,
    mixup,
    dropout: [dropout],
  };
  const words = result.winner
    .replace(/^.*train( -- )?/, '')
    .split(' ')
    .filter(Boolean);
  const trained = readConfig(parseOptions('wgrad train', words, TRAIN_OPTIONS));
  expect(trained).toMatchObject({ ...settings, dropoutKind: 'gaussian', proximal: true });
  const on = await succeed<RunResult>(scratch, 'on', `${TRAIN} --epochs 1 --load ${at('best.net')}`);
  expect(on.result.config).toMatchObject({ ...settings, dropoutKind: 'gaussian', proximal: true });
});

test.each<[string, object, string]>([
  ['--unit-norm', { maxNorm: { kind: 'uniform', low: 1, high: 2 } }, '--max-norm and --unit-norm exclude each other'],
  ['', { maxNorm: { kind: 'uniform', low: 0, high: 2 } }, '--space: maxNorm must be above 0, as for wgrad train'],
  [
    '--dropout-kind concrete',
    { dropout: { kind: 'uniform', low: 0.1, high: 0.2 } },
    '--dropout-kind concrete learns the rates, so --space cannot hold dropout',
  ],
])('a search refuses %s with %j', async (options, space, message) => {
  await writeFile(at('bad.json'), JSON.stringify(space));
  const { code, stderr } = await wgrad(`tune --reference --preset both ${options} --space ${at('bad.json')}`);
  expect([code, stderr.split('\n')[0]]).toEqual([2, `wgrad tune: ${message}`]);
});

test.each(['hinge', 'binary-cross-entropy'])('--loss %s learns two classes with one output', async (loss) => {
  const rows = Array.from(
    { length: 60 },
    (_, i) => `${i % 7},${(i * i) % 5},${(i % 7) + ((i * i) % 5) > 4 ? 'high' : 'low'}`,
  );
  await writeFile(at('two.csv'), `a,b,level\n${rows.join('\n')}\n`);
  const line = `train --reference --hidden none --data ${at('two.csv')} --loss ${loss} --epochs 200 --save ${at('two.net')}`;
  const { result } = await succeed<RunResult>(scratch, 'two', line);
  expect([result.config.outputs, result.config.parameters]).toEqual([1, 3]);
  expect(result.table?.classes).toMatchObject({ accuracy: 1, rocAuc: 1, beatsBaseline: true });
  const on = await succeed<RunResult>(
    scratch,
    'two',
    `train --reference --data ${at('two.csv')} --epochs 1 --load ${at('two.net')}`,
  );
  expect(on.result.table?.classes?.accuracy).toBe(1);
  const { stdout, stderr } = await wgrad(`predict --reference --load ${at('two.net')} --data ${at('two.csv')}`);
  expect(stdout.split('\n')[0]).toBe(loss === 'hinge' ? 'prediction,margin' : 'prediction,p_high,p_low');
  expect(stderr).toContain('accuracy 100.00 %');
});

test('a loss of two classes refuses more', async () => {
  await writeFile(
    at('three.csv'),
    `a,kind\n${Array.from({ length: 30 }, (_, i) => `${i},${'xyz'[i % 3]}`).join('\n')}\n`,
  );
  const { code, stderr } = await wgrad(`train --reference --data ${at('three.csv')} --loss hinge`);
  expect([code, stderr.split('\n')[0]]).toEqual([
    2,
    'wgrad train: --loss hinge is for two classes, and the data has 3 classes to learn',
  ]);
});
