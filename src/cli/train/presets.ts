import type { L2Convention } from '../../index.js';

/** How the optimisers of `--optimizer` start where no option says otherwise. */
export const OPTIMIZERS = {
  sgd: { learningRate: 0.01, momentum: null, weightDecay: null },
  momentum: { learningRate: 0.01, momentum: 0.9, weightDecay: null },
  nesterov: { learningRate: 0.01, momentum: 0.9, weightDecay: null },
  adam: { learningRate: 0.001, momentum: null, weightDecay: null },
  adamw: { learningRate: 0.001, momentum: null, weightDecay: 0.01 },
  sgdw: { learningRate: 0.01, momentum: 0.9, weightDecay: 0.01 },
} as const;

export type OptimizerName = keyof typeof OPTIMIZERS;

export const ACTIVATIONS = ['relu', 'leaky-relu', 'tanh', 'sigmoid', 'gelu', 'softplus'] as const;

export type ActivationName = (typeof ACTIVATIONS)[number];

/** What is trained and how, where no option says otherwise. */
export interface Preset {
  /** For `--help`. */
  readonly about: string;
  /** The data that it brings. */
  readonly data: 'mnist' | 'line' | 'sum';
  readonly hidden: readonly number[];
  readonly activation: ActivationName;
  /** Rate after every hidden layer. */
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
