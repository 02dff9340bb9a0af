import { adamDirectionOp } from './adam-direction.js';
import { addOp } from './add.js';
import { averageOp } from './average.js';
import { averageSquareOp } from './average-square.js';
import { batchMeanOp } from './batch-mean.js';
import { biasOp } from './bias.js';
import { binaryCorrectOp } from './binary-correct.js';
import { binaryCrossEntropyGradientOp, binaryCrossEntropyOp } from './binary-cross-entropy.js';
import { correctOp, softCorrectOp } from './correct.js';
import { decayOp } from './decay.js';
import { descendOp } from './descend.js';
import { dropoutOp, gateOp } from './dropout.js';
import { expandOp } from './expand.js';
import { gatherRowsOp } from './gather-rows.js';
import { geluGradientOp, geluOp } from './gelu.js';
import { l2PenaltyOp } from './l2-penalty.js';
import { leakyReluGradientOp, leakyReluOp } from './leaky-relu.js';
import { constantOp, inputOp, scalarOp, stateOp } from './leaves.js';
import { matmulOp } from './matmul.js';
import { multiplyOp } from './multiply.js';
import { nesterovOp } from './nesterov.js';
import type { Op } from './op.js';
import { perExampleOp } from './per-example.js';
import { reluGradientOp, reluOp } from './relu.js';
import { sigmoidGradientOp, sigmoidOp } from './sigmoid.js';
import { softTargetCrossEntropyGradientOp, softTargetCrossEntropyOp } from './soft-target-cross-entropy.js';
import { softmaxCrossEntropyGradientOp, softmaxCrossEntropyOp } from './softmax-cross-entropy.js';
import { softplusOp } from './softplus.js';
import { squaredErrorGradientOp, squaredErrorOp } from './squared-error.js';
import { subtractOp } from './subtract.js';
import { sumAllOp, sumColsOp, sumRowsOp } from './sum.js';
import { tanhGradientOp, tanhOp } from './tanh.js';
import { tileSumsOp } from './tile-sums.js';
import { velocityOp } from './velocity.js';

export { adamDirection } from './adam-direction.js';
export { add } from './add.js';
export { average } from './average.js';
export { averageSquare } from './average-square.js';
export { BATCH_WORDS } from './batch.js';
export { batchMean } from './batch-mean.js';
export { bias } from './bias.js';
export { binaryCorrect } from './binary-correct.js';
export { binaryCrossEntropy, binaryCrossEntropyGradient } from './binary-cross-entropy.js';
export { correct, softCorrect } from './correct.js';
export { decay } from './decay.js';
export { descend } from './descend.js';
export { dropout, gate } from './dropout.js';
export { expand } from './expand.js';
export { bitsFromFloat, floatFromBits } from './float-bits.js';
export { gatherRows } from './gather-rows.js';
export { gelu, geluGradient } from './gelu.js';
export { l2Penalty } from './l2-penalty.js';
export { leakyRelu, leakyReluGradient } from './leaky-relu.js';
export { constant, input, leafName, scalar, state, words } from './leaves.js';
export { matmul, type Transposes } from './matmul.js';
export { meanAll, meanCols, meanRows } from './mean.js';
export { multiply } from './multiply.js';
export { nesterov } from './nesterov.js';
export type { Attributes, ElementwiseOp, LeafOp, Op, Place, StructuralOp, Values } from './op.js';
export { perExample } from './per-example.js';
export { relu, reluGradient } from './relu.js';
export { sigmoid, sigmoidGradient } from './sigmoid.js';
export { softTargetCrossEntropy, softTargetCrossEntropyGradient } from './soft-target-cross-entropy.js';
export { softmaxCrossEntropy, softmaxCrossEntropyGradient } from './softmax-cross-entropy.js';
export { softplus } from './softplus.js';
export { squaredError, squaredErrorGradient } from './squared-error.js';
export { subtract } from './subtract.js';
export { sumAll, sumCols, sumRows } from './sum.js';
export { tanh, tanhGradient } from './tanh.js';
export { type DType, type Shape, shapeOf, type Tensor, Trace } from './tensor.js';
export { TILE_ROWS, tileSums } from './tile-sums.js';
export { velocity } from './velocity.js';

/** Every op there is: leaves, elementwise, structural. */
export const OPS: readonly Op[] = [
  stateOp,
  inputOp,
  scalarOp,
  constantOp,
  addOp,
  subtractOp,
  multiplyOp,
  biasOp,
  expandOp,
  reluOp,
  reluGradientOp,
  leakyReluOp,
  leakyReluGradientOp,
  tanhOp,
  tanhGradientOp,
  sigmoidOp,
  sigmoidGradientOp,
  geluOp,
  geluGradientOp,
  softplusOp,
  dropoutOp,
  gateOp,
  squaredErrorOp,
  squaredErrorGradientOp,
  binaryCrossEntropyOp,
  binaryCrossEntropyGradientOp,
  binaryCorrectOp,
  perExampleOp,
  velocityOp,
  nesterovOp,
  averageOp,
  averageSquareOp,
  adamDirectionOp,
  descendOp,
  decayOp,
  matmulOp,
  sumRowsOp,
  sumColsOp,
  sumAllOp,
  batchMeanOp,
  tileSumsOp,
  softmaxCrossEntropyOp,
  softmaxCrossEntropyGradientOp,
  softTargetCrossEntropyOp,
  softTargetCrossEntropyGradientOp,
  correctOp,
  softCorrectOp,
  l2PenaltyOp,
  gatherRowsOp,
];
