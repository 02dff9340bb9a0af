import {
  binaryCorrect,
  binaryCrossEntropy as binaryCrossEntropyOf,
  correct,
  meanCols,
  softCorrect,
  softmaxCrossEntropy as softmaxCrossEntropyOf,
  softTargetCrossEntropy as softTargetCrossEntropyOf,
  squaredError,
  tileSums,
} from '../ops/index.js';
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
   * Returns the loss of outputs z [m, n] against targets; `batch` holds the number of valid rows. With `weights` [m, 1]
   * every row enters the sums times its weight; `losses` stays without weights.
   */
  apply(z: Tensor, targets: Tensor, batch: Tensor, weights?: Tensor): LossTensors;
}

function checkColumns(kind: string) {
  return (outputs: number, classes: number | undefined, columns: number) => {
    if (classes !== undefined) throw new RangeError(`${kind}: targets must be numbers, got class indices`);
    if (outputs === columns) return;
    throw new RangeError(`${kind}: the model has ${outputs} outputs, the targets have ${columns} columns`);
  };
}

/** The mean over a row's outputs of (y - t)². */
export function meanSquaredError(): Loss {
  return {
    kind: 'meanSquaredError',
    options: {},
    targets: 'values',
    check: checkColumns('meanSquaredError'),
    apply(y, targets, batch, weights) {
      const errors = squaredError(y, targets);
      return { losses: meanCols(errors), lossSums: tileSums(errors, batch, weights), lossScale: 1 / y.cols };
    },
  };
}

/** -log softmax(z)[label] from logits and class indices; accuracy is the share of rows whose largest logit is the label's. */
export function softmaxCrossEntropy(): Loss {
  return {
    kind: 'softmaxCrossEntropy',
    options: {},
    targets: 'classes',
    check(outputs, classes) {
      if (classes === undefined) {
        throw new RangeError(
          'softmaxCrossEntropy: targets must be class indices, got numbers; see softTargetCrossEntropy',
        );
      }
      if (classes > outputs) {
        throw new RangeError(`softmaxCrossEntropy: the data has ${classes} classes, the model has ${outputs} outputs`);
      }
    },
    apply(z, labels, batch, weights) {
      const losses = softmaxCrossEntropyOf(z, labels);
      return {
        losses,
        lossSums: tileSums(losses, batch, weights),
        lossScale: 1,
        correctSums: tileSums(correct(z, labels), batch, weights),
        correctScale: 1,
      };
    },
  };
}

/** -Σ t · log softmax(z) from logits, with a distribution over the classes as each row's target. */
export function softTargetCrossEntropy(): Loss {
  return {
    kind: 'softTargetCrossEntropy',
    options: {},
    targets: 'values',
    check: checkColumns('softTargetCrossEntropy'),
    apply(z, targets, batch, weights) {
      const losses = softTargetCrossEntropyOf(z, targets);
      return {
        losses,
        lossSums: tileSums(losses, batch, weights),
        lossScale: 1,
        correctSums: tileSums(softCorrect(z, targets), batch, weights),
        correctScale: 1,
      };
    },
  };
}

/** The mean over a row's outputs of the cross-entropy of sigmoid(z) with targets in [0, 1], from logits. */
export function binaryCrossEntropy(): Loss {
  return {
    kind: 'binaryCrossEntropy',
    options: {},
    targets: 'values',
    check: checkColumns('binaryCrossEntropy'),
    apply(z, targets, batch, weights) {
      const losses = binaryCrossEntropyOf(z, targets);
      return {
        losses: meanCols(losses),
        lossSums: tileSums(losses, batch, weights),
        lossScale: 1 / z.cols,
        correctSums: tileSums(binaryCorrect(z, targets), batch, weights),
        correctScale: 1 / z.cols,
      };
    },
  };
}
