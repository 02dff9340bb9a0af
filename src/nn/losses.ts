import { describeRange, isInRange, type NumberRange } from '../errors/arguments.js';
import * as ops from '../ops/index.js';
import type { Tensor } from '../ops/tensor.js';
import type { Described } from './described.js';

/** The tensors that a loss computes from the model's output. */
export interface LossTensors {
  /** Each example's loss, [m, 1]. */
  readonly losses: Tensor;
  /** Sums over 64 rows each whose total, times `lossScale` and divided by the number of examples, is the mean loss. */
  readonly lossSums: Tensor;
  readonly lossScale: number;
  /** The same for the share of correct answers; absent if the loss has none. */
  readonly correctSums?: Tensor;
  readonly correctScale?: number;
}

/** A loss; training minimises its mean over the examples of a batch. */
export interface Loss extends Described {
  /** The kind of targets: class indices, or one number for each output. */
  readonly targets: 'classes' | 'values';
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
  apply(z: Tensor, targets: Tensor, batch: Tensor, weights?: Tensor): LossTensors;
}

type Pair = (z: Tensor, targets: Tensor) => Tensor;

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
  described: Pick<Loss, 'kind' | 'targets' | 'check' | 'fault'>,
  { error, correct, perOutput }: LossOps,
): Loss {
  return {
    ...described,
    options: {},
    apply(z, targets, batch, weights) {
      const errors = error(z, targets);
      const scale = perOutput ? 1 / z.cols : 1;
      const losses = perOutput ? ops.meanCols(errors) : errors;
      const loss = { losses, lossSums: ops.tileSums(errors, batch, weights), lossScale: scale };
      if (!correct) return loss;
      return { ...loss, correctSums: ops.tileSums(correct(z, targets), batch, weights), correctScale: scale };
    },
  };
}

/** Returns a loss of numbers in `range` as targets. */
function valueLoss(kind: string, made: LossOps, range: NumberRange = {}): Loss {
  const check = (outputs: number, classes: number | undefined, columns: number) => {
    if (classes !== undefined) throw new RangeError(`${kind}: targets must be numbers, got class indices`);
    if (outputs === columns) return;
    throw new RangeError(`${kind}: the model has ${outputs} outputs, the targets have ${columns} columns`);
  };
  const fault = (targets: Float32Array, columns: number) => {
    const bad = targets.findIndex((target) => !isInRange(target, range));
    if (bad < 0) return undefined;
    const place = `at row ${Math.floor(bad / columns)}, column ${bad % columns}`;
    return `${kind}: targets must be ${describeRange(range).replace('a number', 'numbers')}, got ${targets[bad]} ${place}`;
  };
  return lossOf({ kind, targets: 'values', check, fault }, made);
}

/** The mean over a row's outputs of (y - t)². */
export function meanSquaredError(): Loss {
  return valueLoss('meanSquaredError', { error: ops.squaredError, perOutput: true });
}

/** -log softmax(z)[label] from logits and class indices; accuracy is the share of rows whose largest logit is the label's. */
export function softmaxCrossEntropy(): Loss {
  const kind = 'softmaxCrossEntropy';
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
  const made = { error: ops.softmaxCrossEntropy, correct: ops.correct, perOutput: false };
  return lossOf({ kind, targets: 'classes', check }, made);
}

/** The most by which the sum of a row's shares may differ from 1: shares rounded to two digits pass, percentages do not. */
const SUM_TOLERANCE = 0.01;

/** -Σ t · log softmax(z) from logits; each row's target is a distribution over the classes: shares >= 0 whose sum is 1. */
export function softTargetCrossEntropy(): Loss {
  const kind = 'softTargetCrossEntropy';
  const made = { error: ops.softTargetCrossEntropy, correct: ops.softCorrect, perOutput: false };
  const loss = valueLoss(kind, made, { min: 0 });
  const fault = (targets: Float32Array, columns: number) =>
    loss.fault?.(targets, columns) ?? sumFault(targets, columns);
  return { ...loss, fault };

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
  return valueLoss('binaryCrossEntropy', made, { min: 0, max: 1 });
}
