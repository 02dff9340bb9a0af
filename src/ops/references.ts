import { adamDirectionOp } from './adam-direction.js';
import { adamDirectionReference } from './adam-direction-reference.js';
import { addOp } from './add.js';
import { addReference } from './add-reference.js';
import { averageOp } from './average.js';
import { averageReference } from './average-reference.js';
import { averageSquareOp } from './average-square.js';
import { averageSquareReference } from './average-square-reference.js';
import { batchMeanOp } from './batch-mean.js';
import { batchMeanReference } from './batch-mean-reference.js';
import { biasOp } from './bias.js';
import { biasReference } from './bias-reference.js';
import { binaryCorrectOp } from './binary-correct.js';
import { binaryCorrectReference } from './binary-correct-reference.js';
import { binaryCrossEntropyGradientOp, binaryCrossEntropyOp } from './binary-cross-entropy.js';
import { binaryCrossEntropyGradientReference, binaryCrossEntropyReference } from './binary-cross-entropy-reference.js';
import { correctOp, softCorrectOp } from './correct.js';
import { correctReference, softCorrectReference } from './correct-reference.js';
import { decayOp } from './decay.js';
import { decayReference } from './decay-reference.js';
import { descendOp } from './descend.js';
import { descendReference } from './descend-reference.js';
import { dropoutOp, gateOp } from './dropout.js';
import { dropoutReference, gateReference } from './dropout-reference.js';
import { expandOp } from './expand.js';
import { expandReference } from './expand-reference.js';
import { gatherRowsOp } from './gather-rows.js';
import { gatherRowsReference } from './gather-rows-reference.js';
import { geluGradientOp, geluOp } from './gelu.js';
import { geluGradientReference, geluReference } from './gelu-reference.js';
import { l2PenaltyOp } from './l2-penalty.js';
import { l2PenaltyReference } from './l2-penalty-reference.js';
import { leakyReluGradientOp, leakyReluOp } from './leaky-relu.js';
import { leakyReluGradientReference, leakyReluReference } from './leaky-relu-reference.js';
import { constantOp, inputOp, scalarOp, stateOp } from './leaves.js';
import { matmulOp } from './matmul.js';
import { matmulReference } from './matmul-reference.js';
import { multiplyOp } from './multiply.js';
import { multiplyReference } from './multiply-reference.js';
import { nesterovOp } from './nesterov.js';
import { nesterovReference } from './nesterov-reference.js';
import type { ElementwiseOp, ElementwiseReference, Op, StructuralOp, StructuralReference } from './op.js';
import { perExampleOp } from './per-example.js';
import { perExampleReference } from './per-example-reference.js';
import { reluGradientOp, reluOp } from './relu.js';
import { reluGradientReference, reluReference } from './relu-reference.js';
import { sigmoidGradientOp, sigmoidOp } from './sigmoid.js';
import { sigmoidGradientReference, sigmoidReference } from './sigmoid-reference.js';
import { softTargetCrossEntropyGradientOp, softTargetCrossEntropyOp } from './soft-target-cross-entropy.js';
import {
  softTargetCrossEntropyGradientReference,
  softTargetCrossEntropyReference,
} from './soft-target-cross-entropy-reference.js';
import { softmaxCrossEntropyGradientOp, softmaxCrossEntropyOp } from './softmax-cross-entropy.js';
import {
  softmaxCrossEntropyGradientReference,
  softmaxCrossEntropyReference,
} from './softmax-cross-entropy-reference.js';
import { softplusOp } from './softplus.js';
import { softplusReference } from './softplus-reference.js';
import { squaredErrorGradientOp, squaredErrorOp } from './squared-error.js';
import { squaredErrorGradientReference, squaredErrorReference } from './squared-error-reference.js';
import { subtractOp } from './subtract.js';
import { subtractReference } from './subtract-reference.js';
import { sumAllOp, sumColsOp, sumRowsOp } from './sum.js';
import { sumAllReference, sumColsReference, sumRowsReference } from './sum-reference.js';
import { tanhGradientOp, tanhOp } from './tanh.js';
import { tanhGradientReference, tanhReference } from './tanh-reference.js';
import { tileSumsOp } from './tile-sums.js';
import { tileSumsReference } from './tile-sums-reference.js';
import { velocityOp } from './velocity.js';
import { velocityReference } from './velocity-reference.js';

const ELEMENTWISE: ReadonlyMap<ElementwiseOp, ElementwiseReference> = new Map([
  [addOp, addReference],
  [subtractOp, subtractReference],
  [multiplyOp, multiplyReference],
  [biasOp, biasReference],
  [expandOp, expandReference],
  [reluOp, reluReference],
  [reluGradientOp, reluGradientReference],
  [leakyReluOp, leakyReluReference],
  [leakyReluGradientOp, leakyReluGradientReference],
  [tanhOp, tanhReference],
  [tanhGradientOp, tanhGradientReference],
  [sigmoidOp, sigmoidReference],
  [sigmoidGradientOp, sigmoidGradientReference],
  [geluOp, geluReference],
  [geluGradientOp, geluGradientReference],
  [softplusOp, softplusReference],
  [dropoutOp, dropoutReference],
  [gateOp, gateReference],
  [squaredErrorOp, squaredErrorReference],
  [squaredErrorGradientOp, squaredErrorGradientReference],
  [binaryCrossEntropyOp, binaryCrossEntropyReference],
  [binaryCrossEntropyGradientOp, binaryCrossEntropyGradientReference],
  [binaryCorrectOp, binaryCorrectReference],
  [perExampleOp, perExampleReference],
  [velocityOp, velocityReference],
  [nesterovOp, nesterovReference],
  [averageOp, averageReference],
  [averageSquareOp, averageSquareReference],
  [adamDirectionOp, adamDirectionReference],
  [descendOp, descendReference],
  [decayOp, decayReference],
]);

const STRUCTURAL: ReadonlyMap<StructuralOp, StructuralReference> = new Map([
  [matmulOp, matmulReference],
  [sumRowsOp, sumRowsReference],
  [sumColsOp, sumColsReference],
  [sumAllOp, sumAllReference],
  [batchMeanOp, batchMeanReference],
  [tileSumsOp, tileSumsReference],
  [softmaxCrossEntropyOp, softmaxCrossEntropyReference],
  [softmaxCrossEntropyGradientOp, softmaxCrossEntropyGradientReference],
  [softTargetCrossEntropyOp, softTargetCrossEntropyReference],
  [softTargetCrossEntropyGradientOp, softTargetCrossEntropyGradientReference],
  [correctOp, correctReference],
  [softCorrectOp, softCorrectReference],
  [l2PenaltyOp, l2PenaltyReference],
  [gatherRowsOp, gatherRowsReference],
]);

/** Every op there is: leaves, elementwise, structural. */
export const OPS: readonly Op[] = [stateOp, inputOp, scalarOp, constantOp, ...ELEMENTWISE.keys(), ...STRUCTURAL.keys()];

/** What an op is in float64. @throws Error if it has no reference */
export function referenceOf(op: ElementwiseOp): ElementwiseReference;
export function referenceOf(op: StructuralOp): StructuralReference;
export function referenceOf(op: ElementwiseOp | StructuralOp): ElementwiseReference | StructuralReference {
  const reference = op.kind === 'elementwise' ? ELEMENTWISE.get(op) : STRUCTURAL.get(op);
  if (!reference) throw new Error(`${op.name}: there is no reference of it`);
  return reference;
}
