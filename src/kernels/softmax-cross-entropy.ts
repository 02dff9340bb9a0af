import {
  bias,
  correct,
  matmul,
  smoothedCrossEntropy,
  smoothedCrossEntropyGradient,
  softCorrect,
  softmaxCrossEntropy,
  softmaxCrossEntropyGradient,
  softTargetCrossEntropy,
  softTargetCrossEntropyGradient,
  TILE_ROWS,
  tileSums,
} from '../ops/index.js';
import type { Tensor } from '../ops/tensor.js';
import { type Dimensions, type Kernel, tiles, type Variant } from './kernel.js';

const outputs = { lossSums: 't1', correctSums: 't1', losses: 'm1', hits: 'm1', dlogits: 'mn' };
/** The sums need the batch, which the shader reads. A loss made of cross-entropies sums something else, its hits as they are. */
const anchors = ['lossSums', 'correctSums'];
const batch = { dims: '12', access: 'words' } as const;
const drow = { dims: 'm1', access: 'value' } as const;
const labels = { dims: 'm1', access: 'index', flagged: true } as const;
const weights = { dims: 'm1', access: 'value' } as const;
const grid = ({ m }: Dimensions) => [tiles(m, TILE_ROWS), 1] as const;

/** The ops of a loss: each row's loss, its hit, and the gradient with respect to the logits. */
const CLASSES = [softmaxCrossEntropy, correct, softmaxCrossEntropyGradient] as const;
const SOFT = [softTargetCrossEntropy, softCorrect, softTargetCrossEntropyGradient] as const;
const smoothedBy = (smoothing: Tensor): typeof CLASSES => [
  (logits, labels) => smoothedCrossEntropy(logits, labels, smoothing),
  correct,
  (drow, logits, labels) => smoothedCrossEntropyGradient(drow, logits, labels, smoothing),
];

/** Loss, hits and the gradient, as far as their inputs are there. */
function fromLogits(
  [lossOf, hitOf, gradientOf]: typeof CLASSES | typeof SOFT,
  logits: Tensor,
  wanted: Tensor,
  { batch, drow, weights }: Readonly<Record<string, Tensor>>,
) {
  const losses = lossOf(logits, wanted);
  const hits = hitOf(logits, wanted);
  return {
    lossSums: tileSums(losses, batch, weights),
    correctSums: tileSums(hits, batch, weights),
    losses,
    hits,
    ...(drow && { dlogits: gradientOf(drow, logits, wanted) }),
  };
}

const variants = ({ soft = false, smoothed = false } = {}): Variant[] => [
  {
    name: 'direct',
    shader: 'softmax-cross-entropy',
    tree: { lanes: 64, type: 'vec2f' },
    constants: () => ({ soft, smoothed, weighted: false }),
    grid,
  },
];

/**
 * Softmax cross-entropy with class indices: each row's loss and whether its largest logit is the label's, their sums over
 * 64 rows, and the gradient with respect to the logits, in one pass over the logits.
 */
export const softmaxCrossEntropyKernel: Kernel = {
  name: 'softmax-cross-entropy',
  inputs: { logits: { dims: 'mn', access: 'rows' }, labels, batch, drow },
  outputs,
  anchors,
  computes: (inputs) => fromLogits(CLASSES, inputs.logits, inputs.labels, inputs),
  variants: variants(),
  flops: ({ m, n }) => 8 * m * n,
};

/** Softmax cross-entropy with class indices of which a share is spread over all classes. */
export const smoothedCrossEntropyKernel: Kernel = {
  ...softmaxCrossEntropyKernel,
  name: 'smoothed-cross-entropy',
  inputs: { ...softmaxCrossEntropyKernel.inputs, smoothing: { dims: '11', access: 'value' } },
  // Hits alone are wanted without the smoothing.
  computes: ({ smoothing, ...inputs }) =>
    fromLogits(smoothing ? smoothedBy(smoothing) : CLASSES, inputs.logits, inputs.labels, inputs),
  variants: variants({ smoothed: true }),
};

/** Softmax cross-entropy with a distribution over the classes as each row's target. */
export const softTargetCrossEntropyKernel: Kernel = {
  name: 'soft-target-cross-entropy',
  inputs: { logits: { dims: 'mn', access: 'rows' }, targets: { dims: 'mn', access: 'rows' }, batch, drow },
  outputs,
  anchors,
  computes: (inputs) => fromLogits(SOFT, inputs.logits, inputs.targets, inputs),
  variants: variants({ soft: true }),
  flops: ({ m, n }) => 10 * m * n,
};

/** The widest row of logits that a lane of the head keeps in workgroup memory. */
const HEAD_CLASSES = 32;

/**
 * The head of a classifier: the last dense layer and its softmax cross-entropy in one dispatch, for few classes. The
 * logits stay in workgroup memory, one row a lane; products and sums keep the order that the separate kernels have.
 */
export const headKernel: Kernel = {
  name: 'head',
  inputs: {
    x: { dims: 'mk', access: 'rows' },
    w: { dims: 'kn', access: 'rows' },
    b: { dims: '1n', access: 'rows' },
    labels,
    batch,
    drow,
  },
  outputs: { ...outputs, logits: 'mn' },
  computes(inputs) {
    const logits = bias(matmul(inputs.x, inputs.w), inputs.b);
    return { ...fromLogits(CLASSES, logits, inputs.labels, inputs), logits };
  },
  fits: ({ n }) => n <= HEAD_CLASSES,
  variants: [
    {
      name: 'direct',
      shader: 'head',
      libraries: ['accumulate'],
      tree: { lanes: 64, type: 'vec2f' },
      constants: ({ n }, { software }) => ({ quads: tiles(n, 4), software, weighted: false }),
      grid,
    },
  ],
  flops: ({ m, n, k }) => 2 * m * n * k + 8 * m * n,
  compound: true,
};

/** The same kernel where every row of the batch has a weight, with which its loss and its hit enter the sums. */
function weighted(kernel: Kernel): Kernel {
  return {
    ...kernel,
    name: `weighted-${kernel.name}`,
    inputs: { ...kernel.inputs, weights },
    variants: kernel.variants.map((variant) => ({
      ...variant,
      constants: (dimensions, device) => ({ ...variant.constants(dimensions, device), weighted: true }),
    })),
  };
}

export const weightedSoftmaxCrossEntropyKernel = weighted(softmaxCrossEntropyKernel);
export const weightedSmoothedCrossEntropyKernel = weighted(smoothedCrossEntropyKernel);
export const weightedSoftTargetCrossEntropyKernel = weighted(softTargetCrossEntropyKernel);
export const weightedHeadKernel = weighted(headKernel);
