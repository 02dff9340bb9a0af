import { show, suggestion } from '../errors/arguments.js';
import { EngineError } from '../errors/engine-error.js';
import { gelu, leakyRelu, relu, sigmoid, softplus, tanh } from '../nn/activations.js';
import { adam, adamw } from '../nn/adam.js';
import { dense } from '../nn/dense.js';
import { dropout } from '../nn/dropout.js';
import { glorot, he, type Initializer, lecun } from '../nn/initializers.js';
import { l2 } from '../nn/l2.js';
import type { Config, Layer, Model } from '../nn/layer.js';
import type { Loss } from '../nn/loss.js';
import { binaryCrossEntropy, meanSquaredError, softmaxCrossEntropy, softTargetCrossEntropy } from '../nn/losses.js';
import type { Optimizer } from '../nn/optimizer.js';
import type { Regularizer } from '../nn/regularizer.js';
import { constantRate, cosineDecay, exponentialDecay, type Schedule, stepDecay, warmup } from '../nn/schedules.js';
import { sequential } from '../nn/sequential.js';
import { sgd } from '../nn/sgd.js';
import { asFormatError } from './checkpoint.js';
import type { TrainerOptions } from './trainer-options.js';

/** Options as a file has them. Their types are unknown here: every factory checks its own. */
type Options = Readonly<Record<string, never>>;
type Makers<T> = Readonly<Record<string, (options: Options) => T>>;

const LAYERS: Makers<Layer> = {
  dense: ({ units, bias, initializer, regularizer }) =>
    dense(units, {
      bias,
      initializer: make('initializer', INITIALIZERS, initializer),
      ...(regularizer !== undefined && { regularizer: make('regularizer', REGULARIZERS, regularizer) }),
    }),
  dropout: ({ p }) => dropout(p),
  relu: () => relu(),
  leakyRelu: ({ slope }) => leakyRelu(slope),
  tanh: () => tanh(),
  sigmoid: () => sigmoid(),
  gelu: () => gelu(),
  softplus: () => softplus(),
};
const INITIALIZERS: Makers<Initializer> = { he, glorot, lecun };
const REGULARIZERS: Makers<Regularizer> = { l2: ({ strength, ...options }) => l2(strength, options) };
const LOSSES: Makers<Loss> = {
  meanSquaredError: () => meanSquaredError(),
  softmaxCrossEntropy: () => softmaxCrossEntropy(),
  softTargetCrossEntropy: () => softTargetCrossEntropy(),
  binaryCrossEntropy: () => binaryCrossEntropy(),
};
const SCHEDULES: Makers<Schedule> = {
  constantRate: ({ base }) => constantRate(base),
  stepDecay: ({ base, every, gamma }) => stepDecay(base, { every, gamma }),
  exponentialDecay: ({ base, gamma }) => exponentialDecay(base, { gamma }),
  cosineDecay: ({ base, steps, floor }) => cosineDecay(base, { steps, floor }),
  warmup: ({ after, steps }) => warmup(rate(after), { steps }),
};
const withRate = ({ learningRate, ...options }: Options) => ({ ...options, learningRate: rate(learningRate) });
const OPTIMIZERS: Makers<Optimizer> = {
  sgd: (options) => sgd(withRate(options)),
  adam: (options) => adam(withRate(options)),
  adamw: (options) => adamw(withRate(options)),
};

/** The kinds that a file may name, for the test that none is forgotten. */
export function knownKinds(): string[] {
  return [LAYERS, INITIALIZERS, REGULARIZERS, LOSSES, SCHEDULES, OPTIMIZERS].flatMap(Object.keys);
}

function rate(value: number | Options): number | Schedule {
  return typeof value === 'number' ? value : make('schedule', SCHEDULES, value);
}

/** Makes again what `describe` described. */
function make<T>(what: string, makers: Makers<T>, description: unknown): T {
  const { kind, ...options } = (description ?? {}) as Readonly<Record<string, unknown>>;
  const known = Object.keys(makers);
  if (typeof kind === 'string' && known.includes(kind)) return makers[kind](options as Options);
  const near = typeof kind === 'string' ? suggestion(kind, known) : '';
  throw new EngineError('format', `loadTrainer: unknown ${what} ${show(kind)}${near}; known: ${known.join(', ')}`);
}

/** Turns the plain objects of a checkpoint back into a model and its options. @throws EngineError of kind `format` */
export function trainingFromConfig(config: Config): {
  model: Model;
  options: Omit<TrainerOptions, 'seed' | 'shuffleSeed'>;
} {
  const { layers, loss, optimizer, regularizer } = config;
  const { input, batchSize } = config as Options;
  const training = () => ({
    model: sequential(Array.isArray(layers) ? layers.map((layer) => make('layer', LAYERS, layer)) : []),
    options: {
      input,
      batchSize,
      loss: make('loss', LOSSES, loss),
      optimizer: make('optimizer', OPTIMIZERS, optimizer),
      ...(regularizer !== undefined && { regularizer: make('regularizer', REGULARIZERS, regularizer) }),
    },
  });
  return asFormatError(training, 'loadTrainer: in the config: ');
}
