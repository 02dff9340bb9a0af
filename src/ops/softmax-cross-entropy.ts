import type { StructuralOp } from './op.js';
import { shapeOf, type Tensor } from './tensor.js';

/** @throws Error naming the op if there is not one u32 label for each row of the logits. */
export function checkLabels(name: string, logits: Tensor, labels: Tensor): void {
  if (labels.dtype !== 'u32' || labels.rows !== logits.rows || labels.cols !== 1) {
    const needed = `u32 [${logits.rows}, 1]`;
    throw new Error(
      `${name}: logits ${shapeOf(logits)} need labels of ${needed}, got ${labels.dtype} ${shapeOf(labels)}`,
    );
  }
}

/** @throws Error naming the op if `drow` does not have one value for each row of the logits. */
export function checkRowGradient(name: string, logits: Tensor, drow: Tensor): void {
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
