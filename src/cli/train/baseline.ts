import type { Dataset } from '../../index.js';
import type { OwnNumbers } from './own-numbers.js';
import type { LossName } from './presets.js';

/** Returns the commonest class of the training examples. */
export function majorityClass({ y, classes = 0 }: Pick<Dataset, 'y' | 'classes'>): number {
  const counts = new Uint32Array(classes);
  for (const label of y) counts[label]++;
  return counts.indexOf(Math.max(...counts));
}

/** Returns the loss of guessing: of every class being as likely, or of always predicting the mean. */
export function guessingLoss(
  { y, classes }: Pick<Dataset, 'y' | 'classes'>,
  loss: LossName,
  { huberDelta, focalGamma }: Pick<OwnNumbers, 'huberDelta' | 'focalGamma'>,
): number {
  if (loss === 'hinge') return 1;
  if (classes !== undefined)
    return Math.log(classes) * (loss === 'focal' ? (1 - 1 / classes) ** Number(focalGamma) : 1);
  if (loss === 'mean-squared-error') return variance(y);
  const mean = meanOf(y);
  const errors = Array.from(y, (value) => Math.abs(value - mean));
  if (loss !== 'huber') return meanOf(errors);
  const delta = Number(huberDelta);
  return meanOf(errors.map((error) => (error > delta ? delta * (error - delta / 2) : error ** 2 / 2)));
}

const meanOf = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

/** Returns the mean squared distance from the mean; exactly 0 where all are equal, although their mean is rounded. */
export function variance(values: ArrayLike<number>): number {
  const all = Array.from(values);
  if (all.every((value) => value === all[0])) return 0;
  const mean = meanOf(all);
  return meanOf(all.map((value) => (value - mean) ** 2));
}

/** Losses this many times larger than before, or than guessing, are no result. */
const EXPLODED = 1e6;

/** Returns true if a training left its loss far larger than it was, and than guessing has it. */
export function hasExploded(loss: {
  readonly first: number;
  readonly last: number;
  readonly guessing: number;
}): boolean {
  const { first, last, guessing } = loss;
  const least = guessing > 0 ? Math.min(first, guessing) : first;
  return last > guessing && last > EXPLODED * least;
}
