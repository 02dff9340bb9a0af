import type { Dataset } from '../data/dataset.js';
import { checkColumns, checkElement } from '../data/matrix.js';
import { checkBoolean, checkChoice, checkNumber, checkOptions, checkSignal, show } from '../errors/arguments.js';
import { EngineError, throwIfAborted } from '../errors/engine-error.js';
import { atOnce, inPieces, inTurns } from '../promises/turns.js';
import { type Seed, seedKey } from '../random/seed.js';
import type { TableColumn } from './column.js';
import { sinceEpoch } from './date-format.js';
import { findingGaps, rowsInWords } from './gaps.js';
import { listOf } from './header.js';
import { knownTask } from './known-task.js';
import { encoding, fitPreparation, knownOf, type Preparation, readingNumbers, type Split } from './preparation.js';
import { refuseMissing, wholeRows } from './presence.js';
import { sort } from './sort.js';
import { checkSplit, dealtRows, rowsInOrder } from './split.js';
import { findingFar, NORMAL_RANGE, quantile } from './spread.js';
import type { Table } from './table.js';
import { chooseTask, readingClasses, type TableTask, type TaskOptions } from './task.js';

export interface PrepareTableOptions extends TaskOptions {
  /** Decides which rows are held out. Default 0. */
  seed?: Seed | undefined;
  /**
   * The rows to test with: random ones, the last ones of the table, or the latest by a column of dates or numbers; the rows to
   * choose by are those before them. Default: that of `preparation`, or 'random'.
   */
  split?: Split | undefined;
  /** The share of rows that nobody chooses by. Default 0.2. */
  test?: number | undefined;
  /** The share of rows by which a training may choose, such as when to stop. Default 0.16: a fifth of the others. */
  validation?: number | undefined;
  /**
   * Rows that lack a number: filled with the median or the mean of the training rows and marked by one more input, left out,
   * or refused. Default 'median'.
   */
  missing?: 'median' | 'mean' | 'drop' | 'error' | undefined;
  /** False: numbers stay as they are. Default true: mean 0 and deviation 1 over the training rows. */
  standardize?: boolean | undefined;
  /**
   * True: a number to learn has median 0 and interquartile range 1.349 over the training rows, that of the normal distribution
   * of deviation 1, so that a few values far off do not decide its unit. Default false: mean 0 and deviation 1.
   */
  robustTarget?: boolean | undefined;
  /**
   * The preparation of a model, for rows on which its training goes on: nothing is fitted, and it decides the columns. Rows
   * of a class that it does not know are left out.
   */
  preparation?: Preparation | undefined;
}

export interface PrepareInTurnsOptions extends PrepareTableOptions {
  /** Ends the preparation; what it made by then is dropped. */
  signal?: AbortSignal | undefined;
  /** Called now and then, with the share that is done: 0 to 1. */
  onProgress?: ((share: number) => void) | undefined;
}

/** Three parts of a table, ready for a network. */
export interface PreparedTable {
  readonly train: Dataset;
  readonly validation: Dataset;
  readonly test: Dataset;
  readonly preparation: Preparation;
  readonly task: TableTask;
  /** The rows of the table in each part. */
  readonly rows: { readonly train: Uint32Array; readonly validation: Uint32Array; readonly test: Uint32Array };
  /** Facts that a person should know. */
  readonly notes: readonly string[];
}

const TASK_OPTIONS = ['target', 'task', 'features', 'drop'] as const;
const FEWEST_ROWS = 5;
/** A test on fewer rows than this says little. */
const FEW_TESTS = 20;

/**
 * Returns a table as three data sets: to train on, to choose by, to test with. Rows are dealt by `seed`, and classes have the
 * same shares in each part, or they are split in an order. Everything that is fitted (means, deviations, medians) is fitted on the training rows.
 * @throws TypeError or RangeError for an option; EngineError of kind `data` if the table cannot be learned from
 */
export function prepareTable(table: Table, options: PrepareTableOptions = {}): PreparedTable {
  return atOnce(preparing(table, options));
}

/**
 * Returns what `prepareTable` returns, bit for bit, and lets other work of the thread run meanwhile: a table of a million rows
 * takes seconds.
 * @throws as `prepareTable` does; EngineError of kind `aborted` once `signal` is aborted
 */
export async function prepareTableInTurns(table: Table, options: PrepareInTurnsOptions = {}): Promise<PreparedTable> {
  const { signal, onProgress, ...more } = options;
  checkSignal('prepareTable', signal);
  return inTurns(preparing(table, more, onProgress), () => throwIfAborted('prepareTable', signal));
}

/** Prepares a table; yields wherever a caller may let others run. */
export function* preparing(
  table: Table,
  options: PrepareTableOptions,
  onProgress: (share: number) => void = () => {},
): Generator<void, PreparedTable, void> {
  if (!Array.isArray(table?.columns)) {
    const got = table instanceof Promise ? 'a Promise: await readTable' : show(table);
    throw new TypeError(`prepareTable: table must be what readTable returns, got ${got}`);
  }
  const { seed = 0, test = 0.2, validation = 0.16, missing = 'median', standardize, ...more } = options;
  const { preparation, robustTarget = false, split = preparation?.split ?? 'random', ...taskOptions } = more;
  if (preparation) refuseDecided(options);
  checkOptions('prepareTable', taskOptions, TASK_OPTIONS);
  checkSplit('prepareTable', 'split', split);
  checkBoolean('prepareTable', 'robustTarget', robustTarget);
  checkChoice('prepareTable', 'missing', missing, ['median', 'mean', 'drop', 'error']);
  checkNumber('prepareTable', 'test', test, { min: 0, max: 1, exclusive: 'both' });
  checkNumber('prepareTable', 'validation', validation, { min: 0, max: 1 - test, exclusive: 'both' });
  const key = seedKey('prepareTable', 'seed', seed);
  if (!preparation) checkEnough(table.rows);
  const task = preparation ? knownTask(table, preparation) : yield* chooseTask(table, taskOptions);
  const notes = [...task.notes];
  const isTime = ({ kind, name, range }: TableColumn) => kind === 'date' || (range && sinceEpoch(name, range));
  const dates = task.features.filter(isTime).map(({ name }) => `'${name}'`);
  if (dates.length > 0 && split === 'random') {
    notes.push(
      `${dates.join(', ')} ${dates.length === 1 ? 'holds' : 'hold'} dates, and rows are dealt at random: the test rows are not later than the others, so the result flatters a forecast; split by ${dates[0]} to test on the latest rows`,
    );
  }
  for (const feature of preparation?.features ?? []) notes.push(...(yield* findingGaps(feature, table)));
  const labels = yield* readTargets(task);
  if (missing === 'error') yield* refuseMissing(table, task);
  const usable = yield* wholeRows(table.rows, [labels]);
  if (usable.length < table.rows) {
    const reason =
      preparation && task.task === 'classes' ? 'is missing or a class that the model does not know' : 'is missing';
    notes.push(`${rowsInWords(table.rows - usable.length)} left out: '${task.target.name}' ${reason}`);
  }
  const whole = missing === 'drop' ? yield* wholeRows(table.rows, [labels, ...task.features]) : usable;
  if (whole.length < usable.length)
    notes.push(`${rowsInWords(usable.length - whole.length)} left out: a value is missing`);
  checkEnough(whole.length);
  const held = (share: number) => Math.max(1, Math.round(share * whole.length));
  const [testRows, validationRows] = [held(test), held(validation)];
  if (testRows < FEW_TESTS) {
    const doubt = split === 'random' ? 'another seed may give a very different result' : 'they say little';
    notes.push(`only ${rowsInWords(testRows)} to test with: ${doubt}`);
  }
  const rows =
    split === 'random'
      ? yield* dealtRows(whole, labels, task, key, [testRows, validationRows])
      : yield* rowsInOrder(table, whole, task, split, [testRows, validationRows], notes);
  if (task.task === 'classes') notes.push(...absentClasses(task.classes, labels, rows));
  // Reading the target, fitting and encoding each column, and copying the parts take about as long each.
  const all = 2 * task.features.length + 2;
  let done = 0;
  const next = () => onProgress(++done / all);
  next();
  const { features, target } = preparation ?? {
    features: yield* fitFeatures(task.features, rows.train, { missing, standardize }, { done: next, notes }),
    target: yield* fitTarget(task, labels, rows.train, { standardize, robustTarget, notes }),
  };
  const kept = { features, target, ...(split !== 'random' && { split }) };
  const x = yield* encoding(features, table, 'table', next);
  const width = x.length / table.rows;
  const part = (chosen: Uint32Array) => partOf(chosen, x, width, labels, target);
  const parts = {
    train: yield* part(rows.train),
    validation: yield* part(rows.validation),
    test: yield* part(rows.test),
  };
  onProgress(1);
  return { ...parts, preparation: kept, task, rows, notes };
}

/** Returns a sentence for each part of which some classes have no row. */
function absentClasses(classes: readonly string[], labels: Float64Array, rows: PreparedTable['rows']): string[] {
  const parts = { 'train on': rows.train, 'choose by': rows.validation, 'test with': rows.test };
  return Object.entries(parts).flatMap(([purpose, some]) => {
    const found = new Uint8Array(classes.length);
    for (const row of some) found[labels[row]] = 1;
    const absent = classes.filter((_, i) => found[i] === 0);
    return absent.length > 0 ? [`no row to ${purpose} is of the class ${listOf(absent)}`] : [];
  });
}

/** @throws EngineError of kind `data` for fewer rows than three parts need */
function checkEnough(rows: number): void {
  if (rows >= FEWEST_ROWS) return;
  throw new EngineError('data', `table: at least ${FEWEST_ROWS} rows are needed, got ${rows}`);
}

/** Refuses options that a preparation decides. @throws TypeError */
function refuseDecided(options: PrepareTableOptions): void {
  for (const name of [...TASK_OPTIONS, 'missing', 'standardize', 'robustTarget'] as const) {
    if (options[name] === undefined) continue;
    throw new TypeError(`prepareTable: ${name} is for a new preparation; the option preparation decides it`);
  }
}

/** Returns the class or the number of every row; NaN where it is missing. */
function readTargets({ target, task, classes }: TableTask): Generator<void, Float64Array, void> {
  return task === 'number' ? readingNumbers(target, { kind: 'number' }) : readingClasses(target, classes);
}

function* fitFeatures(
  columns: TableTask['features'],
  rows: Uint32Array,
  { missing, standardize }: Pick<PrepareTableOptions, 'missing' | 'standardize'>,
  { done, notes }: { readonly done: () => void; readonly notes: string[] },
): Generator<void, Preparation['features'], void> {
  const features: Preparation['features'][number][] = [];
  for (const column of columns) {
    features.push(
      yield* fitPreparation(column, rows, { missing: missing === 'mean' ? 'mean' : 'median', standardize }, notes),
    );
    yield;
    done();
  }
  return features;
}

function* fitTarget(
  { target: { name }, task, classes }: TableTask,
  labels: Float64Array,
  rows: Uint32Array,
  {
    standardize = true,
    robustTarget,
    notes,
  }: Pick<PrepareTableOptions, 'standardize' | 'robustTarget'> & { readonly notes: string[] },
): Generator<void, Preparation['target'], void> {
  if (task === 'classes') return { name, classes };
  const sorted = yield* sort(yield* knownOf(labels, rows));
  const far = yield* findingFar(name, labels, sorted);
  const remedy = `correct or leave out these rows${robustTarget ? '' : ', or take the Huber loss'}`;
  notes.push(...far.map((note) => `${note}: ${remedy}`));
  if (!standardize) return { name, mean: 0, deviation: 1 };
  const range = quantile(sorted, 0.75) - quantile(sorted, 0.25);
  if (robustTarget && range > 0) return { name, mean: quantile(sorted, 0.5), deviation: range / NORMAL_RANGE };
  const { length } = rows;
  let mean = 0;
  yield* inPieces(length, (start, end) => {
    for (let i = start; i < end; i++) mean += labels[rows[i]] / length;
  });
  let variance = 0;
  yield* inPieces(length, (start, end) => {
    for (let i = start; i < end; i++) variance += (labels[rows[i]] - mean) ** 2 / length;
  });
  return { name, mean, deviation: variance > 0 ? Math.sqrt(variance) : 1 };
}

/** Returns some rows as a data set. @throws RangeError if there are none; EngineError of kind `data` for a number too large */
function* partOf(
  rows: Uint32Array,
  x: Float32Array,
  width: number,
  labels: Float64Array,
  target: Preparation['target'],
): Generator<void, Dataset, void> {
  const examples = rows.length;
  checkColumns(examples * width, { where: 'dataset', name: 'x', columnsName: 'features', columns: width });
  const inputs = new Float32Array(examples * width);
  const classNames = 'classes' in target ? [...target.classes] : undefined;
  const y = new (classNames ? Uint32Array : Float32Array)(examples);
  const { mean, deviation } = 'mean' in target ? target : { mean: 0, deviation: 1 };
  yield* inPieces(
    examples,
    (start, end) => {
      for (let i = start; i < end; i++) {
        const from = rows[i] * width;
        for (let column = 0; column < width; column++) {
          const value = x[from + column];
          if (!Number.isFinite(value)) checkElement(value, i * width + column, width, { where: 'dataset', name: 'x' });
          inputs[i * width + column] = value;
        }
        y[i] = (labels[rows[i]] - mean) / deviation;
        if (!Number.isFinite(y[i])) checkElement(y[i], i, 1, { where: 'dataset', name: 'y' });
      }
    },
    width,
  );
  const made = { examples, features: width, x: inputs, y, outputs: 1, scale: 1, offset: 0 };
  return classNames ? { ...made, classes: classNames.length, classNames } : made;
}
