import { checkOptions, checkPositiveInteger, show } from '../errors/arguments.js';
import type { CompileProgress } from '../graph/engine.js';
import type { Step } from '../graph/step.js';
import type { Augmentation } from '../nn/augmentation.js';
import { checkDescribed } from '../nn/described.js';
import type { Constraint, Model, Regularizer } from '../nn/layer.js';
import type { Loss } from '../nn/losses.js';
import type { Optimizer } from '../nn/optimizers.js';
import { TracedModel } from '../nn/traced-model.js';
import type { Tensor } from '../ops/tensor.js';
import type { Key } from '../random/philox.js';
import { type Seed, seedKey } from '../random/seed.js';

/** Options of `createTrainer`, beside an engine and a model. */
export interface TrainerOptions {
  /** The shape of one example; its product is the number of features. */
  input: readonly number[];
  /** Rows of a batch. */
  batchSize: number;
  /** The loss to minimise. */
  loss: Loss;
  /** The rule by which parameters change. */
  optimizer: Optimizer;
  /** A penalty on every layer's weights. Default: none. */
  regularizer?: Regularizer | undefined;
  /** A condition that every layer's weights keep. Default: none. */
  constraint?: Constraint | undefined;
  /** A change of the batches of training. Default: none. */
  augmentation?: Augmentation | undefined;
  /** Decides initial weights and dropout masks. Default 0. */
  seed?: Seed | undefined;
  /** Decides the order of the data. Default: `seed`. */
  shuffleSeed?: Seed | undefined;
  /**
   * Called while kernels compile, which may take seconds on a software adapter: before training, and when a first evaluation
   * or prediction needs more of them. Never called by a reference engine.
   */
  progress?: CompileProgress | undefined;
}

/** The options, checked. */
export interface CheckedOptions
  extends Readonly<Required<Omit<TrainerOptions, 'regularizer' | 'constraint' | 'augmentation' | 'progress'>>> {
  readonly regularizer: Regularizer | undefined;
  readonly constraint: Constraint | undefined;
  readonly augmentation: Augmentation | undefined;
  readonly progress: CompileProgress | undefined;
  readonly features: number;
  readonly key: Key;
  readonly shuffleKey: Key;
}

const KNOWN = [
  'input',
  'batchSize',
  'loss',
  'optimizer',
  'regularizer',
  'constraint',
  'augmentation',
  'seed',
  'shuffleSeed',
  'progress',
];

/**
 * Returns the options of a trainer, checked; `more` may be among them.
 * @throws TypeError or RangeError naming `where` and the option
 */
export function checkTrainerOptions(
  where: string,
  model: Model,
  options: TrainerOptions,
  more: readonly string[] = [],
): CheckedOptions {
  if (!Array.isArray(model?.layers)) {
    throw new TypeError(
      `${where}: model must be made by a function such as sequential([dense(10)]), got ${show(model)}`,
    );
  }
  checkOptions(where, options, [...KNOWN, ...more]);
  const { input, batchSize, loss, optimizer, regularizer, constraint, augmentation, seed = 0 } = options;
  const { shuffleSeed = seed, progress } = options;
  checkProgress(where, progress);
  if (!Array.isArray(input) || input.length === 0) {
    throw new TypeError(`${where}: input must be the shape of one example such as [784], got ${show(input)}`);
  }
  for (const [i, size] of input.entries()) checkPositiveInteger(where, `input[${i}]`, size);
  checkPositiveInteger(where, 'batchSize', batchSize);
  checkDescribed(where, 'loss', loss, 'apply', 'softmaxCrossEntropy()');
  checkDescribed(where, 'optimizer', optimizer, 'update', 'adam()');
  if (regularizer !== undefined) checkDescribed(where, 'regularizer', regularizer, 'penalty', 'l2(1e-4)');
  if (constraint !== undefined) checkDescribed(where, 'constraint', constraint, 'constrain', 'maxNorm(3)');
  if (augmentation !== undefined) checkDescribed(where, 'augmentation', augmentation, 'augment', 'mixup(0.2)');
  return {
    input,
    features: input.reduce((product, size) => product * size, 1),
    batchSize,
    loss,
    optimizer,
    regularizer,
    constraint,
    augmentation,
    progress,
    seed,
    shuffleSeed,
    key: seedKey(where, 'seed', seed),
    shuffleKey: seedKey(where, 'shuffleSeed', shuffleSeed),
  };
}

/** Refuses a `progress` that is no function. @throws TypeError */
export function checkProgress(where: string, progress: CompileProgress | undefined): void {
  if (progress === undefined || typeof progress === 'function') return;
  throw new TypeError(`${where}: progress must be a function, got ${show(progress)}`);
}

/** A model on symbolic tensors, the inputs of its batch, and a step on them. */
export interface TracedTraining {
  readonly model: TracedModel;
  readonly x: Tensor;
  readonly y: Tensor;
  /** Columns of what the model puts out. */
  readonly outputs: number;
  readonly step: Step;
}

/** Traces one step of training; with `ownOrder` every member has batches of its own. @throws RangeError naming `where` if there is nothing to train */
export function traceTraining(where: string, model: Model, options: CheckedOptions, ownOrder = false): TracedTraining {
  const { features, batchSize, loss, optimizer, regularizer, constraint, augmentation } = options;
  const traced = new TracedModel({ model, loss, optimizer, regularizer, constraint, augmentation, ownOrder });
  const x = traced.input('x', batchSize, features, 'f32', { perMember: ownOrder });
  const outputs = traced.output(x, true).cols;
  const classes = loss.targets === 'classes';
  const y = classes
    ? traced.input('labels', batchSize, 1, 'u32', { perMember: ownOrder })
    : traced.input('targets', batchSize, outputs, 'f32', { perMember: ownOrder });
  const step = traced.step({ x, y });
  if (traced.parameters.length > 0) return { model: traced, x, y, outputs, step };
  throw new RangeError(`${where}: the model has nothing to train; it needs a layer such as dense(10)`);
}
