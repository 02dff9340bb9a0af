import { classificationReport, regressionReport, rocAuc, type TableColumn, type TrainedModel } from '../../index.js';
import { isGap } from '../../table/column.js';
import { listOf } from '../../table/header.js';
import { numbersOf } from '../../table/preparation.js';
import { classIndices } from '../../table/task.js';
import type { Fact } from '../terminal/lines.js';
import { count, percent, short } from '../terminal/numbers.js';
import type { Answers } from './answers.js';

/** The measures of predictions. */
export interface Measured {
  /** In words. */
  readonly lines: readonly Fact[];
  /** The numbers by name; missing if nothing can be measured. */
  readonly measures?: Readonly<Record<string, number | null>>;
}

/** Returns how good predictions are. @param truth the right answers */
export function measure(answers: Answers, truth: TableColumn | Uint32Array, { outputs }: TrainedModel): Measured {
  const { values, classes } = answers;
  if (!values) return nothing(`the model has ${count(outputs)} answers for each row, the file has one`);
  return classes ? measureClasses(answers, classes, truth) : measureNumbers(values as readonly number[], truth);
}

const nothing = (why: string): Measured => ({ lines: [['Measures', `none: ${why}`]] });

function measureClasses(
  { values = [], probabilities }: Answers,
  classes: readonly string[],
  truth: TableColumn | Uint32Array,
): Measured {
  const indices = truth instanceof Uint32Array ? truth : classIndices(truth, classes);
  const rows = Array.from(indices.keys()).filter((row) => classes[indices[row]] !== undefined);
  const skipped = [
    ...skippedLine(truth instanceof Uint32Array ? 0 : truth.missing, 'whose answer is missing'),
    ...unknownAnswers(truth, indices, classes),
  ];
  if (rows.length === 0) return nothing(skipped.join(', '));
  const names = rows.map((row) => classes[indices[row]]);
  const { accuracy, balancedAccuracy } = classificationReport(
    names,
    rows.map((row) => values[row] as string),
    { classes },
  );
  const auc: number | null =
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
  return {
    lines: [['Measures', parts.join(', ')]],
    measures: { rows: rows.length, accuracy, balancedAccuracy, rocAuc: auc },
  };
}

/** Returns in words that answers are none of the classes of the model; nothing if all are. */
function unknownAnswers(
  truth: TableColumn | Uint32Array,
  indices: ArrayLike<number>,
  classes: readonly string[],
): string[] {
  if (truth instanceof Uint32Array) return [];
  const unknown = new Set<string>();
  let rows = -truth.missing;
  for (let row = 0; row < indices.length; row++) {
    if (classes[indices[row]] !== undefined) continue;
    rows++;
    const text = truth.cells.text(row);
    if (!isGap(text, truth.kind)) unknown.add(text);
  }
  if (unknown.size === 0) return [];
  const which = `'${truth.name}' is ${listOf([...unknown])}, and the model knows ${listOf(classes)}`;
  return skippedLine(rows, `where ${which}`);
}

function measureNumbers(values: readonly number[], truth: TableColumn | Uint32Array): Measured {
  const targets = truth instanceof Uint32Array ? Float64Array.from(truth) : numbersOf(truth, { kind: 'number' });
  const rows = Array.from(targets.keys()).filter((row) => !Number.isNaN(targets[row]));
  const skipped = skippedLine(targets.length - rows.length, 'whose answer is missing');
  if (rows.length === 0) return nothing(skipped.join(', '));
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
  return { lines: [['Measures', parts.join(', ')]], measures: { rows: rows.length, rmse, mae, r2 } };
}

const skippedLine = (rows: number, why: string) => (rows === 0 ? [] : [`${rowsInWords(rows)} left out, ${why}`]);

const rowsInWords = (rows: number) => `${count(rows)} ${rows === 1 ? 'row' : 'rows'}`;
