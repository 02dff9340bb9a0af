import { figure, paragraph, type Shaded, shadedTable, wideTable } from '../charts/html.js';
import { svgScatter } from '../charts/svg-scatter.js';
import { count, percent } from '../terminal/numbers.js';
import type { ClassesResult, NumberResult, TableResult } from './table-result.js';

/** More classes than this are not shown as a matrix. */
const MOST_IN_MATRIX = 30;
/** More classes than this are not listed one by one. */
const MOST_LISTED = 100;

/** Returns the part of the report that is for a table: the confusion matrix or predicted against true numbers. */
export function measuresHtml({ target, classes, number }: TableResult): string {
  if (classes) return classesHtml(classes);
  return number ? numberHtml(number, target) : '';
}

function numberHtml({ pairs, examples }: NumberResult, target: string): string {
  const shown = pairs.length < examples ? `the first ${count(pairs.length)} rows of the test` : 'the rows of the test';
  return `<h2>Predicted against true</h2>
${paragraph(`${target} in ${shown}. On the dashed line both are equal.`)}
${figure('', svgScatter({ title: `Predicted against true ${target}`, x: 'true', y: 'predicted', points: pairs }))}`;
}

/** Returns the confusion matrix, or of many classes those that were confused most often. */
export function classesHtml({ classes, confusion, confused, examples }: ClassesResult): string {
  const measures = classes.map(({ precision, recall, f1, support }) => [
    percent(precision),
    percent(recall),
    f1.toFixed(3),
    count(support),
  ]);
  const head = ['precision', 'recall', 'F1', 'rows'];
  if (confusion && classes.length <= MOST_IN_MATRIX) {
    const rows = classes.map(({ name, support }, i): Shaded[] => [
      { text: name },
      ...confusion[i].map((n, j): Shaded => ({ text: count(n), share: n / (support || 1), isRight: i === j })),
      ...measures[i].map((text) => ({ text })),
    ]);
    return `<h2>Confusion matrix</h2>
${paragraph(`The ${count(examples)} rows of the test by true class (lines) and predicted class (columns). The shade is the share of the line.`)}
${shadedTable(['true \\ predicted', ...classes.map(({ name }) => name), ...head], rows)}`;
  }
  const pairs = confused.map(({ truth, predicted, count: n }) => [truth, predicted, count(n)]);
  const listed = classes.slice(0, MOST_LISTED).map(({ name }, i) => [name, ...measures[i]]);
  const more =
    classes.length > MOST_LISTED ? `${paragraph(`The first ${MOST_LISTED} of ${count(classes.length)}.`)}\n` : '';
  return `<h2>Classes that were confused most often</h2>
${wideTable([['true', 'predicted', 'rows'], ...pairs])}
<h2>Classes</h2>
${more}${wideTable([['class', ...head], ...listed])}`;
}

/** Returns the part of the report about the columns of a table. */
export function columnsHtml({ columns, notes }: TableResult): string {
  const rows = columns.map(({ column, kind, missing, values, use }) => [column, kind, count(missing), values, use]);
  const head = ['column', 'kind', 'missing', 'values', 'use'];
  return ['<h2>Columns</h2>', ...notes.map((note) => paragraph(note)), wideTable([head, ...rows], 'left')].join('\n');
}
