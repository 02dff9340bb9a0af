import type { PointEdit } from './edits.js';

/**
 * The state of the page. Page and worker share it: the address spells it (address.ts), and the worker trains what it
 * describes. All of it is plain data within `LIMITS`.
 */

export const DATA = ['moons', 'circles', 'spiral', 'xor', 'sine', 'sparse', 'mnist', 'own'] as const;
export type DataName = (typeof DATA)[number];
export const OPTIMIZERS = ['sgd', 'momentum', 'adam', 'adamw'] as const;
export type OptimizerName = (typeof OPTIMIZERS)[number];
export const ACTIVATIONS = ['relu', 'tanh', 'gelu'] as const;
export type ActivationName = (typeof ACTIVATIONS)[number];

/** Knobs of one run; a person may turn them while it trains. */
export interface Knobs {
  /** λ of the penalty (λ/2)·Σw²; 0 switches it off. */
  readonly l2: number;
  /** The dropout rate after each hidden layer. */
  readonly dropout: readonly number[];
  readonly learningRate: number;
  /** λ of the penalty λ·Σ|w|, if the state has that part; absent is 0. */
  readonly l1?: number;
}

/** A run: its knobs, and the identity by which page and worker know it. */
export interface RunState extends Knobs {
  /** No other run of a page has it, before or after; knobs never tell runs apart. */
  readonly id: number;
  /** The dropped network that it goes on from, by the number that the worker gave it. */
  readonly network?: number;
}

/** A person's choices about a table of their own; what is absent is judged by the table. */
export interface TableChoice {
  /** The column to learn. */
  readonly target?: string;
  /** Read the target as classes or as a number. */
  readonly task?: 'classes' | 'number';
  /** Columns that are left out. */
  readonly drop?: readonly string[];
}

/** Parts of the training beside L2 and dropout; what is absent is not there. */
export interface Parts {
  /** L1, by its proximal step, which makes weights exactly 0; each run has its strength. */
  readonly l1?: true;
  /** Gaussian dropout in place of dropout. */
  readonly gaussian?: true;
  /** The largest norm of the weights of a unit. */
  readonly maxNorm?: number;
}

/** Everything that a person can set. */
export interface State {
  readonly data: DataName;
  /** The person's own file that `data: 'own'` means, by the number that the worker gave it. */
  readonly file?: number;
  readonly table?: TableChoice;
  /** Number of training examples. */
  readonly examples: number;
  /** Share of the labels that are replaced by another class; for regression, the noise's standard deviation. */
  readonly noise: number;
  /** The person's changes of the training points. */
  readonly edits?: readonly PointEdit[];
  /** Units of the hidden layers. */
  readonly hidden: readonly number[];
  readonly activation: ActivationName;
  readonly optimizer: OptimizerName;
  readonly parts?: Parts;
  readonly batch: number;
  readonly seed: number;
  /** Training pauses by itself after this many steps; 0 means never. */
  readonly steps: number;
  /** One to four runs on the same data, from the same initial weights, with the same batches. */
  readonly runs: readonly RunState[];
  /** Index of the run that the controls turn and the tabs show. */
  readonly selected: number;
}

/** The names of the parts of a state. */
export const STATE_NAMES = [
  'data',
  'file',
  'table',
  'examples',
  'noise',
  'edits',
  'hidden',
  'activation',
  'optimizer',
  'parts',
  'batch',
  'seed',
  'steps',
  'runs',
  'selected',
] as const satisfies readonly (keyof State)[];

/** Returns runs of these knobs, with identities from `first` on. */
export function runsWith(knobs: readonly Knobs[], first = 1): RunState[] {
  return knobs.map(({ l2, dropout, learningRate, l1 }, i) => ({
    id: first + i,
    l2,
    dropout,
    learningRate,
    ...(l1 !== undefined && { l1 }),
  }));
}

/** Range of each number. */
export const LIMITS = {
  examples: { min: 10, max: 6000 },
  noise: { min: 0, max: 0.5 },
  units: { min: 1, max: 512 },
  layers: { min: 1, max: 4 },
  batch: { min: 1, max: 1024 },
  seed: { min: 0, max: Number.MAX_SAFE_INTEGER },
  steps: { min: 0, max: 1_000_000 },
  runs: { min: 1, max: 4 },
  /** 0 is allowed too and switches it off. */
  l2: { min: 1e-7, max: 10 },
  dropout: { min: 0, max: 0.9 },
  learningRate: { min: 1e-5, max: 10 },
  /** 0 is allowed too and switches it off. */
  l1: { min: 1e-7, max: 10 },
  maxNorm: { min: 0.1, max: 100 },
} as const;

/** Returns the largest number of training examples of a data set; those of a person's own are as many as there are. */
export function mostExamples(data: DataName): number {
  if (data === 'own') return Number.MAX_SAFE_INTEGER;
  return data === 'mnist' ? LIMITS.examples.max : 2000;
}

/** Returns a run's model, loss, optimiser and penalty as the configuration that `trainingFromConfig` reads. */
export function configOf(state: State, run: Knobs, data: { features: number; outputs: number; classes: boolean }) {
  const l2 = { kind: 'l2', strength: run.l2 };
  const layers = state.hidden.flatMap((units, layer) => [
    { kind: 'dense', units },
    { kind: state.activation },
    { kind: state.parts?.gaussian ? 'gaussianDropout' : 'dropout', p: run.dropout[layer] },
  ]);
  return {
    input: [data.features],
    batchSize: state.batch,
    layers: [...layers, { kind: 'dense', units: data.outputs }],
    loss: { kind: data.classes ? 'softmaxCrossEntropy' : 'meanSquaredError' },
    optimizer: optimizerOf(state.optimizer, run.learningRate),
    regularizer: state.parts?.l1 ? { kind: 'penalties', parts: [l2, { ...L1, strength: run.l1 ?? 0 }] } : l2,
    ...(state.parts?.maxNorm && { constraint: { kind: 'maxNorm', norm: state.parts.maxNorm } }),
  };
}

const L1 = { kind: 'l1', proximal: true };

/** Decoupled weight decay of AdamW: PyTorch's default. */
const WEIGHT_DECAY = 0.01;

function optimizerOf(name: OptimizerName, learningRate: number) {
  if (name === 'momentum') return { kind: 'sgd', learningRate, momentum: 0.9 };
  if (name === 'adamw') return { kind: 'adamw', learningRate, weightDecay: WEIGHT_DECAY };
  return { kind: name, learningRate };
}

/** Numbers of MNIST images that the page brings: so few that a network without regularisation memorises them. */
export const MNIST = { train: 6000, validation: 1000, test: 1000 } as const;
