import type { Tensor } from '../ops/tensor.js';
import type { Described } from './layer.js';

/** What a loss makes of the model's output. */
export interface LossTensors {
  /** Each example's loss, [m, 1]. */
  readonly losses: Tensor;
  /** Sums over 64 rows each whose total, times `lossScale` and divided by the number of examples, is the mean loss. */
  readonly lossSums: Tensor;
  readonly lossScale: number;
  /** Likewise for the share of right answers; missing where there is no such thing. */
  readonly correctSums?: Tensor;
  readonly correctScale?: number;
}

/** What is minimised: the mean over the examples of a batch. */
export interface Loss extends Described {
  /** What the targets are: class indices, or one number an output. */
  readonly targets: 'classes' | 'values';
  /** Refuses outputs and classes or target columns that do not fit. @throws RangeError */
  check(outputs: number, classes: number | undefined, columns: number): void;
  /**
   * The loss of outputs z [m, n] against targets; `batch` says how many rows are valid. With `weights` [m, 1] the sums count
   * every row as often as its weight says; `losses` does not.
   */
  apply(z: Tensor, targets: Tensor, batch: Tensor, weights?: Tensor): LossTensors;
}
