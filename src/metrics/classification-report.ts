import { checkOptions } from '../errors/arguments.js';
import { type LabelOptions, type Labels, readLabels } from './labels.js';

/** Measures of one class; a ratio is 0 where its denominator is 0. */
export interface ClassMeasures {
  readonly name: string;
  /** The share of right ones among the examples that were predicted to be of this class. */
  readonly precision: number;
  /** The share of right ones among the examples that are of this class. */
  readonly recall: number;
  /** The harmonic mean of precision and recall. */
  readonly f1: number;
  /** Examples of this class. */
  readonly support: number;
}

/** Measures of predicted classes. */
export interface ClassificationReport {
  readonly examples: number;
  /** The share of right predictions. */
  readonly accuracy: number;
  /** The mean recall of the classes that have examples: a rare class counts as much as a common one. */
  readonly balancedAccuracy: number;
  /** The means over the classes that occur, true or predicted. */
  readonly macro: { readonly precision: number; readonly recall: number; readonly f1: number };
  readonly classes: readonly ClassMeasures[];
}

/**
 * Returns accuracy, balanced accuracy, and precision, recall and F1 by class and as means. All have scikit-learn's meaning
 * (`classification_report`, `balanced_accuracy_score`), 0/0 included, which is 0.
 * @throws TypeError or RangeError naming the label or the option that is wrong
 */
export function classificationReport(
  truth: Labels,
  predicted: Labels,
  options: LabelOptions = {},
): ClassificationReport {
  checkOptions('classificationReport', options, ['classes']);
  const pair = readLabels('classificationReport', truth, predicted, options);
  const [support, guesses, right] = [0, 1, 2].map(() => new Uint32Array(pair.names.length));
  for (const [i, label] of pair.truth.entries()) {
    const guess = pair.predicted[i];
    support[label]++;
    guesses[guess]++;
    if (label === guess) right[label]++;
  }
  const classes = pair.names.map((name, i) => ({
    name,
    precision: ratio(right[i], guesses[i]),
    recall: ratio(right[i], support[i]),
    f1: ratio(2 * right[i], support[i] + guesses[i]),
    support: support[i],
  }));
  const occurring = classes.filter((_, i) => support[i] + guesses[i] > 0);
  const mean = (name: 'precision' | 'recall' | 'f1') => meanOf(occurring.map((each) => each[name]));
  const examples = pair.truth.length;
  return {
    examples,
    accuracy: right.reduce((sum, count) => sum + count, 0) / examples,
    balancedAccuracy: meanOf(classes.filter((each) => each.support > 0).map(({ recall }) => recall)),
    macro: { precision: mean('precision'), recall: mean('recall'), f1: mean('f1') },
    classes,
  };
}

const ratio = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
