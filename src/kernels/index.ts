import { gather, gatherLabelled, gatherTargets } from './gather.js';
import type { Kernel } from './kernel.js';
import { matmulNn, matmulNt, matmulTn, matmulTnSums } from './matmul.js';
import { l2PenaltyKernel, sumAllKernel, sumColsKernel, sumRowsKernel, tileSumsKernel } from './reductions.js';
import {
  headKernel,
  smoothedCrossEntropyKernel,
  softmaxCrossEntropyKernel,
  softTargetCrossEntropyKernel,
  weightedHeadKernel,
  weightedSmoothedCrossEntropyKernel,
  weightedSoftmaxCrossEntropyKernel,
  weightedSoftTargetCrossEntropyKernel,
} from './softmax-cross-entropy.js';

export * from './kernel.js';
export { map } from './map.js';
export { ownKernels } from './own-kernel.js';

/** Every kernel that covers structural ops, those that cover most first. */
export const KERNELS: readonly Kernel[] = [
  headKernel,
  weightedHeadKernel,
  softmaxCrossEntropyKernel,
  weightedSoftmaxCrossEntropyKernel,
  smoothedCrossEntropyKernel,
  weightedSmoothedCrossEntropyKernel,
  softTargetCrossEntropyKernel,
  weightedSoftTargetCrossEntropyKernel,
  matmulTnSums,
  gatherLabelled,
  gatherTargets,
  matmulNn,
  matmulNt,
  matmulTn,
  gather,
  sumRowsKernel,
  sumColsKernel,
  sumAllKernel,
  l2PenaltyKernel,
  tileSumsKernel,
];
