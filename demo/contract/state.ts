/**
 * What the page is set to. The page and its worker share this; the address shows it (address.ts), and the worker makes of it
 * what trains. Everything in it is plain, and within `LIMITS`.
 */

export const DATA = ['moons', 'circles', 'spiral', 'xor', 'sine', 'mnist', 'own'] as const;
export type DataName = (typeof DATA)[number];
export const OPTIMIZERS = ['sgd', 'momentum', 'adam', 'adamw'] as const;
export type OptimizerName = (typeof OPTIMIZERS)[number];
export const ACTIVATIONS = ['relu', 'tanh', 'gelu'] as const;
export type ActivationName = (typeof ACTIVATIONS)[number];

/** Knobs of one run; they may be turned while it trains. */
export interface Knobs {
  /** λ of the penalty (λ/2)·Σw²; 0 is off. */
  readonly l2: number;
  /** The dropout rate after each hidden layer. */
  readonly dropout: readonly number[];
  readonly learningRate: number;
}

/** What the page is set to. */
export interface State {
  readonly data: DataName;
  /** Training examples. */
  readonly examples: number;
  /** The share of examples whose label is replaced by another one (of targets: the noise's deviation). */
  readonly noise: number;
  /** Units of the hidden layers. */
  readonly hidden: readonly number[];
  readonly activation: ActivationName;
  readonly optimizer: OptimizerName;
  readonly batch: number;
  readonly seed: number;
  /** Training pauses by itself after this many steps; 0: it does not. */
  readonly steps: number;
  /** One to four runs on the same data, from the same initial weights, with the same batches. */
  readonly runs: readonly Knobs[];
  /** The run whose knobs the controls turn, and whose inside is shown. */
  readonly selected: number;
}

/** What each number may be. */
export const LIMITS = {
  examples: { min: 10, max: 6000 },
  noise: { min: 0, max: 0.5 },
  units: { min: 1, max: 512 },
  layers: { min: 1, max: 4 },
  batch: { min: 1, max: 1024 },
  seed: { min: 0, max: Number.MAX_SAFE_INTEGER },
  steps: { min: 0, max: 1_000_000 },
  runs: { min: 1, max: 4 },
  /** 0 is allowed too: off. */
  l2: { min: 1e-7, max: 10 },
  dropout: { min: 0, max: 0.9 },
  learningRate: { min: 1e-5, max: 10 },
} as const;

/** The most training examples of a data set that the page makes or brings. */
export function mostExamples(data: DataName): number {
  return data === 'mnist' || data === 'own' ? LIMITS.examples.max : 2000;
}

/** The model, the loss, the optimiser and the penalty of a run, as the configuration that `trainingFromConfig` reads. */
export function configOf(state: State, run: Knobs, data: { features: number; outputs: number; classes: boolean }) {
  const layers = state.hidden.flatMap((units, layer) => [
    { kind: 'dense', units },
    { kind: state.activation },
    { kind: 'dropout', p: run.dropout[layer] },
  ]);
  return {
    input: [data.features],
    batchSize: state.batch,
    layers: [...layers, { kind: 'dense', units: data.outputs }],
    loss: { kind: data.classes ? 'softmaxCrossEntropy' : 'meanSquaredError' },
    optimizer: optimizerOf(state.optimizer, run.learningRate),
    regularizer: { kind: 'l2', strength: run.l2 },
  };
}

/** Decoupled weight decay of AdamW; PyTorch's default. */
const WEIGHT_DECAY = 0.01;

function optimizerOf(name: OptimizerName, learningRate: number) {
  if (name === 'momentum') return { kind: 'sgd', learningRate, momentum: 0.9 };
  if (name === 'adamw') return { kind: 'adamw', learningRate, weightDecay: WEIGHT_DECAY };
  return { kind: name, learningRate };
}

/** Images of MNIST that the page brings: so few that a network without regularisation learns them by heart. */
export const MNIST = { train: 6000, validation: 1000 } as const;
