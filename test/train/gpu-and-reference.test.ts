import { expect, test } from 'vitest';
import {
  adam,
  adamw,
  binaryCrossEntropy,
  createTrainer,
  dense,
  dropout,
  elu,
  focal,
  gelu,
  hinge,
  huber,
  type Layer,
  type Loss,
  l2,
  leakyRelu,
  meanAbsoluteError,
  meanSquaredError,
  type Optimizer,
  relu,
  selu,
  sequential,
  sgd,
  sigmoid,
  silu,
  softmaxCrossEntropy,
  softplus,
  softsign,
  softTargetCrossEntropy,
  tanh,
} from '../../src/index.js';
import { ENGINES } from './engines.js';

const numbers = (count: number, seed: number) => Float32Array.from({ length: count }, (_, i) => Math.sin(seed + i * i));
const shares = (count: number, seed: number) => numbers(count, seed).map((value) => value * value);
/** Rows of 3 shares that sum to 1. */
const distributions = (count: number, seed: number) => {
  const all = shares(count, seed);
  return all.map((share, i) => {
    const row = all.subarray(i - (i % 3), i - (i % 3) + 3);
    return share / (row[0] + row[1] + row[2]);
  });
};

/** Losses with targets for 6 rows of 3 outputs. */
const LOSSES: readonly [loss: Loss, targets: (seed: number) => Float32Array | Uint32Array][] = [
  [meanSquaredError(), (seed) => numbers(18, seed)],
  [softmaxCrossEntropy(), (seed) => Uint32Array.from({ length: 6 }, (_, i) => (i + seed) % 3)],
  [softTargetCrossEntropy(), (seed) => distributions(18, seed)],
  [binaryCrossEntropy(), (seed) => shares(18, seed)],
  [meanAbsoluteError(), (seed) => numbers(18, seed)],
  [huber(0.5), (seed) => numbers(18, seed)],
  [hinge(), (seed) => numbers(18, seed).map((value) => (value > 0 ? 1 : 0))],
  [focal(), (seed) => Uint32Array.from({ length: 6 }, (_, i) => (i + seed) % 3)],
];
const CASES: readonly [name: string, hidden: Layer[], optimizer: Optimizer][] = [
  ['relu, dropout, sgd', [relu(), dropout(0.5)], sgd({ learningRate: 0.1 })],
  ['leakyRelu, momentum', [leakyRelu()], sgd({ learningRate: 0.1, momentum: 0.9 })],
  ['tanh, dropout, Nesterov', [tanh(), dropout(0.3)], sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true })],
  ['sigmoid, SGDW', [sigmoid()], sgd({ learningRate: 0.1, weightDecay: 0.1 })],
  ['gelu, dropout, adam', [gelu(), dropout(0.2)], adam({ learningRate: 0.01 })],
  ['elu, silu, momentum', [elu(), silu()], sgd({ learningRate: 0.1, momentum: 0.9 })],
  ['selu, softsign, adam', [selu(), softsign()], adam({ learningRate: 0.01 })],
  ['softplus, adamw', [softplus()], adamw({ learningRate: 0.01, weightDecay: 0.1 })],
];

// Whole steps within derived bounds are compared elsewhere; here it is the same trainer with the same seeds, left to run.
test.each(CASES)('%s: the losses of 12 steps agree, whatever the loss', async (_, hidden, optimizer) => {
  for (const [loss, targets] of LOSSES) {
    const runs = ENGINES.map(async ([, engine]) => {
      using trainer = await createTrainer(engine, sequential([dense(9), ...hidden, dense(3)]), {
        input: [7],
        batchSize: 6,
        loss,
        optimizer,
        regularizer: l2(0.05, { biases: true }),
        seed: 11,
      });
      for (let step = 0; step < 12; step++) trainer.step({ x: numbers(42, step), y: targets(step) });
      return await trainer.metrics();
    });
    const [gpu, reference] = await Promise.all(runs);
    expect(gpu.penalty).toBeCloseTo(reference.penalty, 4);
    for (const [i, step] of gpu.steps.entries()) {
      expect(step.loss).toBeCloseTo(reference.steps[i].loss, 4);
      expect(step.accuracy).toBe(reference.steps[i].accuracy);
    }
    expect(gpu.steps).toHaveLength(12);
    expect(gpu.steps[11].loss).not.toBe(gpu.steps[0].loss);
  }
});
