import type { TrainingConfig } from 'wgrad';
import { ACTIVATIONS, type Knobs, LIMITS, type OptimizerName, type Parts, type State } from '../contract/state.js';
import { refusals } from '../words/words.js';

/** The part of a state that a configuration describes. */
export type Described = Pick<State, 'hidden' | 'activation' | 'optimizer' | 'batch' | 'parts'> & {
  readonly knobs: Knobs;
};

/**
 * Returns the part of a state that a configuration describes: hidden layers of one activation, with dropout after each
 * or after none, then the output.
 * @throws Error with the part for which this page has no control
 */
export function stateFromConfig(config: TrainingConfig): Described {
  const { layers, batchSize, optimizer, constraint } = config;
  const hidden: number[] = [];
  const dropout: number[] = [];
  const activations = new Set<string>();
  const kinds = new Set<string>();
  for (const { kind, units, p } of layers.slice(0, -1)) {
    if (kind === 'dense') hidden.push(within('units', units));
    else if (kind === 'dropout' || kind === 'gaussianDropout') {
      dropout[hidden.length - 1] = Number(p);
      kinds.add(kind);
    } else activations.add(kind);
  }
  const activation = ACTIVATIONS.find((name) => activations.has(name));
  if (!activation || activations.size > 1) throw new Error(refusals.activations(ACTIVATIONS.join(', ')));
  if (hidden.length < 1 || hidden.length > LIMITS.layers.max || layers.at(-1)?.kind !== 'dense') {
    throw new Error(refusals.layers(LIMITS.layers.max));
  }
  if (kinds.size > 1) throw new Error(refusals.dropoutKinds);
  const { l2, l1 } = penaltiesOf(config);
  if (constraint && constraint.kind !== 'maxNorm') throw new Error(refusals.constraint);
  const parts: Parts = {
    ...(l1 !== undefined && { l1: true }),
    ...(kinds.has('gaussianDropout') && { gaussian: true }),
    ...(constraint && { maxNorm: within('maxNorm', constraint.norm) }),
  };
  const knobs = {
    l2,
    ...(l1 !== undefined && { l1 }),
    dropout: hidden.map((_, layer) => within('dropout', dropout[layer] ?? 0)),
    learningRate: within('learningRate', optimizer.learningRate),
  };
  return {
    hidden,
    activation,
    optimizer: optimizerName(optimizer),
    batch: within('batch', batchSize),
    parts: Object.keys(parts).length > 0 ? parts : undefined,
    knobs,
  };
}

/** Returns the strengths of L2 and, if it is there, of L1. */
function penaltiesOf({ regularizer }: TrainingConfig): { readonly l2: number; readonly l1?: number } {
  if (!regularizer) return { l2: 0 };
  const { kind, parts } = regularizer;
  const list: readonly { readonly kind: string; readonly strength?: unknown; readonly proximal?: unknown }[] =
    kind === 'penalties' && Array.isArray(parts) ? parts : [regularizer];
  const strengths: { l2: number; l1?: number } = { l2: 0 };
  for (const each of list) {
    const isL1 = each.kind === 'l1' && each.proximal === true;
    if (each.kind !== 'l2' && !isL1) throw new Error(refusals.penalty);
    strengths[isL1 ? 'l1' : 'l2'] = each.strength === 0 ? 0 : within(isL1 ? 'l1' : 'l2', each.strength);
  }
  return strengths;
}

function optimizerName({ kind, momentum, nesterov, weightDecay }: TrainingConfig['optimizer']): OptimizerName {
  if (kind === 'adam') return 'adam';
  if (kind === 'adamw' && weightDecay === 0.01) return 'adamw';
  if (kind === 'sgd' && !momentum) return 'sgd';
  if (kind === 'sgd' && momentum === 0.9 && !nesterov) return 'momentum';
  throw new Error(refusals.optimizer);
}

function within(
  name: 'units' | 'batch' | 'l2' | 'l1' | 'maxNorm' | 'dropout' | 'learningRate',
  value: unknown,
): number {
  const { min, max } = LIMITS[name];
  if (typeof value === 'number' && value >= min && value <= max) return value;
  throw new Error(refusals.range(name, min, max, JSON.stringify(value)));
}
