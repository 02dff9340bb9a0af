import { adam, adamw, type Optimizer, sgd } from '../../src/index.js';
import { Random } from '../ops/random.js';
import type { Batch, Network } from './network64.js';
import { type Rule, torchAdam, torchSgd } from './update-rules.js';

export const STEPS = 100;

// Every hyper-parameter is a binary fraction, so that float32 has it exactly and no engine rounds it in its own way.
const common = { batchSize: 16, strength: 2 ** -7 };

export const NETWORKS: readonly Network[] = [
  {
    ...common,
    name: 'ReLU 20-16-10, softmax cross-entropy',
    features: 20,
    hidden: 16,
    activation: 'relu',
    outputs: 10,
    loss: 'softmaxCrossEntropy',
  },
  {
    ...common,
    name: 'tanh 8-12-3, squared error',
    features: 8,
    hidden: 12,
    activation: 'tanh',
    outputs: 3,
    loss: 'meanSquaredError',
  },
];

export const LR = 2 ** -4;
export const MU = 0.875;
/** An ε of the size of gradients, so that Adam's division by √v + ε does not blow up their rounding. */
export const ADAM = { lr: 2 ** -6, beta1: 0.875, beta2: 1 - 2 ** -6, eps: 2 ** -8 };
export const WD = 0.25;
const wgradAdam = { learningRate: ADAM.lr, beta1: ADAM.beta1, beta2: ADAM.beta2, epsilon: ADAM.eps };

/** Optimisers of wgrad and what they must do. */
export const OPTIMIZERS = {
  sgd: [sgd({ learningRate: LR }), torchSgd({ lr: LR })],
  momentum: [sgd({ learningRate: LR, momentum: MU }), torchSgd({ lr: LR, mu: MU })],
  nesterov: [sgd({ learningRate: LR, momentum: MU, nesterov: true }), torchSgd({ lr: LR, mu: MU, nesterov: true })],
  sgdw: [sgd({ learningRate: LR, momentum: MU, weightDecay: WD }), torchSgd({ lr: LR, mu: MU, wd: WD })],
  adam: [adam(wgradAdam), torchAdam(ADAM)],
  adamw: [adamw({ ...wgradAdam, weightDecay: WD }), torchAdam({ ...ADAM, wd: WD })],
} satisfies Record<string, readonly [Optimizer, Rule]>;

export type Name = keyof typeof OPTIMIZERS;

/**
 * A batch a step: the class is the largest of the first features, the targets are smooth functions of neighbours. With this
 * seed no hidden unit comes so near to ReLU's kink that rounding could decide its side; the tests check that.
 */
export function batchesOf({ batchSize, features, outputs, loss }: Network, seed = 4): Batch[] {
  const random = new Random(seed);
  return Array.from({ length: STEPS }, () => {
    const x = random.floats(batchSize * features, -1, 1);
    const y = Array.from({ length: batchSize }, (_, row) => {
      const first = [...x.subarray(row * features, row * features + outputs)];
      if (loss === 'softmaxCrossEntropy') return [first.indexOf(Math.max(...first))];
      return first.map((value, j) => Math.sin(2 * value) * first[(j + 1) % outputs]);
    });
    return { x, y: loss === 'softmaxCrossEntropy' ? Uint32Array.from(y.flat()) : Float32Array.from(y.flat()) };
  });
}
