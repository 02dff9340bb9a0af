import type { Dataset } from '../../data/dataset.js';
import {
  adam,
  adamw,
  dense,
  dropout,
  gelu,
  type Loss,
  l2,
  leakyRelu,
  type Model,
  meanSquaredError,
  type Optimizer,
  type Regularizer,
  relu,
  sequential,
  sgd,
  sigmoid,
  softmaxCrossEntropy,
  softplus,
  tanh,
} from '../../index.js';
import type { TrainConfig } from './config.js';
import type { ActivationName } from './presets.js';

const activations = { relu, 'leaky-relu': leakyRelu, tanh, sigmoid, gelu, softplus };

/**
 * Returns the network of a configuration with `outputs` units in its last layer. If one hidden layer drops units, or `drops`
 * says so, all have a dropout layer, so that the masks of one do not depend on the rate of another.
 */
export function buildModel(
  { hidden, activation, dropout: rates }: Pick<TrainConfig, 'hidden' | 'activation' | 'dropout'>,
  outputs: number,
  drops = rates.some((rate) => rate > 0),
): Model {
  const apply: Record<ActivationName, () => ReturnType<typeof relu>> = activations;
  const layers = hidden.flatMap((units, i) => [
    dense(units),
    apply[activation](),
    ...(drops ? [dropout(rates[i] ?? 0)] : []),
  ]);
  return sequential([...layers, dense(outputs)]);
}

/** Returns what `createTrainer` needs beside the model; with a penalty if λ is not 0, or if `penalises` says so. */
export function buildTraining(config: TrainConfig, train: Dataset, penalises = config.l2 > 0) {
  const { batch, seed } = config;
  const regularizer = penalises && buildRegularizer(config, train.examples);
  return {
    input: [train.features],
    batchSize: batch,
    loss: buildLoss(train),
    optimizer: buildOptimizer(config),
    ...(regularizer && { regularizer }),
    seed,
  };
}

/** Units of the last layer: one for each class, or for each column of the targets. */
export const outputsOf = ({ classes, outputs }: Dataset) => classes ?? outputs;

/** Weights and biases of the network. */
export function parameterCount({ hidden }: TrainConfig, features: number, outputs: number): number {
  const widths = [features, ...hidden, outputs];
  return widths.slice(1).reduce((sum, units, i) => sum + (widths[i] + 1) * units, 0);
}

function buildLoss({ classes }: Dataset): Loss {
  return classes === undefined ? meanSquaredError() : softmaxCrossEntropy();
}

function buildRegularizer(config: TrainConfig, examples: number): Regularizer {
  const { l2: strength, l2Convention: convention } = config;
  return l2(strength, { convention, ...(convention === 'mean' && { examples }) });
}

/** Returns the optimizer of a configuration. */
export function buildOptimizer({
  optimizer,
  learningRate,
  momentum,
  weightDecay,
}: Pick<TrainConfig, 'optimizer' | 'learningRate' | 'momentum' | 'weightDecay'>): Optimizer {
  if (optimizer === 'adam') return adam({ learningRate });
  const decay = weightDecay === null ? {} : { weightDecay };
  if (optimizer === 'adamw') return adamw({ learningRate, ...decay });
  return sgd({
    learningRate,
    ...(momentum !== null && { momentum }),
    ...(optimizer === 'nesterov' && { nesterov: true }),
    ...decay,
  });
}
