import type { Tensor } from '../ops/tensor.js';
import type { Described } from './described.js';
import type { LayerContext } from './layer.js';
import type { LossTensors } from './losses.js';

/** The inputs of a batch: examples [m, features], targets, and the weights of the examples, [m, 1]. */
export interface BatchLeaves {
  readonly x: Tensor;
  readonly y: Tensor;
  /** Default: all examples weigh the same. */
  readonly weights?: Tensor | undefined;
}

/** Returns the loss of the model's outputs against targets. */
export type LossOf = (targets: Tensor, weights?: Tensor) => LossTensors;

/** A batch of training as an augmentation makes it. */
export interface AugmentedBatch {
  /** The examples that the model sees, [m, features], and their weights. */
  readonly x: Tensor;
  readonly weights?: Tensor | undefined;
  /**
   * Returns the loss to minimise from that of single targets; with weights its `weighted` are the losses of the rows times
   * their weights.
   */
  loss(lossOf: LossOf): LossTensors;
}

/** A change of the batches of training, which may let the rows of a batch see one another; evaluation is without it. */
export interface Augmentation extends Described {
  /** Returns a batch in place of one that was given. */
  augment(batch: BatchLeaves, context: LayerContext): AugmentedBatch;
}
