import type { Tensor } from '../ops/tensor.js';
import type { Described, LayerContext, Parameter } from './layer.js';

/** A penalty on parameters, added to the loss. */
export interface Regularizer extends Described {
  /** The penalty of one parameter as [1, 1], or undefined if it is not penalised. */
  penalty(parameter: Parameter, context: LayerContext): Tensor | undefined;
}
