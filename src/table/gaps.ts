import { spellingOf } from './column.js';
import { listOf } from './header.js';
import { isMissing } from './number-format.js';
import { type FeaturePreparation, numbersOf } from './preparation.js';
import type { Table } from './table.js';

/** Returns a sentence for each way in which rows have no value of a column that a model knows; none if all have one. */
export function gapsOf(feature: FeaturePreparation, { columns, rows }: Table): string[] {
  const column = columns.find(({ name }) => name === feature.name);
  if (!column) return [];
  const { name } = feature;
  const texts = [...column.cells.distinct()].filter(([text]) => !isMissing(text));
  const present = texts.reduce((sum, [, count]) => sum + count, 0);
  const absent = rows - present;
  const sentences: string[] = [];
  if ('values' in feature) {
    const known = new Set(feature.values.map(spellingOf));
    const others = texts.filter(([text]) => !known.has(spellingOf(text)));
    if (others.length > 0) {
      const count = others.reduce((sum, [, count]) => sum + count, 0);
      const what = listOf(others.map(([text]) => text));
      sentences.push(`'${name}' has values that the model does not know in ${rowsInWords(count)}: ${what}`);
    }
    if (absent > 0) sentences.push(`'${name}' is missing in ${rowsInWords(absent)}`);
    return sentences;
  }
  const unread = numbersOf(column, feature).filter(Number.isNaN).length - absent;
  if (absent > 0) sentences.push(`'${name}' is missing in ${rowsInWords(absent)} and filled in`);
  if (unread > 0) {
    const what = feature.kind === 'number' ? 'a number' : `a date (${feature.dateFormat ?? 'year first'})`;
    sentences.push(`'${name}' is not ${what} in ${rowsInWords(unread)}, where it is filled in`);
  }
  return sentences;
}

/** Returns a number of rows as `1 row` or `1,200 rows`. */
export function rowsInWords(rows: number): string {
  return `${rows.toLocaleString('en')} ${rows === 1 ? 'row' : 'rows'}`;
}
