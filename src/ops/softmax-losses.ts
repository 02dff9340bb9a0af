import { expand, multiply } from './arithmetic.js';
import { constant } from './leaves.js';
import { type StructuralOp, shapeOf, type Tensor } from './tensor.js';

type Check = (name: string, logits: Tensor, wanted: Tensor, smoothing?: Tensor) => void;

/** @throws Error naming the op if there is not one u32 label for each row of the logits. */
const checkLabels: Check = (name, logits, labels) => {
  if (labels.dtype === 'u32' && labels.rows === logits.rows && labels.cols === 1) return;
  const needed = `u32 [${logits.rows}, 1]`;
  throw new Error(
    `${name}: logits ${shapeOf(logits)} need labels of ${needed}, got ${labels.dtype} ${shapeOf(labels)}`,
  );
};

/** @throws Error naming the op if there is not one label for each row, or if the smoothing is not [1, 1]. */
const checkSmoothed: Check = (name, logits, labels, smoothing) => {
  checkLabels(name, logits, labels);
  if (smoothing?.rows === 1 && smoothing.cols === 1) return;
  throw new Error(`${name}: smoothing must be [1, 1], got ${smoothing && shapeOf(smoothing)}`);
};

/** @throws Error naming the op if the targets do not have the shape of the logits. */
const checkTargets: Check = (name, logits, targets) => {
  if (targets.rows === logits.rows && targets.cols === logits.cols) return;
  throw new Error(`${name}: logits ${shapeOf(logits)} need targets of the same shape, got ${shapeOf(targets)}`);
};

/** Returns an op of logits [m, n] and labels or targets that gives one value a row, [m, 1]. */
/* @__NO_SIDE_EFFECTS__ */
function rowOp(name: string, check: Check, gradient?: StructuralOp['gradient']): StructuralOp {
  return {
    name,
    kind: 'structural',
    shape([logits, wanted, smoothing]) {
      check(name, logits, wanted, smoothing);
      return { rows: logits.rows, cols: 1, dtype: 'f32' };
    },
    gradient,
  };
}

/** Returns the op of the gradient of such a value with respect to the logits, times drow [m, 1]: [m, n]. */
/* @__NO_SIDE_EFFECTS__ */
function gradientOp(name: string, check: Check): StructuralOp {
  return {
    name,
    kind: 'structural',
    shape([drow, logits, wanted, smoothing]) {
      check(name, logits, wanted, smoothing);
      if (drow.rows !== logits.rows || drow.cols !== 1) {
        throw new Error(`${name}: logits ${shapeOf(logits)} need drow [${logits.rows}, 1], got ${shapeOf(drow)}`);
      }
      return { rows: logits.rows, cols: logits.cols, dtype: 'f32' };
    },
  };
}

const isOfLeaves = ({ op, inputs }: Tensor): boolean =>
  op.kind === 'leaf' || (op.kind === 'elementwise' && inputs.every(isOfLeaves));

/**
 * Returns the gradient times dy [m, 1]. The kernel of a loss takes a factor of each row that it need not compute; any other
 * is multiplied afterwards.
 */
function gradientTimes(dy: Tensor, gradientOf: (drow: Tensor) => Tensor): Tensor {
  if (isOfLeaves(dy)) return gradientOf(dy);
  return multiply(dy, gradientOf(expand(constant(dy.trace, 1), dy)));
}

export const softmaxCrossEntropyOp = rowOp('softmaxCrossEntropy', checkLabels, (dy, _y, [logits, labels]) => [
  gradientTimes(dy, (drow) => softmaxCrossEntropyGradient(drow, logits, labels)),
  undefined,
]);

export const softmaxCrossEntropyGradientOp = gradientOp('softmaxCrossEntropyGradient', checkLabels);

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

export const smoothedCrossEntropyOp = rowOp('smoothedCrossEntropy', checkSmoothed, (dy, _y, [z, labels, smoothing]) => [
  gradientTimes(dy, (drow) => smoothedCrossEntropyGradient(drow, z, labels, smoothing)),
  undefined,
  undefined,
]);

export const smoothedCrossEntropyGradientOp = gradientOp('smoothedCrossEntropyGradient', checkSmoothed);

/**
 * The cross-entropy of each row's softmax with (1 - smoothing) · onehot(label) + smoothing / n: logits [m, n], labels u32
 * [m, 1] below n, smoothing [1, 1] in [0, 1) -> [m, 1]. An op of its own, so that it is computed in one pass over the
 * logits. Labels and smoothing get no gradient. Source: Szegedy et al., "Rethinking the Inception architecture" (2016),
 * section 7.
 */
export function smoothedCrossEntropy(logits: Tensor, labels: Tensor, smoothing: Tensor): Tensor {
  return logits.trace.apply(smoothedCrossEntropyOp, [logits, labels, smoothing]);
}

/** (softmax(logits) - (1 - smoothing) · onehot(labels) - smoothing / n) · drow; exactly 0 in rows whose drow is 0. */
export function smoothedCrossEntropyGradient(drow: Tensor, logits: Tensor, labels: Tensor, smoothing: Tensor): Tensor {
  return logits.trace.apply(smoothedCrossEntropyGradientOp, [drow, logits, labels, smoothing]);
}

export const softTargetCrossEntropyOp = rowOp('softTargetCrossEntropy', checkTargets, (dy, _y, [logits, targets]) => [
  gradientTimes(dy, (drow) => softTargetCrossEntropyGradient(drow, logits, targets)),
  undefined,
]);

export const softTargetCrossEntropyGradientOp = gradientOp('softTargetCrossEntropyGradient', checkTargets);

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

export const correctOp = rowOp('correct', checkLabels);

export const softCorrectOp = rowOp('softCorrect', checkTargets);

/** 1 where a row's first largest logit is that of its label, else 0: logits [m, n], labels u32 [m, 1] -> [m, 1]. */
export function correct(logits: Tensor, labels: Tensor): Tensor {
  return logits.trace.apply(correctOp, [logits, labels]);
}

/** 1 where a row's first largest logit stands where its first largest target does, else 0: two [m, n] -> [m, 1]. */
export function softCorrect(logits: Tensor, targets: Tensor): Tensor {
  return logits.trace.apply(softCorrectOp, [logits, targets]);
}
