import { count } from '../terminal/numbers.js';
import type { TrainConfig } from './config.js';
import type { OptimizerName } from './presets.js';

const ACTIVATION_NAMES = {
  relu: 'ReLU',
  'leaky-relu': 'leaky ReLU',
  tanh: 'tanh',
  sigmoid: 'sigmoid',
  gelu: 'GELU',
  softplus: 'softplus',
} as const;

const OPTIMIZER_NAMES: Record<OptimizerName, string> = {
  sgd: 'SGD',
  momentum: 'SGD with momentum',
  nesterov: 'SGD with Nesterov momentum',
  adam: 'Adam',
  adamw: 'AdamW',
  sgdw: 'SGDW',
};

const PENALTIES = { half: '(λ/2)·Σw²', sum: 'λ·Σw²', mean: '(λ/2m)·Σw²' } as const;

/** The network in words: `784 - dense 128, ReLU, dropout 0.2 - dense 10`. */
export function describeModel({ hidden, activation, dropout }: TrainConfig, features: number, outputs: number): string {
  const layers = hidden.map((units, i) => {
    const drops = dropout[i] > 0 ? [`dropout ${dropout[i]}`] : [];
    return [`dense ${count(units)}`, ACTIVATION_NAMES[activation], ...drops].join(', ');
  });
  return [count(features), ...layers, `dense ${count(outputs)}`].join(' - ');
}

/** How it is trained, in words. */
export function describeTraining(config: TrainConfig, classes: boolean): string {
  const { l2, l2Convention, optimizer, learningRate, momentum, weightDecay, batch, epochs, seed } = config;
  const parts = [
    classes ? 'softmax cross-entropy' : 'mean squared error',
    l2 === 0 ? 'no L2' : `L2 ${PENALTIES[l2Convention]} with λ = ${l2}`,
    `${OPTIMIZER_NAMES[optimizer]} at ${learningRate}`,
    ...(momentum === null ? [] : [`momentum ${momentum}`]),
    ...(weightDecay === null ? [] : [`weight decay ${weightDecay}`]),
    `batches of ${count(batch)}`,
    `${count(epochs)} ${epochs === 1 ? 'epoch' : 'epochs'}`,
    `seed ${seed}`,
  ];
  return parts.join(', ');
}
