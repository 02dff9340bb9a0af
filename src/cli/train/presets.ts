import type { L2Convention } from '../../index.js';
import activationKinds from '../../nn/activations.js';

/** An optimizer of `--optimizer`. */
interface NamedOptimizer {
  /** The library's name of it. */
  readonly kind: 'sgd' | 'adam' | 'adamw' | 'rmsprop' | 'adagrad' | 'lion';
  /** Its name for a person. */
  readonly text: string;
  /** Defaults; null for an option that it does not have. */
  readonly learningRate: number;
  readonly nesterov: true | null;
  readonly momentum: number | null;
  readonly weightDecay: number | null;
}

const SGD = { kind: 'sgd', learningRate: 0.01, nesterov: null, momentum: 0.9, weightDecay: null } as const;
const ADAM = { kind: 'adam', learningRate: 0.001, nesterov: null, momentum: null, weightDecay: null } as const;

export const OPTIMIZERS = {
  sgd: { ...SGD, text: 'SGD', momentum: null },
  momentum: { ...SGD, text: 'SGD with momentum' },
  nesterov: { ...SGD, text: 'SGD with Nesterov momentum', nesterov: true },
  adam: { ...ADAM, text: 'Adam' },
  adamw: { ...ADAM, kind: 'adamw', text: 'AdamW', weightDecay: 0.01 },
  sgdw: { ...SGD, text: 'SGDW', weightDecay: 0.01 },
  rmsprop: { ...SGD, kind: 'rmsprop', text: 'RMSprop', momentum: 0 },
  adagrad: { ...SGD, kind: 'adagrad', text: 'Adagrad', momentum: null },
  lion: { ...ADAM, kind: 'lion', text: 'Lion', learningRate: 1e-4, weightDecay: 0 },
} as const satisfies Record<string, NamedOptimizer>;

export type OptimizerName = keyof typeof OPTIMIZERS;

export const OPTIMIZER_NAMES = Object.keys(OPTIMIZERS) as OptimizerName[];

/** Names of activations for a person, other than the library's. */
const ACTIVATION_TEXTS: Readonly<Record<string, string>> = {
  relu: 'ReLU',
  leakyRelu: 'leaky ReLU',
  elu: 'ELU',
  selu: 'SELU',
  silu: 'SiLU',
  gelu: 'GELU',
};

/** The activations of `--activation`: the library's name of each and its name for a person. */
export const ACTIVATIONS = Object.fromEntries(
  activationKinds.map((kind) => {
    const name = kind.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    return [name, { kind, text: ACTIVATION_TEXTS[kind] ?? kind }];
  }),
);

export const ACTIVATION_NAMES = Object.keys(ACTIVATIONS);

/** The normalisations of `--norm`: the library's name of each, and its name for a person. */
export const NORMS = {
  layer: { kind: 'layerNorm', text: 'layer norm' },
  batch: { kind: 'batchNorm', text: 'batch norm' },
} as const;

export type NormName = keyof typeof NORMS;

export const NORM_NAMES = Object.keys(NORMS) as NormName[];

/** The losses of `--loss`: the library's name of each, its name for a person, and the targets that it takes. */
export const LOSSES = {
  'softmax-cross-entropy': { kind: 'softmaxCrossEntropy', text: 'softmax cross-entropy', targets: 'classes' },
  focal: { kind: 'focal', text: 'focal loss', targets: 'classes' },
  'binary-cross-entropy': { kind: 'binaryCrossEntropy', text: 'binary cross-entropy', targets: 'two classes' },
  hinge: { kind: 'hinge', text: 'hinge loss', targets: 'two classes' },
  'mean-squared-error': { kind: 'meanSquaredError', text: 'mean squared error', targets: 'numbers' },
  'mean-absolute-error': { kind: 'meanAbsoluteError', text: 'mean absolute error', targets: 'numbers' },
  huber: { kind: 'huber', text: 'Huber loss', targets: 'numbers' },
} as const;

export type LossName = keyof typeof LOSSES;

export const LOSS_NAMES = Object.keys(LOSSES) as LossName[];

/** A network, its data and its training, as they are unless an option says otherwise. */
export interface Preset {
  /** For `--help`. */
  readonly about: string;
  /** Its own data. */
  readonly data: 'mnist' | 'line' | 'sum';
  readonly hidden: readonly number[];
  readonly activation: string;
  /** The rate after every hidden layer. */
  readonly dropout: number;
  readonly l2: number;
  readonly l2Convention: L2Convention;
  readonly optimizer: OptimizerName;
  readonly learningRate: number;
  readonly batch: number;
  readonly epochs: number;
}

/** The three listings of the source article, each 1000 steps over all 100 points. */
const LISTING = {
  hidden: [10],
  activation: 'relu',
  dropout: 0.5,
  l2: 0,
  l2Convention: 'sum',
  optimizer: 'sgd',
  learningRate: 0.01,
  batch: 100,
  epochs: 1000,
} as const;

export const PRESETS = {
  mnist: {
    about: 'handwritten digits, 60,000 images to train on and 10,000 to test',
    data: 'mnist',
    hidden: [128],
    activation: 'relu',
    dropout: 0.2,
    l2: 1e-5,
    l2Convention: 'half',
    optimizer: 'adam',
    learningRate: 2e-3,
    batch: 64,
    epochs: 3,
  },
  ridge: {
    ...LISTING,
    about: '100 points of y = 2x + 1 + 0.5 * noise; the result is held against the closed form',
    data: 'line',
    hidden: [],
    dropout: 0,
    l2: 0.01,
  },
  dropout: { ...LISTING, about: '100 points of y = sum of 2x + 1 over 10 features + noise', data: 'sum' },
  both: { ...LISTING, about: 'the data of dropout, with dropout and L2', data: 'sum', l2: 0.01 },
} as const satisfies Record<string, Preset>;

export type PresetName = keyof typeof PRESETS;

export const PRESET_NAMES = Object.keys(PRESETS) as PresetName[];
