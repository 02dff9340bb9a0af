import type { Step } from '../../src/graph/step.js';
import {
  activityPenalty,
  adagrad,
  alphaDropout,
  batchNorm,
  clipByGlobalNorm,
  clipByValue,
  concreteDropout,
  dropConnect,
  elasticNet,
  ema,
  gaussianDropout,
  gaussianNoise,
  groupLasso,
  groups,
  l1,
  layerNorm,
  lion,
  maxNorm,
  nonNegative,
  penalties,
  rmsprop,
  unitNorm,
} from '../../src/index.js';
import { elu, gelu, leakyRelu, relu, selu, sigmoid, silu, softplus, softsign, tanh } from '../../src/nn/activations.js';
import type { Augmentation } from '../../src/nn/augmentation.js';
import { dense } from '../../src/nn/dense.js';
import { dropout } from '../../src/nn/dropout.js';
import { l2 } from '../../src/nn/l2.js';
import { type Constraint, type Layer, type Regularizer, sequential } from '../../src/nn/layer.js';
import {
  binaryCrossEntropy,
  focal,
  hinge,
  huber,
  type Loss,
  meanAbsoluteError,
  meanSquaredError,
  softmaxCrossEntropy,
  softTargetCrossEntropy,
} from '../../src/nn/losses.js';
import { mixup } from '../../src/nn/mixup.js';
import { adam, adamw, type Optimizer, sgd } from '../../src/nn/optimizers.js';
import { cosineDecay, warmup } from '../../src/nn/schedules.js';
import { standout } from '../../src/nn/standout.js';
import { TracedModel } from '../../src/nn/traced-model.js';
import type { Tensor } from '../../src/ops/tensor.js';

/** A network, how it is trained, and the batch it is trained on. */
export interface Network {
  readonly layers: readonly Layer[];
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  readonly regularizer?: Regularizer;
  readonly constraint?: Constraint;
  readonly augmentation?: Augmentation;
  /** The batch [rows, cols], of which `count` rows are valid; default all. */
  readonly rows: number;
  readonly cols: number;
  readonly count?: number;
}

/** A network's step on symbolic tensors. */
export interface TracedNetwork {
  readonly model: TracedModel;
  readonly x: Tensor;
  readonly targets: Tensor;
  readonly step: Step;
}

/** Traces one step of a network on a batch. */
export function traceNetwork({ layers, rows, cols, ...training }: Network): TracedNetwork {
  const { loss } = training;
  const model = new TracedModel({ model: sequential(layers), ...training });
  const x = model.input('x', rows, cols);
  const outputs = model.output(x, true).cols;
  const classes = loss.targets === 'classes';
  const targets = classes ? model.input('labels', rows, 1, 'u32') : model.input('targets', rows, outputs);
  return { model, x, targets, step: model.step({ x, y: targets }) };
}

/** Dense layers of these widths with something after each but the last. */
export function layers(widths: readonly number[], ...between: readonly (() => Layer)[]): Layer[] {
  return widths.flatMap((units, i) => [dense(units), ...(i + 1 < widths.length ? between.map((make) => make()) : [])]);
}

const half = () => dropout(0.5);
const classes = { loss: softmaxCrossEntropy() };
const momentum = sgd({ learningRate: 0.1, momentum: 0.9 });
const batch = (rows: number, cols: number, count = rows) => ({ rows, cols, count });
const ragged = batch(37, 83, 30);

/** Every activation, loss, optimiser, kind of penalty and of dropout in at least one network. */
export const NETWORKS: Readonly<Record<string, Network>> = {
  'relu and dropout, momentum, L2': {
    ...classes,
    ...ragged,
    layers: layers([61, 30, 10], relu, half),
    optimizer: momentum,
    regularizer: l2(1e-2),
  },
  'relu and dropout, Adam, L2': {
    ...classes,
    ...ragged,
    layers: layers([61, 30, 10], relu, half),
    optimizer: adam({ learningRate: 1e-2 }),
    regularizer: l2(1e-2),
  },
  'tanh and dropout, plain SGD, L2 as a sum': {
    ...classes,
    layers: layers([17, 4], tanh, half),
    optimizer: sgd({ learningRate: 0.5 }),
    regularizer: l2(1e-2, { convention: 'sum' }),
    ...batch(8, 21),
  },
  'sigmoid, Nesterov, L2 as a mean': {
    ...classes,
    layers: layers([19, 23, 4], sigmoid),
    optimizer: sgd({ learningRate: 0.2, momentum: 0.8, nesterov: true }),
    regularizer: l2(1, { convention: 'mean', examples: 100 }),
    ...batch(65, 6, 64),
  },
  'gelu and dropout, AdamW': {
    ...classes,
    layers: layers([33, 4], gelu, half),
    optimizer: adamw({ learningRate: 1e-2, weightDecay: 0.1 }),
    ...batch(16, 12),
  },
  'softplus, SGDW with momentum': {
    ...classes,
    layers: layers([12, 3], softplus),
    optimizer: sgd({ learningRate: 0.1, momentum: 0.9, weightDecay: 0.05 }),
    ...batch(9, 5, 7),
  },
  'leaky relu and dropout, SGDW, penalised biases': {
    ...classes,
    layers: layers([12, 3], () => leakyRelu(0.1), half),
    optimizer: sgd({ learningRate: 0.1, weightDecay: 0.05 }),
    regularizer: l2(0.1, { biases: true }),
    ...batch(9, 5),
  },
  'dropout of the input and of linear layers, no biases, soft targets': {
    layers: [dropout(0.2), dense(14, { bias: false }), half(), dense(6, { bias: false })],
    loss: softTargetCrossEntropy(),
    optimizer: momentum,
    ...batch(10, 7, 9),
  },
  'one layer with a penalty of its own, dropout of 0': {
    ...classes,
    layers: [dense(9, { regularizer: l2(0.3) }), relu(), dropout(0), dense(4), relu(), half(), dense(3)],
    optimizer: adam(),
    regularizer: l2(1e-3),
    ...batch(6, 4),
  },
  'binary cross-entropy, warm-up and decay': {
    layers: layers([9, 5], relu),
    loss: binaryCrossEntropy(),
    optimizer: sgd({ learningRate: warmup(cosineDecay(0.5, { steps: 9 }), { steps: 2 }), momentum: 0.5 }),
    ...batch(70, 13, 66),
  },
  'squared error, a linear model with L2': {
    layers: [dense(1)],
    loss: meanSquaredError(),
    optimizer: sgd({ learningRate: 0.1 }),
    regularizer: l2(0.1),
    ...batch(50, 3, 41),
  },
  'squared error of several outputs': {
    layers: layers([8, 3], tanh),
    loss: meanSquaredError(),
    optimizer: adam({ learningRate: 0.05 }),
    ...batch(33, 2),
  },
  'a batch of one': {
    ...classes,
    layers: layers([5, 4], relu, half),
    optimizer: momentum,
    regularizer: l2(1e-2),
    ...batch(1, 3),
  },
  'more classes than the head has registers for': {
    ...classes,
    layers: layers([11, 35], relu, half),
    optimizer: momentum,
    ...batch(67, 9, 66),
  },
  'every random layer': {
    ...classes,
    layers: [
      gaussianNoise(0.1),
      dropConnect(dense(14), 0.3),
      gaussianDropout(0.3),
      dense(9),
      alphaDropout(0.3),
      concreteDropout(dense(4), { weights: 0.01, entropy: 0.05, temperature: 0.5 }),
    ],
    optimizer: momentum,
    ...batch(10, 7, 9),
  },
  'averages of clipped steps, greatest norms': {
    ...classes,
    ...ragged,
    layers: layers([17, 10], relu),
    optimizer: ema(clipByGlobalNorm(momentum, 0.5), 0.9),
    constraint: maxNorm(0.5),
  },
  'groups and clipped values, unit norms and weights that are not negative': {
    ...classes,
    layers: [dense(13, { constraint: unitNorm() }), relu(), dense(6, { constraint: nonNegative() })],
    optimizer: groups(clipByValue(momentum, 0.01), [
      { layers: ['dense0'], parameters: ['b'], freeze: true },
      { rate: 0.5 },
    ]),
    ...batch(9, 7, 8),
  },
  'elu and selu, focal loss': {
    layers: layers([12, 9, 3], elu, selu),
    loss: focal(),
    optimizer: momentum,
    ...batch(70, 5, 66),
  },
  'silu, absolute error': {
    layers: layers([12, 3], silu),
    loss: meanAbsoluteError(),
    optimizer: momentum,
    ...batch(9, 5, 7),
  },
  'softsign, Huber': { layers: layers([12, 3], softsign), loss: huber(0.5), optimizer: momentum, ...batch(9, 5, 7) },
  'layer norm': {
    layers: layers([12, 9, 3], layerNorm, relu),
    ...classes,
    optimizer: momentum,
    ...batch(9, 5, 7),
  },
  'batch norm of inputs and of layers': {
    layers: [batchNorm(), ...layers([12, 9, 3], batchNorm, relu, half)],
    loss: softmaxCrossEntropy(),
    optimizer: momentum,
    ...batch(70, 5, 66),
  },
  'penalties of all kinds': {
    layers: [dense(12), relu(), activityPenalty(0.01), dense(3, { regularizer: groupLasso(0.1) })],
    ...classes,
    optimizer: momentum,
    regularizer: penalties(l1(0.01), elasticNet(0.1)),
    ...batch(9, 5, 7),
  },
  'label smoothing': {
    layers: layers([12, 3], relu),
    loss: softmaxCrossEntropy({ labelSmoothing: 0.1 }),
    optimizer: momentum,
    ...batch(70, 5, 66),
  },
  mixup: {
    ...classes,
    layers: layers([12, 3], relu),
    optimizer: momentum,
    augmentation: mixup(0.5),
    ...batch(9, 5, 7),
  },
  standout: { ...classes, layers: layers([12, 3], standout, relu), optimizer: momentum, ...batch(9, 5, 7) },
  hinge: { layers: layers([12, 3], relu), loss: hinge(), optimizer: momentum, ...batch(9, 5, 7) },
  RMSprop: { ...classes, layers: layers([12, 3], relu), optimizer: rmsprop({ momentum: 0.5 }), ...batch(9, 5) },
  Adagrad: { ...classes, layers: layers([12, 3], relu), optimizer: adagrad(), ...batch(9, 5) },
  Lion: { ...classes, layers: layers([12, 3], relu), optimizer: lion({ weightDecay: 0.1 }), ...batch(9, 5) },
};
