import { atOnce, inPieces } from '../promises/turns.js';
import { listOf } from './header.js';
import { isMissing, openText, parseNumber } from './number-format.js';
import { type FeaturePreparation, readingNumbers, styleIn } from './preparation.js';
import { spellingOf, yesNoSpellings } from './spellings.js';
import type { Table } from './table.js';

/**
 * Returns a sentence for each way in which rows have no value of a column that a model knows, and one if the file leaves open
 * how its numbers are written; none if there is nothing to say.
 */
export function gapsOf(feature: FeaturePreparation, table: Table): string[] {
  return atOnce(findingGaps(feature, table));
}

/** Returns what `gapsOf` returns; yields wherever a caller may let others run. */
export function* findingGaps(feature: FeaturePreparation, { columns, rows }: Table): Generator<void, string[], void> {
  const column = columns.find(({ name }) => name === feature.name);
  if (!column) return [];
  const { name } = feature;
  const sentences: string[] = [];
  const known = new Set('values' in feature ? spellingsOf(feature) : []);
  const texts = (yield* column.cells.counting()).filter(([text]) => !isMissing(text) || known.has(spellingOf(text)));
  const absent = rows - texts.reduce((sum, [, count]) => sum + count, 0);
  if ('values' in feature) {
    const others = texts.filter(([text]) => !known.has(spellingOf(text)));
    if (others.length > 0) {
      const count = others.reduce((sum, [, count]) => sum + count, 0);
      const what = listOf(others.map(([text]) => text));
      sentences.push(`'${name}' has values that the model does not know in ${rowsInWords(count)}: ${what}`);
    }
    if (absent > 0) sentences.push(`'${name}' is missing in ${rowsInWords(absent)}`);
    return sentences;
  }
  const numbers = yield* readingNumbers(column, feature);
  let unread = -absent;
  yield* inPieces(rows, (start, end) => {
    for (let row = start; row < end; row++) if (Number.isNaN(numbers[row])) unread++;
  });
  if (absent > 0) sentences.push(`'${name}' is missing in ${rowsInWords(absent)} and filled in`);
  if (unread > 0) {
    const what = feature.kind === 'number' ? 'a number' : `a date (${feature.dateFormat ?? 'year first'})`;
    sentences.push(`'${name}' is not ${what} in ${rowsInWords(unread)}, where it is filled in`);
  }
  if (feature.kind === 'number' && !column.format?.sure && !column.cells.holdsNumbers) {
    const words = texts.map(([text]) => text);
    const style = styleIn(words, column, feature);
    const open = openText(words, style);
    const why = style === feature.format ? ', as in the training file' : '';
    if (open !== undefined) sentences.push(`'${name}': ${open} is read as ${parseNumber(open, style)}${why}`);
  }
  return sentences;
}

/** Returns all spellings of the values that a model knows. */
function spellingsOf({ kind, values }: Extract<FeaturePreparation, { kind: 'category' | 'yes/no' }>): string[] {
  return kind === 'yes/no' ? yesNoSpellings(values).flat() : values.map(spellingOf);
}

/** Returns a sentence about the columns of a table that a model does not use; none if it uses all. */
export function unusedColumns({ columns }: Table, used: ReadonlySet<string>): string[] {
  const others = columns.map(({ name }) => name).filter((name) => !used.has(name));
  if (others.length === 0) return [];
  const isOne = others.length === 1;
  const which = `${others.length.toLocaleString('en')} ${isOne ? 'column' : 'columns'} that the model does not know`;
  return [`${which} ${isOne ? 'is' : 'are'} not used: ${listOf(others)}`];
}

/** Returns a number of rows as `1 row` or `1,200 rows`. */
export function rowsInWords(rows: number): string {
  return `${rows.toLocaleString('en')} ${rows === 1 ? 'row' : 'rows'}`;
}
