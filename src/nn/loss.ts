import type { Tensor } from '../ops/tensor.js';
import type { Described } from './described.js';

/** The tensors that a loss computes from the model's output. */
export interface LossTensors {
  /** Each example's loss, [m, 1]. */
  readonly losses: Tensor;
  /** Sums over 64 rows each whose total, times `lossScale` and divided by the number of examples, is the mean loss. */
  readonly lossSums: Tensor;
  readonly lossScale: number;
  /** The same for the share of correct answers; absent if the loss has none. */
  readonly correctSums?: Tensor;
  readonly correctScale?: number;
}

/** A loss; training minimises its mean over the examples of a batch. */
export interface Loss extends Described {
  /** The kind of targets: class indices, or one number for each output. */
  readonly targets: 'classes' | 'values';
  /** Refuses outputs and classes or target columns that do not fit. @throws RangeError */
  check(outputs: number, classes: number | undefined, columns: number): void;
  /**
   * Returns the loss of outputs z [m, n] against targets; `batch` holds the number of valid rows. With `weights` [m, 1]
   * every row enters the sums times its weight; `losses` stays without weights.
   */
  apply(z: Tensor, targets: Tensor, batch: Tensor, weights?: Tensor): LossTensors;
}
