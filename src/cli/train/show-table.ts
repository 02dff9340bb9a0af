import { type Fact, textTable } from '../terminal/lines.js';
import { count, percent, short } from '../terminal/numbers.js';
import { cut } from './table.js';
import type { ClassesResult, NumberResult, TableResult } from './table-result.js';

/** Returns the measures of a table in words. */
export function tableLines({ target, testExamples, testLoss, classes, number }: TableResult): Fact[] {
  const rows = `on ${count(testExamples)} ${testExamples === 1 ? 'row' : 'rows'} never used to choose anything`;
  if (classes) return classLines(classes, testLoss, rows);
  return number ? numberLines(number, target, rows) : [];
}

function classLines(classes: ClassesResult, loss: number, rows: string): Fact[] {
  return [['Test', `accuracy ${percent(classes.accuracy)}, loss ${short(loss)}, ${rows}`], ...balanceLines(classes)];
}

/** Returns the measures in which classes count alike, and the baseline. */
export function balanceLines({ balancedAccuracy, macro, rocAuc, baseline, beatsBaseline }: ClassesResult): Fact[] {
  const auc = rocAuc === null ? '' : `; area under the ROC curve ${rocAuc.toFixed(3)}`;
  return [
    ['Balanced', `accuracy ${percent(balancedAccuracy)}, F1 ${macro.f1.toFixed(3)}, as means over the classes${auc}`],
    [
      'Baseline',
      `always ${baseline.class}: accuracy ${percent(baseline.accuracy)}, balanced ` +
        `${percent(baseline.balancedAccuracy)}${beatsBaseline ? '' : VERDICT}`,
    ],
  ];
}

const VERDICT = '. The model is no better than that';
const WORSE_THAN_CONSTANT = '. R² is below 0: the model is no better than always saying one number';

function numberLines({ rmse, mae, r2, baseline, beatsBaseline }: NumberResult, target: string, rows: string): Fact[] {
  const explained =
    r2 === null
      ? ', all targets are equal'
      : r2 < 0
        ? `, R² ${short(r2)}`
        : `, ${percent(r2)} of the variance explained`;
  return [
    ['Test', `error of ${target} ${short(rmse)} (root mean square), ${short(mae)} (mean)${explained}, ${rows}`],
    [
      'Baseline',
      `always the ${baseline.always}: error ${short(baseline.rmse)} (root mean square), ${short(baseline.mae)} (mean)` +
        (beatsBaseline ? '' : rmse < baseline.rmse ? WORSE_THAN_CONSTANT : VERDICT),
    ],
  ];
}

/** More classes than this are not shown as a matrix. */
const MOST_SHOWN = 10;
const NAME_WIDTH = 16;

/** Returns the confusion matrix as lines that fit; of many classes, those that were confused most often. */
export function confusionLines({ classes, confusion, confused }: ClassesResult, columns: number): string[] {
  if (confusion && classes.length <= MOST_SHOWN) {
    const head = [
      'true \\ predicted',
      ...classes.map(({ name }) => cut(name, NAME_WIDTH)),
      'precision',
      'recall',
      'F1',
    ];
    const rows = classes.map(({ name, precision, recall, f1 }, i) => {
      const measures = [percent(precision), percent(recall), f1.toFixed(3)];
      return [cut(name, NAME_WIDTH), ...confusion[i].map((n) => (n === 0 ? '·' : count(n))), ...measures];
    });
    const lines = textTable([head, ...rows], (column) => column > 0);
    if (Math.max(...lines.map(({ length }) => length)) <= columns) return lines;
  }
  if (confused.length === 0) return [];
  const rows = confused.map(({ truth, predicted, count: n }) => [
    cut(truth, NAME_WIDTH),
    cut(predicted, NAME_WIDTH),
    count(n),
  ]);
  return textTable([['true', 'predicted', 'rows'], ...rows], (column) => column === 2);
}
