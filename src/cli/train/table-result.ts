import { type Dataset, slice, type Trainer } from '../../index.js';
import { type ClassificationReport, classificationReport } from '../../metrics/classification-report.js';
import { confusionMatrix } from '../../metrics/confusion-matrix.js';
import { type RegressionReport, regressionReport } from '../../metrics/regression-report.js';
import { rocAuc } from '../../metrics/roc-auc.js';
import { quantile } from '../../table/spread.js';
import { majorityClass } from './baseline.js';
import type { TrainingData } from './data.js';
import { type ColumnFacts, columnFacts, type TableData } from './table.js';

/** The measures of a model of a table, on rows that were never used to choose, beside those of its baseline. */
export interface TableResult {
  readonly columns: readonly ColumnFacts[];
  readonly notes: readonly string[];
  readonly target: string;
  readonly testExamples: number;
  readonly testLoss: number;
  /** Absent for a number. */
  readonly classes?: ClassesResult;
  /** Absent for classes; errors are in the file's units. */
  readonly number?: NumberResult;
}

/** Measures of predicted classes. */
export interface ClassesResult extends ClassificationReport {
  /** The area under the ROC curve of the second class; null for more than two classes. */
  readonly rocAuc: number | null;
  /** Examples by [true class][predicted class]; null for more than 100 classes. */
  readonly confusion: readonly (readonly number[])[] | null;
  /** The classes that were taken for another one most often, at most ten pairs. */
  readonly confused: readonly Confused[];
  /** The baseline always says the commonest class of the training rows. */
  readonly baseline: { readonly class: string; readonly accuracy: number; readonly balancedAccuracy: number };
  /** True if the accuracy is above that of the baseline; after `--balance` the balanced accuracy. */
  readonly beatsBaseline: boolean;
}

export interface Confused {
  readonly truth: string;
  readonly predicted: string;
  readonly count: number;
}

/** Measures of a predicted number, in the file's units. */
export interface NumberResult extends RegressionReport {
  /** The baseline always says the mean of the training rows, or their median, where that has the smaller squared error. */
  readonly baseline: { readonly always: 'mean' | 'median'; readonly mae: number; readonly rmse: number };
  /** True if the root mean squared error is below that of the baseline, and R² is not below 0. */
  readonly beatsBaseline: boolean;
  /** True and predicted numbers of the first rows, at most 1,000. */
  readonly pairs: readonly (readonly [truth: number, predicted: number])[];
}

const MOST_PAIRS = 1000;
/** A network that says the mean of the training rows has the error of the baseline, but for the rounding of float32. */
const ROUNDING = 2 ** -20;
const MOST_CLASSES_IN_FULL = 100;
const MOST_CONFUSED = 10;
/** Inputs or outputs that are held at once. */
const MOST_NUMBERS = 2 ** 22;

/** Measures a trained model on the test rows of its table. @param balanced true if classes were to count alike */
export async function measureTable(trainer: Trainer, data: TableData, balanced: boolean): Promise<TableResult> {
  const { train, test, notes, task, preparation } = data;
  const { target } = preparation;
  const { loss } = await trainer.evaluate(test);
  const made = {
    columns: columnFacts(data),
    notes: [...data.table.notes, ...notes],
    target: task.target.name,
    testExamples: test.examples,
    testLoss: loss,
  };
  if ('classes' in target) {
    return { ...made, classes: await measureClasses(trainer, { train, test }, target.classes, balanced) };
  }
  const inUnits = (values: ArrayLike<number>) =>
    Float64Array.from(values, (value) => value * target.deviation + target.mean);
  const predicted: number[] = [];
  for await (const { outputs } of predictions(trainer, test)) for (const each of outputs) predicted.push(each);
  return { ...made, number: numberResult(inUnits(test.y), inUnits(predicted), inUnits(train.y)) };
}

/** Measures a trained model on the images that are never used to choose. @param balanced true if classes were to count alike */
export function measureImages(
  trainer: Trainer,
  { train, validation: test }: Pick<TrainingData, 'train' | 'validation'>,
  balanced: boolean,
): Promise<ClassesResult> {
  const names = train.classNames ?? Array.from({ length: train.classes ?? 0 }, (_, i) => String(i));
  return measureClasses(trainer, { train, test }, names, balanced);
}

/** Returns the measures of numbers beside those of always saying the same: the mean or the median of `train`. */
function numberResult(truth: Float64Array, predicted: Float64Array, train: Float64Array): NumberResult {
  const report = regressionReport(truth, predicted);
  const saying = (value: number) => regressionReport(truth, new Float64Array(truth.length).fill(value));
  const [byMean, byMedian] = [saying(mean(train)), saying(quantile(train.toSorted(), 0.5))];
  const always = byMedian.rmse < byMean.rmse ? 'median' : 'mean';
  const { mae, rmse } = always === 'median' ? byMedian : byMean;
  const beatsBaseline = report.rmse < rmse * (1 - ROUNDING) && (report.r2 ?? 0) >= 0;
  const pairs = Array.from(truth.subarray(0, MOST_PAIRS), (value, i) => [value, predicted[i]] as const);
  return { ...report, baseline: { always, mae, rmse }, beatsBaseline, pairs };
}

async function measureClasses(
  trainer: Trainer,
  { train, test }: { readonly train: Dataset; readonly test: Dataset },
  names: readonly string[],
  balanced: boolean,
): Promise<ClassesResult> {
  const predicted = new Uint32Array(test.examples);
  const scores = new Float32Array(names.length === 2 ? test.examples : 0);
  for await (const { row, rows, outputs } of predictions(trainer, test)) {
    const width = outputs.length / rows; // 1 for a loss of two classes, whose output is above 0 for the second
    for (let start = 0, at = row; start < outputs.length; start += width, at++) {
      const own = outputs.subarray(start, start + width);
      predicted[at] = width === 1 ? Number(own[0] > 0) : own.indexOf(Math.max(...own));
      if (names.length === 2) scores[at] = width === 1 ? own[0] : own[1] - own[0];
    }
  }
  return classesResult(test.y, { predicted, scores, names, majority: majorityClass(train), balanced });
}

/** Returns the measures of classes beside those of always saying the class `majority`. */
function classesResult(
  truth: ArrayLike<number>,
  by: {
    readonly predicted: Uint32Array;
    readonly scores: Float32Array;
    readonly names: readonly string[];
    readonly majority: number;
    readonly balanced: boolean;
  },
): ClassesResult {
  const { predicted, scores, names: classes, majority, balanced } = by;
  const report = classificationReport(truth, predicted, { classes });
  const { accuracy, balancedAccuracy } = classificationReport(truth, new Uint32Array(truth.length).fill(majority), {
    classes,
  });
  const name = balanced ? 'balancedAccuracy' : 'accuracy';
  const baseline = { class: classes[majority], accuracy, balancedAccuracy };
  return {
    ...report,
    rocAuc: classes.length === 2 ? rocAuc(truth, scores, { positive: 1 }) : null,
    confusion: classes.length > MOST_CLASSES_IN_FULL ? null : confusionMatrix(truth, predicted, { classes }).counts,
    confused: confusedPairs(truth, predicted, classes),
    baseline,
    beatsBaseline: report[name] > baseline[name],
  };
}

/** Returns the pairs of classes that were confused most often. */
function confusedPairs(truth: ArrayLike<number>, predicted: Uint32Array, names: readonly string[]): Confused[] {
  const counts = new Map<number, number>();
  for (const [i, guess] of predicted.entries()) {
    const pair = truth[i] * names.length + guess;
    if (truth[i] !== guess) counts.set(pair, (counts.get(pair) ?? 0) + 1);
  }
  const worst = [...counts].sort(([a, m], [b, n]) => n - m || a - b).slice(0, MOST_CONFUSED);
  return worst.map(([pair, count]) => ({
    truth: names[Math.floor(pair / names.length)],
    predicted: names[pair % names.length],
    count,
  }));
}

const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value / values.length, 0);

/** The outputs of some rows, from `row` on. */
interface Predicted {
  readonly row: number;
  readonly rows: number;
  readonly outputs: Float32Array;
}

/** Yields the outputs of all rows, some rows at a time. */
async function* predictions(trainer: Trainer, data: Dataset): AsyncGenerator<Predicted> {
  const rows = Math.max(1, Math.floor(MOST_NUMBERS / Math.max(data.features, data.classes ?? data.outputs)));
  for (let row = 0; row < data.examples; row += rows) {
    const { x, scale, offset, examples } = slice(data, row, Math.min(row + rows, data.examples));
    const numbers = x instanceof Uint8Array ? Float32Array.from(x, (value) => value * scale + offset) : x;
    yield { row, rows: examples, outputs: await trainer.predict(numbers) };
  }
}
