import { EngineError } from '../errors/engine-error.js';
import { atOnce, inPieces } from '../promises/turns.js';
import { type ColumnKind, MOST_VALUES, type TableColumn } from './column.js';
import { type DateFormat, dateFormatOf, parseDate } from './date-format.js';
import { listOf } from './header.js';
import { isMissing, type NumberStyle, numberFormatOf, PLAIN_STYLE, parseNumber } from './number-format.js';
import { sort } from './sort.js';
import { spellingOf, yesNoNumber, yesNoSpellings } from './spellings.js';
import { findingFar, quantile, spreadOf } from './spread.js';
import type { Table } from './table.js';

/** The way in which a column becomes inputs of a network; fitted on training rows, and kept as plain data. */
export type FeaturePreparation =
  | {
      readonly name: string;
      readonly kind: 'number' | 'date';
      /** An input is (value - mean) / deviation, at most 20 in size. */
      readonly mean: number;
      readonly deviation: number;
      /** Stands in for a missing value. */
      readonly fill: number;
      /** True: one more input is 1 where the value is missing. */
      readonly indicator: boolean;
      /** The way in which the numbers were written, unless it was plain: one row alone does not tell 1,234 from 1.234. */
      readonly format?: NumberStyle;
      /** The order of day, month and year. */
      readonly dateFormat?: DateFormat;
      /** True for numbers that were all 0 or 1: words for no and yes are read, too. */
      readonly binary?: boolean;
    }
  | {
      readonly name: string;
      /** One input is 1 for each value, and the last one for all others and for missing ones. */
      readonly kind: 'category';
      readonly values: readonly string[];
    }
  | {
      readonly name: string;
      /** One input: 0 for the first value, 1 for the second, 0.5 for others and for missing ones. */
      readonly kind: 'yes/no';
      readonly values: readonly [no: string, yes: string];
    };

/**
 * The rows to test with: random ones; the last ones of the table; or those with the greatest values of a column of dates
 * or numbers. The rows to choose by are those before them.
 */
export type Split = 'random' | 'last' | { readonly by: string };

/** The preparation of rows for a network: plain data, which a model's file can keep. */
export interface Preparation {
  readonly features: readonly FeaturePreparation[];
  readonly target:
    | { readonly name: string; readonly classes: readonly string[] }
    /** A prediction in the file's units is output * deviation + mean. */
    | { readonly name: string; readonly mean: number; readonly deviation: number };
  /** The rows that were held out, unless they were random: training that goes on holds out the same. */
  readonly split?: Exclude<Split, 'random'>;
}

export interface PreparationOptions {
  /** Stand-in for missing numbers. Default 'median'. */
  missing?: 'median' | 'mean' | undefined;
  /** False: numbers stay as they are. Default true. */
  standardize?: boolean | undefined;
}

/** The largest size of a prepared number: an outlier must not drown all other values. */
export const LARGEST = 20;

/**
 * Returns the preparation of a column, fitted on the given rows; yields wherever a caller may let others run.
 * @param notes gets a sentence if some values are far from the others
 */
export function* fitPreparation(
  column: TableColumn,
  rows: Uint32Array,
  { missing = 'median', standardize = true }: PreparationOptions = {},
  notes: string[] = [],
): Generator<void, FeaturePreparation, void> {
  const { name, kind, values = [] } = column;
  if (kind === 'category') return { name, kind, values: values.slice(0, MOST_VALUES) };
  if (kind === 'yes/no') return { name, kind, values: [values[0], values[1]] };
  const all = yield* readingNumbers(column);
  const known = yield* sort(yield* knownOf(all, rows));
  if (kind !== 'date') notes.push(...(yield* findingFar(name, all, known)));
  const { mean, deviation } = yield* spreadOf(known);
  const median = quantile(known, 0.5);
  return {
    name,
    kind: kind === 'date' ? 'date' : 'number',
    mean: standardize ? mean : 0,
    deviation: standardize && deviation > 0 ? deviation : 1,
    fill: missing === 'mean' ? mean : median,
    indicator: column.missing > 0,
    ...styleOf(column),
    ...(kind === 'number' && column.distinct === 2 && column.range?.join() === '0,1' && { binary: true }),
  };
}

/** Returns the numbers of some rows, without those that are missing. */
export function* knownOf(all: Float64Array, rows: Uint32Array): Generator<void, Float64Array, void> {
  const known = new Float64Array(rows.length);
  let count = 0;
  yield* inPieces(rows.length, (start, end) => {
    for (let i = start; i < end; i++) {
      const value = all[rows[i]];
      if (!Number.isNaN(value)) known[count++] = value;
    }
  });
  return known.subarray(0, count);
}

/** Returns the way in which a column is written, where it is not the plain one. */
function styleOf({ kind, format, dateFormat }: TableColumn): { format?: NumberStyle; dateFormat?: DateFormat } {
  if (kind === 'date') return dateFormat ? { dateFormat } : {};
  if (!format) return {};
  const { decimal, grouped, unit } = format;
  return decimal === '.' && grouped === '' && unit === '' ? {} : { format: { decimal, grouped, unit } };
}

/** Returns the inputs [rows, width] of a table, row-major. @throws EngineError of kind `data` naming all columns that are missing */
export function encodeFeatures(
  preparation: readonly FeaturePreparation[],
  table: Table,
  where = 'table',
): Float32Array {
  return atOnce(encoding(preparation, table, where));
}

/** Returns what `encodeFeatures` returns; yields wherever a caller may let others run. @param done called after each column */
export function* encoding(
  preparation: readonly FeaturePreparation[],
  table: Table,
  where = 'table',
  done = () => {},
): Generator<void, Float32Array, void> {
  const columns = new Map(table.columns.map((column) => [column.name, column]));
  const absent = preparation.map(({ name }) => name).filter((name) => !columns.has(name));
  if (absent.length > 0) {
    throw new EngineError(
      'data',
      `${where}: ${absent.length === 1 ? 'the column' : 'the columns'} ${listOf(absent)} ${absent.length === 1 ? 'is' : 'are'} missing; columns: ${listOf([...columns.keys()])}`,
    );
  }
  const width = featureNames(preparation).length;
  const x = new Float32Array(table.rows * width);
  let start = 0;
  for (const feature of preparation) {
    const column = columns.get(feature.name) as TableColumn;
    yield* writeFeature(feature, column, x.subarray(start), width);
    start += widthOf(feature);
    done();
  }
  return x;
}

/** Returns the names of the inputs, in order. */
export function featureNames(preparation: readonly FeaturePreparation[]): string[] {
  return preparation.flatMap((feature) => {
    const { name } = feature;
    if (feature.kind === 'category')
      return [...feature.values.map((value) => `${name} = ${value}`), `${name} = (other)`];
    if (feature.kind === 'yes/no') return [name];
    return feature.indicator ? [name, `${name} is missing`] : [name];
  });
}

function widthOf(feature: FeaturePreparation): number {
  if (feature.kind === 'category') return feature.values.length + 1;
  return feature.kind !== 'yes/no' && feature.indicator ? 2 : 1;
}

/** Writes the inputs of one column; rows of `x` are `width` apart. */
function* writeFeature(
  feature: FeaturePreparation,
  column: TableColumn,
  x: Float32Array,
  width: number,
): Generator<void, void, void> {
  const { rows } = column.cells;
  const eachRow = (write: (row: number) => void) =>
    inPieces(rows, (start, end) => {
      for (let row = start; row < end; row++) write(row);
    });
  if (feature.kind === 'category') {
    const known = new Map(feature.values.map((value, i) => [spellingOf(value), i]));
    const at = yield* column.cells.reading((text) => known.get(spellingOf(text)) ?? feature.values.length);
    return yield* eachRow((row) => {
      x[row * width + at[row]] = 1;
    });
  }
  if (feature.kind === 'yes/no') {
    const codes = new Map(yesNoSpellings(feature.values).flatMap((pair) => pair.map((word, i) => [word, i])));
    const values = yield* column.cells.reading((text) => codes.get(spellingOf(text)) ?? 0.5);
    return yield* eachRow((row) => {
      x[row * width] = values[row];
    });
  }
  const { mean, deviation, fill, indicator } = feature;
  const values = yield* readingNumbers(column, feature);
  return yield* eachRow((row) => {
    const isKnown = !Number.isNaN(values[row]);
    const scaled = ((isKnown ? values[row] : fill) - mean) / deviation;
    x[row * width] = deviation === 1 && mean === 0 ? scaled : Math.max(-LARGEST, Math.min(LARGEST, scaled));
    if (indicator && !isKnown) x[row * width + 1] = 1;
  });
}

/**
 * Returns the numbers or the days of a column, NaN where it has none. It may have been judged to be something else than
 * `wanted`. Dates are read in the order of `wanted` alone, or with the year first or in words: no row depends on the others.
 * Numbers are read in the style of `wanted` where their file leaves it open, if that reads as many as the style that they
 * were judged to have.
 */
export function numbersOf(column: TableColumn, wanted: WantedColumn = column): Float64Array {
  return atOnce(readingNumbers(column, wanted));
}

/** The kind that a column is to be read as, and the way in which a model knows it to be written. */
export type WantedColumn = {
  readonly kind: ColumnKind;
  readonly format?: NumberStyle | undefined;
  readonly dateFormat?: DateFormat | undefined;
  readonly binary?: boolean | undefined;
};

/** Returns what `numbersOf` returns; yields wherever a caller may let others run. */
export function* readingNumbers(
  { cells, kind, format, dateFormat }: TableColumn,
  wanted: WantedColumn = { kind },
): Generator<void, Float64Array, void> {
  function* texts() {
    return (yield* cells.counting()).map(([text]) => text).filter((text) => !isMissing(text));
  }
  if (wanted.kind === 'date') {
    const order = wanted.dateFormat ?? dateFormat ?? dateFormatOf(yield* texts()) ?? 'year first';
    return yield* cells.numbers(
      (text) => parseDate(text, order) ?? parseDate(text, 'year first') ?? parseDate(text, 'words'),
    );
  }
  const isOpen =
    !format || (wanted.format && !format.sure && STYLE.some((key) => format[key] !== wanted.format?.[key]));
  const style = isOpen ? styleIn(yield* texts(), { cells, format }, wanted) : format;
  return yield* cells.numbers((text) => {
    if (isMissing(text)) return undefined;
    return parseNumber(text, style) ?? (wanted.binary ? yesNoNumber(text) : undefined);
  });
}

const STYLE = ['decimal', 'grouped', 'unit'] as const;

/** Returns the style in which a column of these texts is read. @param wanted its format is the style that a model knows */
export function styleIn(
  texts: readonly string[],
  { cells, format }: Pick<TableColumn, 'cells' | 'format'>,
  wanted: { readonly format?: NumberStyle | undefined },
): NumberStyle {
  const judged = format ?? numberFormatOf(texts);
  if (!judged) return wanted.format ?? PLAIN_STYLE;
  if (judged.sure || cells.holdsNumbers || !wanted.format) return judged;
  const [most, own] = [wanted.format, judged].map(
    (style) => texts.filter((text) => parseNumber(text, style) !== undefined).length,
  );
  return own > most ? judged : wanted.format;
}
