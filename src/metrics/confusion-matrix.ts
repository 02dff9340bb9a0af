import { checkOptions } from '../errors/arguments.js';
import { type LabelOptions, type Labels, readLabels } from './labels.js';

/** The number of examples by true and by predicted class. */
export interface ConfusionMatrix {
  /** The names of the classes, in the order of rows and columns. */
  readonly classes: readonly string[];
  /** [true class][predicted class]. */
  readonly counts: readonly (readonly number[])[];
}

/**
 * Returns the number of examples by true class (rows) and predicted class (columns), as scikit-learn's `confusion_matrix`.
 * @throws TypeError or RangeError naming the label or the option that is wrong
 */
export function confusionMatrix(truth: Labels, predicted: Labels, options: LabelOptions = {}): ConfusionMatrix {
  checkOptions('confusionMatrix', options, ['classes']);
  const pair = readLabels('confusionMatrix', truth, predicted, options);
  const counts = pair.names.map(() => pair.names.map(() => 0));
  for (const [i, label] of pair.truth.entries()) counts[label][pair.predicted[i]]++;
  return { classes: pair.names, counts };
}
