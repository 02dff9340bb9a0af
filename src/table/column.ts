import { atOnce } from '../promises/turns.js';
import type { Cells, PackedCells } from './cells.js';
import { countDistinct } from './count-distinct.js';
import { DATE_FORMATS, type DateFormat, parseDate, showDate, sinceEpoch } from './date-format.js';
import {
  type Commas,
  isClock,
  isMissing,
  type NumberFormat,
  numberFormatOf,
  parseNumber,
  showClock,
} from './number-format.js';
import { spellingOf, yesNoOf } from './spellings.js';

/**
 * The kind of a column, judged by all of its values: `text` has about as many different values as rows, `index` counts the
 * rows, `constant` and `empty` have one value and none. Only the first four can be learned from.
 */
export type ColumnKind = 'number' | 'category' | 'yes/no' | 'date' | 'text' | 'index' | 'constant' | 'empty';

/** A column of a table, as it is understood. */
export interface TableColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  /** Rows without a value. */
  readonly missing: number;
  /** Different values, the missing one aside. */
  readonly distinct: number;
  /** The smallest and the largest value of numbers and dates (in days from 1970-01-01). */
  readonly range?: readonly [min: number, max: number];
  /** The values of a category, most frequent first; those that differ only by case and blanks are one. */
  readonly values?: readonly string[];
  /** The way in which numbers are written. */
  readonly format?: NumberFormat;
  readonly dateFormat?: DateFormat;
  /** Facts that a person should know. */
  readonly notes: readonly string[];
  readonly cells: Cells;
}

/** Texts that are judged at once, and numbers: a few milliseconds of work. */
const [PIECE, LONG_PIECE] = [2 ** 12, 2 ** 16];

/** A category has at most so many values. */
export const MOST_VALUES = 100;
/** The share of values that must be numbers in a column of numbers; the others are read as missing. */
const NUMBERS_SHARE = 0.9;
/** So many different numbers are measured, and no codes beside codes with letters. */
const MANY_NUMBERS = 20;

/** A column with more different texts than this share of its rows says little about any of them. */
const TEXT_SHARE = 0.7;

/** Names of columns that number the rows, such as `id`, `PassengerId` and `row_id`. */
const INDEX_NAME = /^(id|index|idx|row|rownames?|unnamed.*|no\.?|nr\.?|#|.*[ _.-]id)?$/i;
const INDEX_ENDING = /[a-z]I[dD]$/;

/** Returns a column as all its values show it. @param commas the odds that the file has decimal commas */
export function judgeColumn(name: string, cells: Cells, commas?: Commas): TableColumn {
  return atOnce(judging(name, cells, commas));
}

/** Returns a column as `judgeColumn` does. Yields in between if it is long, so that a caller may let others run. */
export function* judging(name: string, cells: Cells, commas?: Commas): Generator<void, TableColumn, void> {
  const { packed } = cells;
  const found = packed && !cells.overflows ? yield* packedColumn(name, cells, packed) : undefined;
  if (found) return found;
  const all = yield* cells.counting();
  yield;
  const counted = all.filter(([text]) => !isMissing(text));
  yield;
  const texts = counted.map(([text]) => text);
  const present = counted.reduce((sum, [, count]) => sum + count, 0);
  const missing = cells.rows - present;
  const made = { name, missing, distinct: texts.length, notes: [], cells };
  if (present === 0) return { ...made, kind: 'empty' };
  if (cells.overflows) return { ...made, kind: 'text' };
  yield;
  const format = numberFormatOf(texts, commas);
  yield;
  const others = format && counted.filter(([text]) => parseNumber(text, format) === undefined);
  const odd = others?.reduce((sum, [, count]) => sum + count, 0) ?? present;
  if (format && areNumbers({ numbers: texts.length - (others?.length ?? 0), odd, present }, others ?? [])) {
    const values = texts.flatMap((text) => parseNumber(text, format) ?? []);
    const inOrder = texts.length === cells.rows && isCounting(values);
    const column = { ...made, missing: missing + odd, range: rangeOf(values) };
    return numberColumn(column, format, inOrder, others?.map(([text]) => text) ?? []);
  }
  const dates = yield* datesOf(counted, (1 - NUMBERS_SHARE) * present);
  if (dates && texts.length > 1) {
    const { dateFormat, days, odd } = dates;
    const rows = odd.reduce((sum, [, count]) => sum + count, 0);
    const notes =
      odd.length === 0
        ? []
        : [
            readAsMissing(
              'dates',
              odd.map(([text]) => text),
            ),
          ];
    return { ...made, missing: missing + rows, kind: 'date', dateFormat, range: rangeOf(days), notes };
  }
  const words = all.filter(([text]) => !isGap(text, 'category'));
  yield;
  const nones = words.reduce((sum, [, count]) => sum + count, 0) - present;
  const note = nones > 0 ? ["'none' is a value like others, not a missing one"] : [];
  return yield* categoryColumn({ ...made, missing: missing - nones, notes: note }, words, present + nones);
}

/**
 * Returns true if a column of some texts that are no numbers is one of numbers: if they are few, or if they are a word or two
 * that stand for a missing one, such as `unknown`.
 * @param numbers how many different ones there are
 */
function areNumbers(
  { numbers, odd, present }: Readonly<Record<'numbers' | 'odd' | 'present', number>>,
  others: Counted,
): boolean {
  if (odd <= (1 - NUMBERS_SHARE) * present) return true;
  if (odd > present / 2 || numbers < MANY_NUMBERS) return false;
  return new Set(others.map(([text]) => spellingOf(text))).size <= 2;
}

/** Returns true if a cell of a column of this kind holds no value: among texts, `none` is a value. */
export function isGap(text: string, kind: ColumnKind): boolean {
  const isText = kind === 'category' || kind === 'text';
  return isMissing(text) && !(isText && text.toLowerCase() === 'none');
}

type Made = Omit<TableColumn, 'kind'>;
type Counted = readonly (readonly [text: string, rows: number])[];

/** Returns the dates of a column and the texts that are none, of which there may be `most` rows; undefined for no dates. */
function* datesOf(counted: Counted, most: number) {
  let best: { dateFormat: DateFormat; odd: Counted; days: readonly number[] } | undefined;
  for (const dateFormat of DATE_FORMATS) {
    const odd: Counted[number][] = [];
    const days: number[] = [];
    let rows = 0;
    for (const [i, each] of counted.entries()) {
      const day = parseDate(each[0], dateFormat);
      if (day !== undefined) days.push(day);
      else {
        odd.push(each);
        rows += each[1];
        if (rows > most) break;
      }
      if (i % PIECE === PIECE - 1) yield;
    }
    const isBetter = rows <= most && days.length > 0 && odd.length < (best?.odd.length ?? counted.length);
    if (isBetter) best = { dateFormat, odd, days };
  }
  return best;
}

function readAsMissing(what: string, odd: readonly string[]): string {
  const shown = odd.slice(0, 3).map((text) => JSON.stringify(text));
  return `values that are not ${what} are read as missing: ${shown.join(', ')}${odd.length > 3 ? ', ...' : ''}`;
}

/** Returns a long column as its numbers show it, without a text for each; undefined if too many cells are none. */
function* packedColumn(
  name: string,
  cells: Cells,
  packed: PackedCells,
): Generator<void, TableColumn | undefined, void> {
  const { odd, format, dateFormat } = packed;
  const { values: all } = packed;
  const known = new Float64Array(all.length);
  let count = 0;
  let inOrder = true;
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let start = 0; start < all.length; start += LONG_PIECE) {
    yield;
    for (const value of all.subarray(start, start + LONG_PIECE)) {
      if (Number.isNaN(value)) continue;
      if (value < min) min = value;
      if (value > max) max = value;
      inOrder &&= count === 0 || value === known[count - 1] + 1;
      known[count++] = value;
    }
  }
  const values = known.subarray(0, count);
  const others = [...new Set(odd)];
  const counts = { numbers: MANY_NUMBERS, odd: odd.length, present: count + odd.length };
  const areOthers = others.map((text) => [text, 1] as const);
  if (dateFormat ? odd.length > 0 : !areNumbers(counts, areOthers)) return undefined;
  const missing = cells.rows - values.length;
  const distinct = (yield* countDistinct(values)) + others.length;
  const range: [number, number] = [min, max];
  const made = { name, missing, distinct, notes: [], cells, range };
  if (dateFormat) return { ...made, kind: 'date', dateFormat };
  return format && numberColumn(made, format, inOrder, others);
}

/** @param inOrder true if each value is the one before it and 1 */
function numberColumn(
  made: Made & { readonly range: readonly [number, number] },
  format: NumberFormat,
  inOrder: boolean,
  odd: readonly string[],
): TableColumn {
  const { name, cells, missing, distinct, range } = made;
  const notes: string[] = [];
  if (odd.length > 0) {
    notes.push(readAsMissing('numbers', odd));
  }
  if (format.doubtful) {
    const thousand = format.decimal === '.' ? '1,234 is read as 1234' : '1,234 is read as 1.234';
    notes.push(thousand);
  }
  if (isClock(format)) notes.push('clock times are read as hours: 20:30 is 20.5');
  const epoch = sinceEpoch(name, range);
  if (epoch) {
    const days = epoch.days.map(showDate).join(' to ');
    notes.push(`may be ${epoch.unit} since 1970 (${days}), and is a number like others`);
  }
  const column = { ...made, format: { ...format, sure: format.sure || cells.holdsNumbers }, notes };
  if (range[0] === range[1]) return { ...column, kind: 'constant' };
  const counts =
    missing === 0 && distinct === cells.rows && distinct > 1 && (INDEX_NAME.test(name) || INDEX_ENDING.test(name));
  return { ...column, kind: counts && inOrder ? 'index' : 'number' };
}

/** Returns true if each value is the one before it and 1. */
function isCounting(values: readonly number[]): boolean {
  return values.every((value, i) => i === 0 || value === values[i - 1] + 1);
}

function* categoryColumn(made: Made, counted: Counted, present: number): Generator<void, TableColumn, void> {
  // The commonest spelling gives its name to all that differ only by case and blanks.
  const groups = new Map<string, { name: string; most: number; count: number; spellings: number }>();
  for (const [i, [text, count]] of counted.entries()) {
    if (i % PIECE === PIECE - 1) yield;
    const spelling = spellingOf(text);
    const group = groups.get(spelling) ?? { name: text, most: 0, count: 0, spellings: 0 };
    groups.set(spelling, {
      name: count > group.most ? text : group.name,
      most: Math.max(count, group.most),
      count: group.count + count,
      spellings: group.spellings + 1,
    });
  }
  yield;
  const all = [...groups.values()].sort((a, b) => b.count - a.count);
  yield;
  const notes = [...made.notes];
  const merged = all.filter(({ spellings }) => spellings > 1).map(({ name }) => name);
  if (merged.length > 0)
    notes.push(`spellings that differ only by case and blanks are one value: ${merged.slice(0, 3).join(', ')}`);
  const column = { ...made, distinct: all.length, notes };
  if (all.length === 1) return { ...column, kind: 'constant', values: [all[0].name] };
  const yesNo = yesNoOf(new Map([...groups].map(([spelling, { name }]) => [spelling, name])));
  if (yesNo) {
    if (all.length > 2) notes.push(`${[...groups.keys()].sort().join(', ')} all mean yes or no`);
    return { ...column, kind: 'yes/no', distinct: 2, values: yesNo };
  }
  const values = all.map(({ name }) => name);
  if (all.length > Math.max(2, TEXT_SHARE * present)) return { ...column, kind: 'text', values };
  return { ...column, kind: 'category', values };
}

function rangeOf(values: ArrayLike<number>): [number, number] {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    if (values[i] < min) min = values[i];
    if (values[i] > max) max = values[i];
  }
  return [min, max];
}

/** Returns the values of a column in words: `1.5 to 9`, `2020-01-05 to 2021-03-01`, `red, blue`. */
export function valuesInWords({ kind, range, values, dateFormat, format }: TableColumn): string {
  if (kind === 'constant' && range) return `always ${range[0]}`;
  if (kind === 'constant' && values) return `always ${values[0]}`;
  const show = dateFormat ? showDate : isClock(format) ? showClock : String;
  if (range) return range.map((value) => show(value)).join(' to ');
  if (!values) return '';
  return values.length > 6 ? `${values.slice(0, 5).join(', ')}, ...` : values.join(', ');
}
