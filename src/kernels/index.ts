import { gather, gatherLabelled, gatherTargets } from './gather.js';
import type { Kernel } from './kernel.js';
import { type ProductVariants, products } from './matmul.js';
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

/** Returns every kernel that covers structural ops, those that cover most first, with products computed in these ways. */
export const kernelsWith = (variantsOf: ProductVariants): readonly Kernel[] => [
  headKernel,
  weightedHeadKernel,
  softmaxCrossEntropyKernel,
  weightedSoftmaxCrossEntropyKernel,
  smoothedCrossEntropyKernel,
  weightedSmoothedCrossEntropyKernel,
  softTargetCrossEntropyKernel,
  weightedSoftTargetCrossEntropyKernel,
  ...products(variantsOf),
  gatherLabelled,
  gatherTargets,
  gather,
  sumRowsKernel,
  sumColsKernel,
  sumAllKernel,
  l2PenaltyKernel,
  tileSumsKernel,
];

/** Returns the kernels for devices of one class. A page loads the products of its device's class only. */
export async function loadKernels(software: boolean): Promise<readonly Kernel[]> {
  if (software) return kernelsWith((await import('./software-products.js')).softwareProducts);
  return kernelsWith((await import('./gpu-products.js')).gpuProducts);
}
