import type { Dataset, Trainer } from '../../index.js';
import { regressionReport } from '../../metrics/regression-report.js';
import type { Fact } from '../terminal/lines.js';
import { count, percent, short } from '../terminal/numbers.js';
import { type ColumnFacts, columnFacts, type TableData } from './table.js';

/** The measures of a model of a table, on rows that were never used to choose, beside those of its baseline. */
export interface TableResult {
  readonly columns: readonly ColumnFacts[];
  readonly notes: readonly string[];
  readonly target: string;
  readonly testExamples: number;
  readonly testLoss: number;
  /** The share of right classes; the baseline always says the commonest class of the training rows. Absent for numbers. */
  readonly accuracy?: number;
  readonly baseline?: { readonly class: string; readonly accuracy: number };
  /** Of numbers alone: errors in the file's units, and the share of variance explained, null if all targets are equal. */
  readonly rmse?: number;
  readonly mae?: number;
  readonly r2?: number | null;
  /** The root mean squared error of the training mean, which is the baseline. */
  readonly baselineRmse?: number;
}

/** Measures a trained model on the test rows of its table. */
export async function measureTable(trainer: Trainer, data: TableData): Promise<TableResult> {
  const { test, notes, task, preparation } = data;
  const made = {
    columns: columnFacts(data),
    notes: [...data.table.notes, ...notes],
    target: task.target.name,
    testExamples: test.examples,
  };
  const { loss, accuracy } = await trainer.evaluate(test);
  if ('classes' in preparation.target) {
    const { index, share } = majority(data.train, test);
    const baseline = { class: preparation.target.classes[index], accuracy: share };
    return { ...made, testLoss: loss, accuracy, baseline };
  }
  const { deviation } = preparation.target;
  const outputs = await trainer.predict(test.x as Float32Array);
  const inUnits = (values: ArrayLike<number>) => Float64Array.from(values, (value) => value * deviation);
  const { rmse, mae, r2 } = regressionReport(inUnits(test.y), inUnits(outputs));
  return {
    ...made,
    testLoss: loss,
    rmse,
    mae,
    r2,
    baselineRmse: rootMeanSquare(Array.from(test.y, (y) => y * deviation)), // standardised: the training mean is 0
  };
}

/** Returns the commonest class of the training rows, and its share of the test rows. */
function majority(train: Dataset, test: Dataset): { index: number; share: number } {
  const counts = new Uint32Array(train.classes ?? 0);
  for (const label of train.y) counts[label]++;
  const index = counts.indexOf(Math.max(...counts));
  return { index, share: Array.from(test.y).filter((label) => label === index).length / test.examples };
}

function rootMeanSquare(values: readonly number[]): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);
}

/** Returns the measures in words. */
export function tableLines({
  target,
  testExamples,
  testLoss,
  accuracy,
  baseline,
  rmse,
  mae,
  r2,
  baselineRmse,
}: TableResult): Fact[] {
  const rows = `on ${count(testExamples)} ${testExamples === 1 ? 'row' : 'rows'} never used to choose anything`;
  if (accuracy !== undefined && baseline) {
    const verdict = accuracy > baseline.accuracy ? '' : ': no better than that';
    return [
      ['Test', `accuracy ${percent(accuracy)}, loss ${short(testLoss)}, ${rows}`],
      ['Baseline', `always ${baseline.class}: accuracy ${percent(baseline.accuracy)}${verdict}`],
    ];
  }
  if (rmse === undefined || mae === undefined || baselineRmse === undefined) return [];
  const explained = r2 === null || r2 === undefined || r2 < 0 ? '' : `, ${percent(r2)} of the variance explained`;
  const verdict = rmse < baselineRmse ? '' : ': no better than that';
  return [
    ['Test', `error of ${target} ${short(rmse)} (root mean square), ${short(mae)} (mean)${explained}, ${rows}`],
    ['Baseline', `always the mean: error ${short(baselineRmse)}${verdict}`],
  ];
}
