import { checkChoice, checkOptions, show, suggestion } from '../errors/arguments.js';
import { EngineError } from '../errors/engine-error.js';
import { atOnce } from '../promises/turns.js';
import { type TableColumn, valuesInWords } from './column.js';
import { listOf } from './header.js';
import { isMissing, parseNumber } from './number-format.js';
import { spellingOf, yesNoSpellings } from './spellings.js';
import type { Table } from './table.js';

export interface TaskOptions {
  /** The column to learn; default: the last one that can be learned. */
  target?: string | undefined;
  /** Read the target as classes or as a number; default: classes for texts and for integers of few values. */
  task?: 'classes' | 'number' | undefined;
  /** The columns to learn from; default: all that can be used, but the target. */
  features?: readonly string[] | undefined;
  /** Columns that are left out. */
  drop?: readonly string[] | undefined;
}

/** The column to learn of a table, and the columns to learn it from. */
export interface TableTask {
  readonly target: TableColumn;
  readonly task: 'classes' | 'number';
  /** The names of the classes, in their order: numbers ascending, texts by frequency; empty for a number. */
  readonly classes: readonly string[];
  readonly features: readonly TableColumn[];
  /** Columns that are not used, with the reason. */
  readonly leftOut: readonly { readonly name: string; readonly reason: string }[];
  /** Choices that a person should know, in words. */
  readonly notes: readonly string[];
}

/** Texts that are read at once. */
const PIECE = 2 ** 12;
/** Integers of at most so many values are classes if there are some rows for each. */
const FEW_VALUES = 20;
const ROWS_PER_VALUE = 5;
/** More different integers than this are classes only if none is left out between them, as in codes. */
const FEW_CODES = 5;

const REASONS: Readonly<Partial<Record<TableColumn['kind'], string>>> = {
  text: 'nearly as many texts as rows',
  index: 'it numbers the rows',
  constant: 'it has one value only',
  empty: 'it has no values',
};

/** Returns the reason for which a column is not used, if there is one. */
const reasonFor = ({ name, kind }: TableColumn, drop: readonly string[]) =>
  drop.includes(name) ? 'you dropped it' : REASONS[kind];

/**
 * Returns what is to be learned from a table; yields wherever a caller may let others run.
 * @throws TypeError or RangeError for an unknown option or column; EngineError of kind `data` if a column cannot be learned,
 * naming others that can
 */
export function* chooseTask(table: Table, options: TaskOptions = {}): Generator<void, TableTask, void> {
  checkOptions('prepareTable', options, ['target', 'task', 'features', 'drop']);
  const { task, features, drop = [] } = options;
  if (task !== undefined) checkChoice('prepareTable', 'task', task, ['classes', 'number']);
  const { columns } = table;
  const find = (option: string, name: string) => {
    const found = columns.find((column) => column.name === name);
    if (found) return found;
    const names = columns.map((column) => column.name);
    throw new RangeError(
      `prepareTable: ${option}: no column ${show(name)}${suggestion(String(name), names)}; columns: ${listOf(names)}`,
    );
  };
  for (const [option, names] of Object.entries({ features, drop })) {
    if (names !== undefined && !Array.isArray(names))
      throw new TypeError(`prepareTable: ${option} must be an array of names of columns, got ${show(names)}`);
  }
  for (const name of drop) {
    find('drop', name);
    if (name === options.target) throw new RangeError(`prepareTable: drop: ${show(name)} is the target`);
  }
  const notes: string[] = [];
  const target = options.target === undefined ? lastTarget(columns, drop, notes) : find('target', options.target);
  const kind = task ?? taskOf(target);
  const classes = kind === 'classes' ? yield* classesOf(target, table) : [];
  if (kind === 'number') checkNumbers(target, table);
  if (task === undefined && target.kind === 'number' && kind === 'classes') {
    notes.push(`'${target.name}' holds ${classes.length} different integers, so they are classes`);
  }
  const leftOut: { name: string; reason: string }[] = [];
  const used = features?.map((name) => find('features', name)) ?? columns;
  const kept = used.filter((column) => {
    if (column.name === target.name) return false;
    const reason = reasonFor(column, drop);
    if (reason !== undefined) leftOut.push({ name: column.name, reason });
    return reason === undefined;
  });
  if (kept.length === 0) {
    const why = leftOut.slice(0, 12).map(({ name, reason }) => `${name} (${reason})`);
    throw new EngineError(
      'data',
      `table: no column is left to learn '${target.name}' from${why.length > 0 ? `; left out: ${why.join(', ')}` : ''}`,
    );
  }
  return { target, task: kind, classes, features: kept, leftOut, notes };
}

function lastTarget(columns: readonly TableColumn[], drop: readonly string[], notes: string[]): TableColumn {
  const useless = ['empty', 'index', 'constant'];
  const usable = columns.filter(({ name, kind }) => !useless.includes(kind) && !drop.includes(name));
  const last = usable.at(-1);
  if (!last || columns.length < 2) {
    const names = columns.slice(0, 12).map((column) => {
      const reason = reasonFor(column, drop);
      return reason === undefined ? column.name : `${column.name} (${reason})`;
    });
    throw new EngineError(
      'data',
      `table: a column to learn and another one to learn it from are needed, got ${names.join(', ')}`,
    );
  }
  const [end] = columns.slice(-1);
  const which =
    last === end
      ? `the last one, '${last.name}'`
      : `'${last.name}', and not the last one, '${end.name}': ${reasonFor(end, drop)}`;
  notes.push(`the column to learn is ${which}`);
  return last;
}

function taskOf({ kind, distinct, missing, cells, format, range }: TableColumn): 'classes' | 'number' {
  if (kind !== 'number' || !range || !format) return kind === 'date' ? 'number' : 'classes';
  const rows = cells.rows - missing;
  if (distinct > Math.max(2, Math.min(FEW_VALUES, rows / ROWS_PER_VALUE))) return 'number';
  if (distinct > FEW_CODES && range[1] - range[0] !== distinct - 1) return 'number';
  const texts = [...cells.distinct().keys()].filter((text) => !isMissing(text));
  return texts.every((text) => Number.isInteger(parseNumber(text, format) ?? 0)) ? 'classes' : 'number';
}

/** Returns other columns that could be learned, for a message. */
function others({ columns }: Table, target: TableColumn): string {
  const names = columns.filter(({ name, kind }) => name !== target.name && !(kind in REASONS)).map(({ name }) => name);
  return names.length === 0 ? '' : `; other columns: ${listOf(names)}`;
}

function* classesOf(target: TableColumn, table: Table): Generator<void, string[], void> {
  const { name, kind, cells, missing, format } = target;
  const refuse = (message: string) =>
    new EngineError('data', `table: '${name}' cannot be learned as classes: ${message}${others(table, target)}`);
  const rows = cells.rows - missing;
  const names =
    kind === 'number' && format ? yield* numberClasses(target) : [...(target.values ?? (yield* textClasses(target)))];
  if (names.length < 2) throw refuse(`it has ${names.length === 1 ? `one value only, ${names[0]}` : 'no values'}`);
  if (names.length > Math.max(2, rows / 2)) throw refuse(`it has ${names.length} different values in ${rows} rows`);
  return names;
}

/** Returns the different numbers as texts, ascending. */
function* numberClasses({ cells, format }: TableColumn): Generator<void, string[], void> {
  const values = new Set<number>();
  for (const [i, [text]] of (yield* cells.counting()).entries()) {
    const value = format && parseNumber(text, format);
    if (value !== undefined) values.add(value);
    if (i % PIECE === PIECE - 1) yield;
  }
  return [...values].sort((a, b) => a - b).map(String);
}

function* textClasses({ cells }: TableColumn): Generator<void, string[], void> {
  const counts = new Map<string, number>();
  for (const [i, [text, count]] of (yield* cells.counting()).entries()) {
    if (!isMissing(text)) counts.set(text, (counts.get(text) ?? 0) + count);
    if (i % PIECE === PIECE - 1) yield;
  }
  return [...counts].sort(([, a], [, b]) => b - a).map(([text]) => text);
}

function checkNumbers(target: TableColumn, table: Table): void {
  const { name, kind, cells, distinct } = target;
  if (kind === 'number' || kind === 'index') return;
  const why =
    kind === 'date'
      ? `it holds dates, ${distinct} different ones in ${cells.rows} rows`
      : `it holds ${valuesInWords(target) || 'no values'}`;
  throw new EngineError('data', `table: '${name}' cannot be learned as a number: ${why}${others(table, target)}`);
}

/** Returns the class of every row, NaN where it is missing or not one of `classes`; yields in between. */
export function* readingClasses(
  { cells, kind, format }: TableColumn,
  classes: readonly string[],
): Generator<void, Float64Array, void> {
  const isNumber = kind === 'number' && format !== undefined;
  const keyOf = (text: string) => (isNumber ? String(parseNumber(text, format)) : spellingOf(text));
  const known = new Map(classes.map((name, i) => [isNumber ? name : spellingOf(name), i]));
  if (classes.length === 2) {
    for (const pair of yesNoSpellings(classes)) for (const [i, word] of pair.entries()) known.set(word, i);
  }
  return yield* cells.reading((text) => known.get(keyOf(text)) ?? Number.NaN);
}

/** Returns the class of every row, -1 where it is missing or not one of `classes`. */
export function classIndices(column: TableColumn, classes: readonly string[]): Int32Array {
  return Int32Array.from(atOnce(readingClasses(column, classes)), (index) => (Number.isNaN(index) ? -1 : index));
}
