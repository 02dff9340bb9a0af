import { checkNumbers } from './numbers.js';

/** Measures of predicted numbers, in the unit of the targets. */
export interface RegressionReport {
  readonly examples: number;
  /** The mean absolute error. */
  readonly mae: number;
  /** The root of the mean squared error. */
  readonly rmse: number;
  /**
   * R²: 1 - the mean squared error / the variance of the targets. 1 is perfect, 0 as good as their mean, less is worse; null
   * if all targets are equal.
   */
  readonly r2: number | null;
}

/**
 * Returns mean absolute error, root mean squared error and R² of predictions, computed in float64. Several outputs an example,
 * in one flat array, count as examples.
 * @throws TypeError or RangeError naming the element that is wrong
 */
export function regressionReport(targets: ArrayLike<number>, predicted: ArrayLike<number>): RegressionReport {
  checkNumbers('regressionReport', 'targets', targets);
  checkNumbers('regressionReport', 'predicted', predicted);
  const examples = targets.length;
  if (predicted.length !== examples) {
    throw new RangeError(`regressionReport: targets has ${examples} numbers, predicted has ${predicted.length}`);
  }
  // Sums of shares: squares of large numbers may overflow before they are divided.
  let [mae, mse, mean, variance] = [0, 0, 0, 0];
  for (let i = 0; i < examples; i++) {
    mae += Math.abs(predicted[i] - targets[i]) / examples;
    mse += (predicted[i] - targets[i]) ** 2 / examples;
    mean += targets[i] / examples;
  }
  let isConstant = true;
  for (let i = 0; i < examples; i++) {
    variance += (targets[i] - mean) ** 2 / examples;
    isConstant &&= targets[i] === targets[0];
  }
  return { examples, mae, rmse: Math.sqrt(mse), r2: isConstant || variance === 0 ? null : 1 - mse / variance };
}
