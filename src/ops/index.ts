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
export type {
  Attributes,
  ElementwiseOp,
  ElementwiseReference,
  LeafOp,
  Op,
  Place,
  StructuralOp,
  StructuralReference,
  Values,
} from './op.js';
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
