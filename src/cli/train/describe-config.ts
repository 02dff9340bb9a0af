import { count } from '../terminal/numbers.js';
import type { TrainConfig } from './config.js';
import { ACTIVATIONS, OPTIMIZERS } from './presets.js';

const PENALTIES = { half: '(λ/2)·Σw²', sum: 'λ·Σw²', mean: '(λ/2m)·Σw²' } as const;

/** Returns the network in words: `784 - dense 128, ReLU, dropout 0.2 - dense 10`. */
export function describeModel({ hidden, activation, dropout }: TrainConfig, features: number, outputs: number): string {
  const layers = hidden.map((units, i) => {
    const drops = dropout[i] > 0 ? [`dropout ${dropout[i]}`] : [];
    return [`dense ${count(units)}`, ACTIVATIONS[activation].text, ...drops].join(', ');
  });
  return [count(features), ...layers, `dense ${count(outputs)}`].join(' - ');
}

/** Returns the training in words. */
export function describeTraining(config: TrainConfig, classes: boolean): string {
  const { l2, l2Convention, optimizer, learningRate, momentum, weightDecay, batch, epochs, seed } = config;
  const parts = [
    classes ? 'softmax cross-entropy' : 'mean squared error',
    l2 === 0 ? 'no L2' : `L2 ${PENALTIES[l2Convention]} with λ = ${l2}`,
    `${OPTIMIZERS[optimizer].text} at ${learningRate}`,
    ...(momentum === null ? [] : [`momentum ${momentum}`]),
    ...(weightDecay === null ? [] : [`weight decay ${weightDecay}`]),
    `batches of ${count(batch)}`,
    `${count(epochs)} ${epochs === 1 ? 'epoch' : 'epochs'}`,
    `seed ${seed}`,
  ];
  return parts.join(', ');
}
