/// <reference types="@webgpu/types" preserve="true" />
/// <reference lib="esnext.disposable" preserve="true" />
/**
 * Ops on tensors, for authors of layers, penalties, losses, optimizers and new ops.
 * @module wgrad/ops
 */
export type { NumberRange } from './errors/arguments.js';
export type { HostContext, HostFunction, Update } from './graph/step.js';
export type { LayerContext, Parameter, ParameterRequest } from './nn/layer.js';
export type { LossTensors } from './nn/losses.js';
export type { OptimizerContext, ParameterGradient } from './nn/optimizers.js';
export { random } from './nn/random-source.js';
export * from './ops/activations.js';
export { add, bias, divide, expand, multiply, negate, subtract } from './ops/arithmetic.js';
export {
  type DefinedOp,
  defineOp,
  defineRandomOp,
  type OpDefinition,
  type RandomOpDefinition,
} from './ops/define-op.js';
export { abs, exp, log, sign, sqrt } from './ops/elementary.js';
export { constant } from './ops/leaves.js';
export { binaryCorrect, binaryCrossEntropy, focal, squaredError } from './ops/losses.js';
export { normalizeRows } from './ops/normalize-rows.js';
export { matmul, type Transposes } from './ops/products.js';
export { dropout, randomNormal, randomUniform } from './ops/random.js';
export {
  batchMean,
  l2Penalty,
  meanAll,
  meanCols,
  meanRows,
  perExample,
  sumAll,
  sumCols,
  sumRows,
  tileSums,
} from './ops/reductions.js';
export { rollRows } from './ops/roll-rows.js';
export { greater, maximum, minimum, select } from './ops/selection.js';
export {
  correct,
  smoothedCrossEntropy,
  softCorrect,
  softmaxCrossEntropy,
  softTargetCrossEntropy,
} from './ops/softmax-losses.js';
export type { Attributes, Draw, DType, ElementwiseOp, Op, Shape, Tensor, Trace } from './ops/tensor.js';
export { adamDirection, average, averageSquare, descend, velocity } from './ops/updates.js';
export type { Random } from './random/random.js';
