import { checkBoolean, checkOptions, show, suggestion } from '../errors/arguments.js';
import { EngineError } from '../errors/engine-error.js';
import { type Dataset, dataset } from './dataset.js';

/** The values of one record, and the line (from 1) on which it begins. */
export interface CsvRecord {
  line: number;
  cells: string[];
}

/**
 * Yields the records of a CSV text, without blank lines. Lines end in CR LF, LF or CR; a value in double quotes may
 * hold delimiters, line ends and doubled quotes. Spaces around a value are cut off. Source: RFC 4180.
 * @throws EngineError of kind `format` for a quote that does not close, or that is not around a whole value.
 */
export function* csvRecords(text: string, delimiter = ','): Generator<CsvRecord, undefined> {
  if (typeof delimiter !== 'string' || delimiter.length !== 1 || '"\r\n'.includes(delimiter)) {
    throw new RangeError(`parseCsv: delimiter must be one character, no quote and no line end, got ${show(delimiter)}`);
  }
  let at = text.startsWith('\ufeff') ? 1 : 0;
  let line = 1;
  while (at < text.length) {
    const record: CsvRecord = { line, cells: [] };
    for (;;) {
      const cell = text[at] === '"' ? quotedCell(text, at, line) : bareCell(text, at, line, delimiter);
      record.cells.push(cell.value.trim());
      line += cell.lines;
      at = cell.end;
      if (text[at] !== delimiter) break;
      at++;
    }
    if (at < text.length && text[at] !== '\r' && text[at] !== '\n') throw misplacedQuote(line);
    at += text.startsWith('\r\n', at) ? 2 : 1;
    line++;
    if (record.cells.length > 1 || record.cells[0] !== '') yield record;
  }
}

/** A value, the place after it, and how many line ends it holds. */
interface Cell {
  value: string;
  end: number;
  lines: number;
}

function bareCell(text: string, start: number, line: number, delimiter: string): Cell {
  let end = start;
  while (end < text.length && text[end] !== delimiter && text[end] !== '\n' && text[end] !== '\r') end++;
  const value = text.slice(start, end);
  if (value.includes('"')) throw misplacedQuote(line);
  return { value, end, lines: 0 };
}

function quotedCell(text: string, start: number, line: number): Cell {
  const parts: string[] = [];
  let from = start + 1;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote < 0) throw new EngineError('format', `csv: line ${line}: a quote is opened and not closed`);
    parts.push(text.slice(from, quote));
    from = quote + 1;
    if (text[from] !== '"') break;
    from++;
  }
  const value = parts.join('"');
  return { value, end: from, lines: value.match(/\r\n|\n|\r/g)?.length ?? 0 };
}

function misplacedQuote(line: number): EngineError {
  return new EngineError('format', `csv: line ${line}: a quote must be around a whole value`);
}

export interface CsvOptions {
  /** The column to be learned; default the last one. */
  target?: string;
  /** True: the target is a class. False: it is a number. Default: it is a class if its first value is not a number. */
  classes?: boolean;
  /** The character between values; default a comma. */
  delimiter?: string;
}

export interface CsvData {
  readonly dataset: Dataset;
  /** The names of the columns of x, in order. */
  readonly features: readonly string[];
  readonly target: string;
  /** The text of each class, by its index; absent for numbers and for classes that are integers in the file. */
  readonly classNames?: readonly string[];
}

/** A value of the target column and the line (from 1) it is on. */
interface Target {
  line: number;
  cell: string;
}

/** Each character can match in one way only: a long cell that is no number is refused in linear time. */
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
const CLASS_INDEX = /^\d{1,9}$/;

/**
 * Returns the data set of a CSV text: a line that names the columns, then rows of numbers. A class target whose values
 * are all integers (of at most 9 digits) holds the class indices; otherwise classes are numbered in order of first
 * appearance. Blank lines are skipped, spaces around values cut off. Source: RFC 4180.
 * @throws EngineError of kind `format` for misplaced quotes, ragged rows or a missing header, of kind `data` for a
 * value that is missing or not a number; RangeError for an unknown target. Lines in messages count from 1.
 */
export function parseCsv(text: string, options: CsvOptions = {}): CsvData {
  if (typeof text !== 'string') throw new TypeError(`parseCsv: text must be a string, got ${show(text)}`);
  checkOptions('parseCsv', options, ['target', 'classes', 'delimiter']);
  if (options.classes !== undefined) checkBoolean('parseCsv', 'classes', options.classes);
  const records = csvRecords(text, options.delimiter);
  const names = checkHeader(records.next().value?.cells);
  const { target = names[names.length - 1] } = options;
  const targetColumn = names.indexOf(target);
  if (targetColumn < 0) {
    const list = names.length > 20 ? `${names.slice(0, 20).join(', ')}, ...` : names.join(', ');
    throw new RangeError(`parseCsv: no column ${show(target)}${suggestion(String(target), names)}; columns: ${list}`);
  }

  const x: number[] = [];
  const targets: Target[] = [];
  for (const { line, cells } of records) {
    if (cells.length !== names.length) {
      throw new EngineError('format', `csv: line ${line} has ${cells.length} columns, the header has ${names.length}`);
    }
    for (const [column, cell] of cells.entries()) {
      if (column !== targetColumn) x.push(toNumber(cell, line, names[column]));
    }
    targets.push({ line, cell: cells[targetColumn] });
  }
  if (targets.length === 0) throw new EngineError('format', 'csv: there are no rows after the header');

  const isClasses = options.classes ?? !NUMBER.test(targets[0].cell);
  const { y, classNames } = isClasses ? toClasses(targets, target) : toNumbers(targets, target);
  return {
    dataset: dataset({ x, y, features: names.length - 1 }),
    features: names.filter((name) => name !== target),
    target,
    classNames,
  };
}

/** Returns the names of the columns. @throws EngineError if they are not names of two columns or more, each its own. */
function checkHeader(names: readonly string[] | undefined): readonly string[] {
  if (names === undefined) throw new EngineError('format', 'csv: the text is empty, expected a line of column names');
  const fault = (message: string) => new EngineError('format', `csv: header: ${message}`);
  if (names.every((name) => NUMBER.test(name))) throw fault('expected the names of the columns, got only numbers');
  const seen = new Set<string>();
  for (const [column, name] of names.entries()) {
    if (name === '') throw fault(`column ${column + 1} has no name`);
    if (seen.has(name)) throw fault(`two columns are named ${show(name)}`);
    seen.add(name);
  }
  if (names.length < 2) throw fault(`expected a feature and a target, got only column '${names[0]}'`);
  return names;
}

function toNumbers(targets: readonly Target[], column: string): { y: number[]; classNames?: undefined } {
  return { y: targets.map(({ line, cell }) => toNumber(cell, line, column)) };
}

function toClasses(targets: readonly Target[], column: string): { y: Uint32Array; classNames?: string[] } {
  for (const { line, cell } of targets) if (cell === '') throw valueFault(line, column, 'the value is missing');
  if (targets.every(({ cell }) => CLASS_INDEX.test(cell))) return { y: Uint32Array.from(targets, ({ cell }) => +cell) };
  const indices = new Map<string, number>();
  const y = Uint32Array.from(targets, ({ cell }) => {
    const index = indices.get(cell) ?? indices.size;
    indices.set(cell, index);
    return index;
  });
  return { y, classNames: [...indices.keys()] };
}

function toNumber(cell: string, line: number, column: string): number {
  if (cell === '') throw valueFault(line, column, 'the value is missing');
  const got = show(cell.length > 40 ? `${cell.slice(0, 40)}...` : cell);
  if (!NUMBER.test(cell)) throw valueFault(line, column, `expected a number, got ${got}`);
  const value = Number(cell);
  if (!Number.isFinite(Math.fround(value))) throw valueFault(line, column, `${got} is too large for float32`);
  return value;
}

function valueFault(line: number, column: string, message: string): EngineError {
  return new EngineError('data', `csv: line ${line}, column '${column}': ${message}`);
}
