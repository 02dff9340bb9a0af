import { checkNumber, checkOptions, describeRange, isInRange, type NumberRange } from '../errors/arguments.js';
import * as ops from '../ops/index.js';
import type { Tensor } from '../ops/tensor.js';
import { asKnown, type Described } from './described.js';
import { ABOVE_0, BELOW_1 } from './hyper-parameters.js';
import type { LayerContext } from './layer.js';

/** The tensors that a loss computes from the model's output. */
export interface LossTensors {
  /** Each example's loss, [m, 1]. */
  readonly losses: Tensor;
  /** The same times the weights, where that is not `losses` times the weights of the batch. */
  readonly weighted?: Tensor;
  /** Sums over 64 rows each whose total, times `lossScale` and divided by the number of examples, is the mean loss. */
  readonly lossSums: Tensor;
  readonly lossScale: number;
  /** The same for the share of correct answers; absent if the loss has none. */
  readonly correctSums?: Tensor;
  readonly correctScale?: number;
}

/**
 * The meaning of a model's outputs: numbers; logits of classes of which one is right, whose softmax are probabilities; logits
 * of yes or no by output, whose sigmoid are probabilities; or margins, whose sign alone tells yes from no.
 */
export type OutputMeaning = 'numbers' | 'softmax' | 'sigmoid' | 'margins';

/** A loss; training minimises its mean over the examples of a batch. */
export interface Loss extends Described {
  /** The kind of targets: class indices, or one number for each output. */
  readonly targets: 'classes' | 'values';
  /** The meaning of the outputs of a model that was trained with it. */
  readonly meaning: OutputMeaning;
  /** Refuses outputs and classes or target columns that do not fit. @throws RangeError */
  check(outputs: number, classes: number | undefined, columns: number): void;
  /**
   * Returns what is wrong with the first of the finite targets [rows, columns] that the loss has no meaning for, with its
   * place; undefined if all are well. Default: all are.
   */
  fault?(targets: Float32Array, columns: number): string | undefined;
  /**
   * Returns the loss of outputs z [m, n] against targets; `batch` holds the number of valid rows. With `weights` [m, 1]
   * every row enters the sums times its weight; `losses` stays without weights.
   */
  apply(z: Tensor, targets: Tensor, batch: Tensor, weights: Tensor | undefined, context: LossContext): LossTensors;
}

/** The requests that a loss may make while it is traced. */
export type LossContext = Pick<LayerContext, 'trace' | 'training' | 'hyper' | 'scalar'>;

type Pair = (z: Tensor, targets: Tensor, context: LossContext) => Tensor;

/** The ops that a loss is made of. */
interface LossOps {
  /** The loss of each row [m, 1], or of each output [m, n]. */
  readonly error: Pair;
  /** 1 for a right answer, else 0, in the same shape; absent if there is no right and wrong. */
  readonly correct?: Pair;
  /** True: a row's loss is the mean over its outputs. */
  readonly perOutput: boolean;
}

function lossOf(
  described: Pick<Loss, 'kind' | 'targets' | 'meaning' | 'check'> & Partial<Pick<Loss, 'fault'>>,
  { error, correct, perOutput }: LossOps,
): Loss {
  return asKnown({
    options: {},
    ...described,
    apply(z, targets, batch, weights, context) {
      const errors = error(z, targets, context);
      const scale = perOutput ? 1 / z.cols : 1;
      const losses = perOutput ? ops.meanCols(errors) : errors;
      const loss = { losses, lossSums: ops.tileSums(errors, batch, weights), lossScale: scale };
      if (!correct) return loss;
      return { ...loss, correctSums: ops.tileSums(correct(z, targets, context), batch, weights), correctScale: scale };
    },
  });
}

/** Returns a loss of numbers in `range` as targets. */
function valueLoss(kind: string, meaning: OutputMeaning, made: LossOps, range: NumberRange = {}): Loss {
  const check = (outputs: number, classes: number | undefined, columns: number) => {
    if (classes !== undefined) throw new RangeError(`${kind}: targets must be numbers, got class indices`);
    if (outputs === columns) return;
    throw new RangeError(`${kind}: the model has ${outputs} outputs, the targets have ${columns} columns`);
  };
  const fault = (targets: Float32Array, columns: number) => {
    const bad = targets.findIndex((target) => !isInRange(target, range));
    if (bad < 0) return undefined;
    const place = `at row ${Math.floor(bad / columns)}, column ${bad % columns}`;
    const allowed = describeRange(range).replace('a number', 'numbers').replace('an integer', 'integers');
    return `${kind}: targets must be ${allowed}, got ${targets[bad]} ${place}`;
  };
  return lossOf({ kind, targets: 'values', meaning, check, fault }, made);
}

/** Declares a hyper-parameter of the loss and returns it as a scalar of the step. */
function hyper(context: LossContext, name: string, start: number, range: NumberRange): Tensor {
  context.hyper(name, start, range);
  return context.scalar(name);
}

/** The mean over a row's outputs of (y - t)². */
export function meanSquaredError(): Loss {
  return valueLoss('meanSquaredError', 'numbers', { error: ops.squaredError, perOutput: true });
}

/** The mean over a row's outputs of |y - t|. */
export function meanAbsoluteError(): Loss {
  const error: Pair = (y, t) => ops.abs(ops.subtract(y, t));
  return valueLoss('meanAbsoluteError', 'numbers', { error, perOutput: true });
}

/**
 * The mean over a row's outputs of (y - t)² / 2 where |y - t| <= delta, delta · (|y - t| - delta / 2) beyond: outliers pull
 * no harder than at delta. Source: Huber, "Robust estimation of a location parameter" (1964).
 * @param delta above 0, default 1: the hyper-parameter `delta`
 */
export function huber(delta = 1): Loss {
  checkNumber('huber', 'delta', delta, ABOVE_0);
  const error: Pair = (y, t, context) => {
    const limit = hyper(context, 'delta', delta, ABOVE_0);
    const d = ops.subtract(y, t);
    const near = ops.maximum(ops.minimum(d, limit), ops.negate(limit)); // its product with d - near / 2 is both cases
    return ops.multiply(near, ops.subtract(d, ops.multiply(near, ops.constant(y.trace, 0.5))));
  };
  return asKnown({
    ...valueLoss('huber', 'numbers', { error, perOutput: true }),
    options: { delta },
    starts: ['delta'],
  });
}

/**
 * The mean over a row's outputs of max(0, 1 - z) where the target is 1, max(0, 1 + z) where it is 0. The outputs are margins:
 * their sign tells yes from no, and they are no logits. Source: Cortes and Vapnik, "Support-vector networks" (1995).
 */
export function hinge(): Loss {
  const error: Pair = (z, t) => {
    const one = ops.constant(z.trace, 1);
    const side = ops.subtract(ops.multiply(t, ops.constant(z.trace, 2)), one);
    return ops.maximum(ops.subtract(one, ops.multiply(side, z)), ops.constant(z.trace, 0));
  };
  const made = { error, correct: ops.binaryCorrect, perOutput: true };
  return valueLoss('hinge', 'margins', made, { min: 0, max: 1, integer: true });
}

/** Returns a loss of class indices from logits. */
function classLoss(kind: string, error: Pair): Loss {
  const check = (outputs: number, classes: number | undefined) => {
    if (classes === undefined) {
      throw new RangeError(
        `${kind}: targets must be class indices, got other numbers; dataset({ x, labels }) takes names and codes, and softTargetCrossEntropy shares of classes`,
      );
    }
    if (classes > outputs) {
      throw new RangeError(`${kind}: the data has ${classes} classes, the model has ${outputs} outputs`);
    }
  };
  const made = { error, correct: ops.correct, perOutput: false };
  return lossOf({ kind, targets: 'classes', meaning: 'softmax', check }, made);
}

/** Options of `softmaxCrossEntropy`. */
export interface SoftmaxCrossEntropyOptions {
  /** The share of a target that is spread evenly over all classes, in [0, 1). Default: none, and no such hyper-parameter. */
  labelSmoothing?: number | undefined;
}

/**
 * -log softmax(z)[label] from logits and class indices; accuracy is the share of rows whose largest logit is the label's.
 * With `labelSmoothing` ε, a hyper-parameter of that name, training minimises the cross-entropy with (1 - ε) · onehot + ε / n
 * in the same pass over the logits; evaluation measures that with the label, so that losses of several ε compare.
 * Source: Szegedy et al., "Rethinking the Inception architecture for computer vision" (2016), section 7.
 * @throws RangeError if `labelSmoothing` is not in [0, 1)
 */
export function softmaxCrossEntropy(options: SoftmaxCrossEntropyOptions = {}): Loss {
  const kind = 'softmaxCrossEntropy';
  checkOptions(kind, options, ['labelSmoothing']);
  const { labelSmoothing } = options;
  if (labelSmoothing === undefined) return classLoss(kind, ops.softmaxCrossEntropy);
  checkNumber(kind, 'labelSmoothing', labelSmoothing, BELOW_1);
  const error: Pair = (z, labels, context) => {
    const smoothing = hyper(context, 'labelSmoothing', labelSmoothing, BELOW_1);
    return context.training ? ops.smoothedCrossEntropy(z, labels, smoothing) : ops.softmaxCrossEntropy(z, labels);
  };
  return asKnown({ ...classLoss(kind, error), options: { labelSmoothing }, starts: ['labelSmoothing'] });
}

/** The range of `focal`'s gamma: beyond, nothing but examples that are all wrong would count. */
export const FOCUSING: NumberRange = { min: 0, max: 100, float32: true };

/**
 * -(1 - p)^gamma · log p with p = softmax(z)[label], from logits and class indices: examples that are right already count
 * less. Accuracy is that of `softmaxCrossEntropy`. Source: Lin et al., "Focal loss for dense object detection" (2017), equation 4.
 * @param gamma in [0, 100], default 2: the hyper-parameter `focusing`; 0 is `softmaxCrossEntropy`
 */
export function focal(gamma = 2): Loss {
  checkNumber('focal', 'gamma', gamma, FOCUSING);
  const error: Pair = (z, labels, context) =>
    ops.focal(ops.softmaxCrossEntropy(z, labels), hyper(context, 'focusing', gamma, FOCUSING));
  return asKnown({ ...classLoss('focal', error), options: { gamma }, starts: ['gamma'] });
}

/** The most by which the sum of a row's shares may differ from 1: shares rounded to two digits pass, percentages do not. */
const SUM_TOLERANCE = 0.01;

/** -Σ t · log softmax(z) from logits; each row's target is a distribution over the classes: shares >= 0 whose sum is 1. */
export function softTargetCrossEntropy(): Loss {
  const kind = 'softTargetCrossEntropy';
  const made = { error: ops.softTargetCrossEntropy, correct: ops.softCorrect, perOutput: false };
  const loss = valueLoss(kind, 'softmax', made, { min: 0 });
  const fault = (targets: Float32Array, columns: number) =>
    loss.fault?.(targets, columns) ?? sumFault(targets, columns);
  return asKnown({ ...loss, fault });

  function sumFault(targets: Float32Array, columns: number): string | undefined {
    for (let row = 0; row * columns < targets.length; row++) {
      let sum = 0;
      for (let i = row * columns; i < (row + 1) * columns; i++) sum += targets[i];
      if (Math.abs(sum - 1) <= SUM_TOLERANCE) continue;
      return `${kind}: the targets of a row must sum to 1 ± ${SUM_TOLERANCE}, got ${sum} at row ${row}`;
    }
    return undefined;
  }
}

/** The mean over a row's outputs of the cross-entropy of sigmoid(z) with targets in [0, 1], from logits. */
export function binaryCrossEntropy(): Loss {
  const made = { error: ops.binaryCrossEntropy, correct: ops.binaryCorrect, perOutput: true };
  return valueLoss('binaryCrossEntropy', 'sigmoid', made, { min: 0, max: 1 });
}
