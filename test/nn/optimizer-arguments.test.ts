import { expect, test } from 'vitest';
import { adam, adamw, constantRate, cosineDecay, exponentialDecay, sgd, stepDecay, warmup } from '../../src/index.js';
import { complaint } from '../train/complaint.js';

const SCHEDULE = 'must be a number or a schedule such as cosineDecay(1e-3, { steps }), got';

test.each<[call: string, run: () => unknown, message: string]>([
  ['sgd rate', () => sgd({ learningRate: -1 }), 'RangeError: sgd: learningRate must be a number >= 0, got -1'],
  ['sgd rate type', () => sgd({ learningRate: '1' as never }), `TypeError: sgd: learningRate ${SCHEDULE} "1"`],
  ['sgd momentum', () => sgd({ momentum: 1 }), 'RangeError: sgd: momentum must be a number in [0, 1), got 1'],
  ['nesterov alone', () => sgd({ nesterov: true }), 'RangeError: sgd: nesterov needs a momentum > 0, got 0'],
  ['sgd decay', () => sgd({ weightDecay: -1 }), 'RangeError: sgd: weightDecay must be a number >= 0, got -1'],
  [
    'an unknown option of sgd',
    () => sgd({ learnRate: 1 } as never),
    "TypeError: sgd: unknown option 'learnRate', did you mean 'learningRate'?; known: learningRate, momentum, nesterov, weightDecay",
  ],
  ['adam rate', () => adam({ learningRate: null as never }), `TypeError: adam: learningRate ${SCHEDULE} null`],
  ['adam beta1', () => adam({ beta1: 1 }), 'RangeError: adam: beta1 must be a number in [0, 1), got 1'],
  ['adam beta2', () => adam({ beta2: -1 }), 'RangeError: adam: beta2 must be a number in [0, 1), got -1'],
  ['adam epsilon', () => adam({ epsilon: 0 }), 'RangeError: adam: epsilon must be a number > 0, got 0'],
  [
    'decay for adam',
    () => adam({ weightDecay: 1 } as never),
    "TypeError: adam: unknown option 'weightDecay'; known: learningRate, beta1, beta2, epsilon",
  ],
  ['adamw decay', () => adamw({ weightDecay: -1 }), 'RangeError: adamw: weightDecay must be a number >= 0, got -1'],
  ['constantRate', () => constantRate(-1), 'RangeError: constantRate: base must be a number >= 0, got -1'],
  ['stepDecay', () => stepDecay(1, { every: 0 }), 'RangeError: stepDecay: every must be a positive integer, got 0'],
  [
    'stepDecay gamma',
    () => stepDecay(1, { every: 1, gamma: 2 }),
    'RangeError: stepDecay: gamma must be a number in (0, 1], got 2',
  ],
  [
    'exponentialDecay',
    () => exponentialDecay(1, {} as never),
    'TypeError: exponentialDecay: gamma must be a number in (0, 1], got undefined',
  ],
  [
    'exponentialDecay without options',
    () => exponentialDecay(1, undefined as never),
    'TypeError: exponentialDecay: options must be an object, got undefined',
  ],
  [
    'cosineDecay',
    () => cosineDecay(1, { steps: 0 }),
    'RangeError: cosineDecay: steps must be a positive integer, got 0',
  ],
  [
    'cosineDecay floor',
    () => cosineDecay(1, { steps: 1, floor: 2 }),
    'RangeError: cosineDecay: floor must be a number in [0, 1], got 2',
  ],
  ['warmup', () => warmup(1, { steps: 0 }), 'RangeError: warmup: steps must be a positive integer, got 0'],
  ['warmup of a rate', () => warmup(-1, { steps: 1 }), 'RangeError: warmup: after must be a number >= 0, got -1'],
  [
    'warmup of nothing',
    () => warmup(undefined as never, { steps: 1 }),
    `TypeError: warmup: after ${SCHEDULE} undefined`,
  ],
])('%s is refused', async (_, run, message) => {
  expect(await complaint(run)).toBe(message);
});
