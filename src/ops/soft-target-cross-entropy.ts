import type { StructuralOp } from './op.js';
import { checkRowGradient } from './softmax-cross-entropy.js';
import { shapeOf, type Tensor } from './tensor.js';

/** @throws Error naming the op if the targets do not have the shape of the logits. */
export function checkTargets(name: string, logits: Tensor, targets: Tensor): void {
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
