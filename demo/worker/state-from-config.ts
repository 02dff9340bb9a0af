import type { TrainingConfig } from 'wgrad';
import { ACTIVATIONS, type Knobs, LIMITS, type OptimizerName, type State } from '../contract/state.js';

/** The part of a state that a configuration describes. */
export type Described = Pick<State, 'hidden' | 'activation' | 'optimizer' | 'batch'> & { readonly knobs: Knobs };

/**
 * Returns the part of a state that a configuration describes: hidden layers of one activation, with dropout after each
 * or after none, then the output.
 * @throws Error with the part for which this page has no control
 */
export function stateFromConfig({ layers, batchSize, optimizer, regularizer }: TrainingConfig): Described {
  const hidden: number[] = [];
  const dropout: number[] = [];
  const activations = new Set<string>();
  for (const { kind, units, p } of layers.slice(0, -1)) {
    if (kind === 'dense') hidden.push(within('units', units));
    else if (kind === 'dropout') dropout[hidden.length - 1] = Number(p);
    else activations.add(kind);
  }
  const activation = ACTIVATIONS.find((name) => activations.has(name));
  if (!activation || activations.size > 1)
    throw new Error(`the hidden layers must all be one of ${ACTIVATIONS.join(', ')}`);
  if (hidden.length < 1 || hidden.length > LIMITS.layers.max || layers.at(-1)?.kind !== 'dense') {
    throw new Error(`the network must have 1 to ${LIMITS.layers.max} hidden layers and a dense one for the output`);
  }
  const strength = regularizer?.strength ?? 0;
  const knobs = {
    l2: strength === 0 ? 0 : within('l2', strength),
    dropout: hidden.map((_, layer) => within('dropout', dropout[layer] ?? 0)),
    learningRate: within('learningRate', optimizer.learningRate),
  };
  return { hidden, activation, optimizer: optimizerName(optimizer), batch: within('batch', batchSize), knobs };
}

function optimizerName({ kind, momentum, nesterov, weightDecay }: TrainingConfig['optimizer']): OptimizerName {
  if (kind === 'adam') return 'adam';
  if (kind === 'adamw' && weightDecay === 0.01) return 'adamw';
  if (kind === 'sgd' && !momentum) return 'sgd';
  if (kind === 'sgd' && momentum === 0.9 && !nesterov) return 'momentum';
  throw new Error(
    'the optimizer must be sgd, without momentum or with 0.9, adam, or adamw with a weight decay of 0.01',
  );
}

function within(name: 'units' | 'batch' | 'l2' | 'dropout' | 'learningRate', value: unknown): number {
  const { min, max } = LIMITS[name];
  if (typeof value === 'number' && value >= min && value <= max) return value;
  throw new Error(`${name} must be a number in [${min}, ${max}], got ${JSON.stringify(value)}`);
}
