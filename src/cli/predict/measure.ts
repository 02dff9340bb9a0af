import { classificationReport, regressionReport, rocAuc, type TableColumn, type TrainedModel } from '../../index.js';
import { numbersOf } from '../../table/preparation.js';
import { classIndices } from '../../table/task.js';
import type { Fact } from '../terminal/lines.js';
import { count, percent, short } from '../terminal/numbers.js';
import type { Answers } from './answers.js';

/** Returns how good predictions are, in words. @param truth the right answers */
export function measureLines(answers: Answers, truth: TableColumn | Uint32Array, { outputs }: TrainedModel): Fact[] {
  const { values, classes } = answers;
  if (!values) return [['Measures', `none: the model has ${count(outputs)} answers for each row, the file has one`]];
  return classes ? classLines(answers, classes, truth) : numberLines(values as readonly number[], truth);
}

function classLines(
  { values = [], probabilities }: Answers,
  classes: readonly string[],
  truth: TableColumn | Uint32Array,
): Fact[] {
  const indices = truth instanceof Uint32Array ? truth : classIndices(truth, classes);
  const rows = Array.from(indices.keys()).filter((row) => classes[indices[row]] !== undefined);
  const skipped = skippedLine(indices.length - rows.length, 'whose answer is missing, or none of the classes');
  if (rows.length === 0) return [['Measures', `none: ${skipped.join()}`]];
  const names = rows.map((row) => classes[indices[row]]);
  const { accuracy, balancedAccuracy } = classificationReport(
    names,
    rows.map((row) => values[row] as string),
    { classes },
  );
  const auc =
    classes.length === 2 && probabilities
      ? rocAuc(
          names,
          rows.map((row) => probabilities[2 * row + 1]),
          { positive: classes[1] },
        )
      : null;
  const parts = [
    `accuracy ${percent(accuracy)}, balanced over classes ${percent(balancedAccuracy)}`,
    ...(auc === null ? [] : [`ROC AUC ${short(auc)}`]),
    `on ${rowsInWords(rows.length)}`,
    ...skipped,
  ];
  return [['Measures', parts.join(', ')]];
}

function numberLines(values: readonly number[], truth: TableColumn | Uint32Array): Fact[] {
  const targets = truth instanceof Uint32Array ? Float64Array.from(truth) : numbersOf(truth, { kind: 'number' });
  const rows = Array.from(targets.keys()).filter((row) => !Number.isNaN(targets[row]));
  const skipped = skippedLine(targets.length - rows.length, 'whose answer is missing');
  if (rows.length === 0) return [['Measures', `none: ${skipped.join()}`]];
  const { rmse, mae, r2 } = regressionReport(
    rows.map((row) => targets[row]),
    rows.map((row) => values[row]),
  );
  const parts = [
    `error ${short(rmse)} (root mean square), ${short(mae)} (mean)`,
    ...(r2 === null ? [] : [`R² ${short(r2)}`]),
    `on ${rowsInWords(rows.length)}`,
    ...skipped,
  ];
  return [['Measures', parts.join(', ')]];
}

const skippedLine = (rows: number, why: string) => (rows === 0 ? [] : [`${rowsInWords(rows)} left out, ${why}`]);

const rowsInWords = (rows: number) => `${count(rows)} ${rows === 1 ? 'row' : 'rows'}`;
