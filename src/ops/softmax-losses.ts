import type { StructuralOp } from './tensor.js';
import { shapeOf, type Tensor } from './tensor.js';

/** @throws Error naming the op if there is not one u32 label for each row of the logits. */
function checkLabels(name: string, logits: Tensor, labels: Tensor): void {
  if (labels.dtype !== 'u32' || labels.rows !== logits.rows || labels.cols !== 1) {
    const needed = `u32 [${logits.rows}, 1]`;
    throw new Error(
      `${name}: logits ${shapeOf(logits)} need labels of ${needed}, got ${labels.dtype} ${shapeOf(labels)}`,
    );
  }
}

/** @throws Error naming the op if `drow` does not have one value for each row of the logits. */
function checkRowGradient(name: string, logits: Tensor, drow: Tensor): void {
  if (drow.rows !== logits.rows || drow.cols !== 1) {
    throw new Error(`${name}: logits ${shapeOf(logits)} need drow [${logits.rows}, 1], got ${shapeOf(drow)}`);
  }
}

export const softmaxCrossEntropyOp: StructuralOp = {
  name: 'softmaxCrossEntropy',
  kind: 'structural',
  shape([logits, labels]) {
    checkLabels('softmaxCrossEntropy', logits, labels);
    return { rows: logits.rows, cols: 1, dtype: 'f32' };
  },
  gradient: (dy, _y, [logits, labels]) => [softmaxCrossEntropyGradient(dy, logits, labels), undefined],
};

export const softmaxCrossEntropyGradientOp: StructuralOp = {
  name: 'softmaxCrossEntropyGradient',
  kind: 'structural',
  shape([drow, logits, labels]) {
    checkLabels('softmaxCrossEntropyGradient', logits, labels);
    checkRowGradient('softmaxCrossEntropyGradient', logits, drow);
    return { rows: logits.rows, cols: logits.cols, dtype: 'f32' };
  },
};

/**
 * The cross-entropy of each row's softmax with its class index: logits [m, n], labels u32 [m, 1] below n -> [m, 1];
 * log Σ_j exp(z_j) - z_label, with the largest logit subtracted from all. Labels get no gradient.
 */
export function softmaxCrossEntropy(logits: Tensor, labels: Tensor): Tensor {
  return logits.trace.apply(softmaxCrossEntropyOp, [logits, labels]);
}

/** (softmax(logits) - onehot(labels)) · drow, drow [m, 1] -> [m, n]; exactly 0 in rows whose drow is 0. */
export function softmaxCrossEntropyGradient(drow: Tensor, logits: Tensor, labels: Tensor): Tensor {
  return logits.trace.apply(softmaxCrossEntropyGradientOp, [drow, logits, labels]);
}

/** @throws Error naming the op if the targets do not have the shape of the logits. */
function checkTargets(name: string, logits: Tensor, targets: Tensor): void {
  if (targets.rows !== logits.rows || targets.cols !== logits.cols) {
    throw new Error(`${name}: logits ${shapeOf(logits)} need targets of the same shape, got ${shapeOf(targets)}`);
  }
}

export const softTargetCrossEntropyOp: StructuralOp = {
  name: 'softTargetCrossEntropy',
  kind: 'structural',
  shape([logits, targets]) {
    checkTargets('softTargetCrossEntropy', logits, targets);
    return { rows: logits.rows, cols: 1, dtype: 'f32' };
  },
  gradient: (dy, _y, [logits, targets]) => [softTargetCrossEntropyGradient(dy, logits, targets), undefined],
};

export const softTargetCrossEntropyGradientOp: StructuralOp = {
  name: 'softTargetCrossEntropyGradient',
  kind: 'structural',
  shape([drow, logits, targets]) {
    checkTargets('softTargetCrossEntropyGradient', logits, targets);
    checkRowGradient('softTargetCrossEntropyGradient', logits, drow);
    return { rows: logits.rows, cols: logits.cols, dtype: 'f32' };
  },
};

/**
 * The cross-entropy of each row's softmax with a distribution over the classes: logits [m, n], targets [m, n] -> [m, 1];
 * log Σ_j exp(z_j) · Σ t - Σ t·z, with the largest logit subtracted from all. Targets get no gradient.
 */
export function softTargetCrossEntropy(logits: Tensor, targets: Tensor): Tensor {
  return logits.trace.apply(softTargetCrossEntropyOp, [logits, targets]);
}

/** (softmax(logits) · Σ t - t) · drow, drow [m, 1] -> [m, n]; exactly 0 in rows whose drow is 0. */
export function softTargetCrossEntropyGradient(drow: Tensor, logits: Tensor, targets: Tensor): Tensor {
  return logits.trace.apply(softTargetCrossEntropyGradientOp, [drow, logits, targets]);
}

export const correctOp: StructuralOp = {
  name: 'correct',
  kind: 'structural',
  shape([logits, labels]) {
    checkLabels('correct', logits, labels);
    return { rows: logits.rows, cols: 1, dtype: 'f32' };
  },
};

export const softCorrectOp: StructuralOp = {
  name: 'softCorrect',
  kind: 'structural',
  shape([logits, targets]) {
    checkTargets('softCorrect', logits, targets);
    return { rows: logits.rows, cols: 1, dtype: 'f32' };
  },
};

/** 1 where a row's first largest logit is that of its label, else 0: logits [m, n], labels u32 [m, 1] -> [m, 1]. */
export function correct(logits: Tensor, labels: Tensor): Tensor {
  return logits.trace.apply(correctOp, [logits, labels]);
}

/** 1 where a row's first largest logit stands where its first largest target does, else 0: two [m, n] -> [m, 1]. */
export function softCorrect(logits: Tensor, targets: Tensor): Tensor {
  return logits.trace.apply(softCorrectOp, [logits, targets]);
}
