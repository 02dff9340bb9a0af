import { checkDataset, type Dataset } from '../data/dataset.js';
import { checkChoice, checkNumber, checkOptions, checkPositiveInteger, checkSignal } from '../errors/arguments.js';
import type { Engine } from '../graph/engine.js';
import type { Model } from '../nn/layer.js';
import { sgd } from '../nn/optimizers.js';
import { createTrainer } from '../train/create-trainer.js';
import type { Weights } from '../train/members.js';
import type { Trainer } from '../train/trainer.js';
import type { TrainerOptions } from '../train/trainer-options.js';
import { asWeights, parted, type TunedLambda, tunableL2 } from './tunable-l2.js';

/** Options of `tuneByGradient`: those of a trainer, and how to tune. */
export interface GradientTuningOptions extends Omit<TrainerOptions, 'regularizer' | 'progress'> {
  train: Dataset;
  /** The data that λ is tuned by, in one batch. */
  validation: Dataset;
  /** Passes over the training data. λ changes after each. */
  epochs: number;
  /** 'input' (default): a λ for each input of the model, and one for each later layer. 'layer': one for each layer. */
  per?: 'input' | 'layer' | undefined;
  /** The λ that all begin with, in [1e-6, 10]. Default 0.01. */
  l2?: number | undefined;
  /** The size of a step of ln λ, in (0, 1]. Default 0.1. */
  rate?: number | undefined;
  /** Stops the training. */
  signal?: AbortSignal | undefined;
}

/** A network and its λ, trained together. */
export interface GradientTuning {
  /** The epoch with the lowest validation loss, from 1. */
  readonly epoch: number;
  readonly validationLoss: number;
  /** The weights after that epoch, for `setWeights` of a trainer of the same model. */
  readonly weights: readonly Weights[];
  /** The λ of that epoch. */
  readonly lambdas: readonly TunedLambda[];
  /** The losses of every epoch. */
  readonly epochs: readonly GradientTuningEpoch[];
}

/** The losses of an epoch, as `fit` reports them. */
export interface GradientTuningEpoch {
  readonly trainLoss: number;
  readonly validationLoss: number;
}

/** The least and the largest λ. */
const [LEAST, LARGEST] = [1e-6, 10];
const TRAINING = ['input', 'batchSize', 'loss', 'optimizer', 'constraint', 'augmentation', 'seed', 'shuffleSeed'];
const OWN = ['train', 'validation', 'epochs', 'per', 'l2', 'rate', 'signal'];
const PENALTIES = ['l2', 'l1', 'elasticNet', 'groupLasso', 'activity'];
/** Parts that the gradient of the validation loss goes without. */
const RANDOM = ['dropout', 'noise'];

/**
 * Trains a network once and tunes the λ of its L2 penalty on the way, one for each input or each layer: after every epoch, ln λ_i
 * takes a step against -λ_i · Σ_j w_ij · ∂L/∂w_ij, where L is the validation loss. That is the gradient of L by ln λ_i through the last step
 * of training, up to a factor: the first term of the Neumann series of the gradient by implicit differentiation. Adam makes steps of it.
 * So many λ fit the validation data themselves: judge the network by other data.
 * Sources: Luketina et al., "Scalable gradient-based tuning of continuous regularization hyperparameters" (2016); Lorraine, Vicol,
 * Duvenaud, "Optimizing millions of hyperparameters by implicit differentiation" (2020), section 2.
 * @throws TypeError or RangeError naming the option that is wrong; EngineError of kind `aborted` when the signal is, `diverged`
 * if a loss or a weight was not finite
 */
export async function tuneByGradient(
  engine: Engine,
  model: Model,
  options: GradientTuningOptions,
): Promise<GradientTuning> {
  const where = 'tuneByGradient';
  checkOptions(where, options, [...TRAINING, ...OWN]);
  const { train, validation, epochs, per = 'input', l2 = 0.01, rate = 0.1, signal, ...training } = options;
  checkDataset(where, 'train', train);
  checkDataset(where, 'validation', validation);
  checkPositiveInteger(where, 'epochs', epochs);
  checkChoice(where, 'per', per, ['input', 'layer']);
  checkNumber(where, 'l2', l2, { min: LEAST, max: LARGEST });
  checkNumber(where, 'rate', rate, { min: 0, max: 1, exclusive: 'min' });
  checkSignal(where, signal);
  if (training.optimizer?.average) throw new TypeError(`${where}: optimizer must keep no averages of weights`);
  const { input, loss } = training;
  using slope = await createTrainer(engine, model, {
    input,
    loss,
    batchSize: validation.examples,
    optimizer: sgd({ learningRate: 1, momentum: 0 }),
  });
  withoutRandom(where, slope);
  using trainer = await createTrainer(engine, model, { ...training, regularizer: tunableL2(l2, per === 'input') });
  const limit = Math.min(LARGEST, 1 / trainer.hyperParameters.learningRate);
  const stepOf = adamSteps(rate);
  const trainEpoch = async (epoch: number): Promise<Trained> => {
    const [{ trainLoss }] = await trainer.fit(train, { epochs: 1, signal });
    const { loss: validationLoss } = await trainer.evaluate(validation);
    return { epoch, trainLoss, validationLoss, ...parted(await trainer.weights()) };
  };
  let last = await trainEpoch(1);
  let best = last;
  const done = [last];
  while (last.epoch < epochs) {
    const { weights, lambdas } = last;
    const gradients = await gradientsAt(slope, weights, validation);
    const moved = lambdas.map((lambda) => {
      const steps = stepOf(lambda.parameter, slopesOf(lambda, weights, gradients));
      const values = lambda.values.map((value, i) => Math.min(limit, Math.max(LEAST, value * Math.exp(steps[i]))));
      return asWeights({ ...lambda, values });
    });
    await trainer.setWeights([...weights, ...moved]);
    last = await trainEpoch(last.epoch + 1);
    done.push(last);
    if (last.validationLoss < best.validationLoss) best = last;
  }
  const { epoch, validationLoss, weights, lambdas } = best;
  const losses = done.map((each) => ({ trainLoss: each.trainLoss, validationLoss: each.validationLoss }));
  return { epoch, validationLoss, weights, lambdas, epochs: losses };
}

/** An epoch of training, and the network after it. */
interface Trained extends GradientTuningEpoch {
  readonly epoch: number;
  readonly weights: readonly Weights[];
  readonly lambdas: readonly TunedLambda[];
}

/** Switches off the random parts of a trainer. @throws TypeError if its model has penalties of its own */
function withoutRandom(where: string, trainer: Trainer): void {
  const names = Object.keys(trainer.hyperParameters);
  const partOf = (name: string) => name.slice(name.lastIndexOf('.') + 1);
  const penalty = names.find((name) => PENALTIES.includes(partOf(name)));
  if (penalty) throw new TypeError(`${where}: the model's layers must have no penalty of their own, got ${penalty}`);
  for (const part of RANDOM) {
    if (names.some((name) => partOf(name) === part)) trainer.set({ [part]: 0 });
  }
}

/** Returns the gradient of the loss at these weights: what a step of rate 1 over all the data takes away from them. */
async function gradientsAt(slope: Trainer, weights: readonly Weights[], data: Dataset): Promise<Weights[]> {
  await slope.setWeights(weights);
  await slope.fit(data, { epochs: 1, shuffle: false });
  const after = await slope.weights();
  return weights.map((each) => {
    const moved = valuesOf(after, each.name);
    return { ...each, data: each.data.map((value, i) => value - moved[i]) };
  });
}

/** Returns -Σ_j w_ij · g_ij · λ_i for each λ_i: the gradient of the loss by ln λ_i, up to a factor. */
function slopesOf(
  { parameter, values }: TunedLambda,
  weights: readonly Weights[],
  gradients: readonly Weights[],
): Float64Array {
  const [w, g] = [valuesOf(weights, parameter), valuesOf(gradients, parameter)];
  const each = w.length / values.length;
  const slopes = new Float64Array(values.length);
  for (const [i, value] of w.entries()) slopes[Math.floor(i / each)] -= value * g[i];
  return slopes.map((slope, i) => slope * values[i]);
}

function valuesOf(all: readonly Weights[], wanted: string): Float32Array {
  const found = all.find(({ name }) => name === wanted);
  if (!found) throw new Error(`tuneByGradient: the network has no parameter ${wanted}`);
  return found.data;
}

/** Decays of the means of slopes and of their squares: of a few epochs. */
const [FIRST, SECOND] = [0.8, 0.9];

/** Returns a function from the slopes of the λ of a parameter to their steps, each about `rate`. Source: Kingma and Ba, "Adam" (2015). */
function adamSteps(rate: number) {
  const states = new Map<string, { first: Float64Array; second: Float64Array; count: number }>();
  return (parameter: string, slopes: Float64Array): Float64Array => {
    const zeros = () => new Float64Array(slopes.length);
    const { first, second, count } = states.get(parameter) ?? { first: zeros(), second: zeros(), count: 0 };
    const next = {
      first: first.map((mean, i) => FIRST * mean + (1 - FIRST) * slopes[i]),
      second: second.map((mean, i) => SECOND * mean + (1 - SECOND) * slopes[i] ** 2),
      count: count + 1,
    };
    states.set(parameter, next);
    const [debias, debiasSquare] = [1 - FIRST ** next.count, 1 - SECOND ** next.count];
    return next.first.map((mean, i) => (-rate * mean) / debias / (Math.sqrt(next.second[i] / debiasSquare) || 1));
  };
}
