import type { TrainConfig } from './config.js';
import type { TrainingData } from './data.js';

/** A line y = w · x + b. */
export interface Line {
  readonly w: number;
  readonly b: number;
}

/**
 * Returns the minimiser of J = (1/m) Σ (w·x + b - y)² + strength · w², in float64 from the normal equations
 * (mean(x²) + strength) · w + mean(x) · b = mean(x·y) and mean(x) · w + b = mean(y).
 */
export function ridgeMinimiser(x: ArrayLike<number>, y: ArrayLike<number>, strength: number): Line {
  let [sx, sy, sxx, sxy] = [0, 0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    sx += x[i];
    sy += y[i];
    sxx += x[i] * x[i];
    sxy += x[i] * y[i];
  }
  const m = x.length;
  const w = (sxy / m - (sx / m) * (sy / m)) / (sxx / m + strength - (sx / m) ** 2);
  return { w, b: sy / m - w * (sx / m) };
}

/** A trained line beside the closed form. */
export interface ClosedForm {
  readonly trained: Line;
  readonly minimiser: Line;
  /** The larger of |Δw| and |Δb|. */
  readonly difference: number;
}

/**
 * Returns the comparison for a network that is one line with squared error, such as that of the preset ridge;
 * undefined for any other and where something else than L2 pulls it off the minimiser.
 */
export function compareWithMinimiser(
  config: TrainConfig,
  { train }: TrainingData,
  weights: readonly { readonly data: Float32Array }[],
): ClosedForm | undefined {
  const { loss, hidden, l2, l2Convention, weightDecay, l1, elasticNet, groupLasso } = config;
  const { inputNoise, maxNorm, unitNorm, nonNegative } = config;
  const others = [weightDecay, l1, elasticNet, groupLasso, inputNoise, maxNorm, unitNorm, nonNegative];
  const isLine = hidden.length === 0 && train.features === 1 && train.outputs === 1 && train.classes === undefined;
  if (!isLine || (loss ?? 'mean-squared-error') !== 'mean-squared-error') return undefined;
  if (!(train.x instanceof Float32Array) || others.some(Boolean)) return undefined;
  const factor = { half: 1 / 2, sum: 1, mean: 1 / (2 * train.examples) }[l2Convention];
  const minimiser = ridgeMinimiser(train.x, train.y, factor * l2);
  const trained = { w: weights[0].data[0], b: weights[1].data[0] };
  const difference = Math.max(Math.abs(trained.w - minimiser.w), Math.abs(trained.b - minimiser.b));
  return { trained, minimiser, difference };
}
