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
import type { Loss } from './loss.js';

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
