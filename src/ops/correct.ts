import type { StructuralOp } from './op.js';
import { checkTargets } from './soft-target-cross-entropy.js';
import { checkLabels } from './softmax-cross-entropy.js';
import type { Tensor } from './tensor.js';

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
