import { type Dataset, dataset } from '../data/dataset.js';
import { checkChoice, checkNumber, checkOptions, show } from '../errors/arguments.js';
import { EngineError } from '../errors/engine-error.js';
import { permutation, SPLIT_EPOCH } from '../random/permutation.js';
import { type Seed, seedKey } from '../random/seed.js';
import { isGap, type TableColumn } from './column.js';
import { gapsOf, rowsInWords } from './gaps.js';
import { knownTask } from './known-task.js';
import { encodeFeatures, fitPreparation, numbersOf, type Preparation } from './preparation.js';
import type { Table } from './table.js';
import { chooseTask, classIndices, type TableTask, type TaskOptions } from './task.js';

export interface PrepareTableOptions extends TaskOptions {
  /** Decides which rows are held out. Default 0. */
  seed?: Seed | undefined;
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
   * The preparation of a model, for rows on which its training goes on: nothing is fitted, and it decides the columns. Rows
   * of a class that it does not know are left out.
   */
  preparation?: Preparation | undefined;
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

const FEWEST_ROWS = 5;
/** A test on fewer rows than this says little. */
const FEW_TESTS = 20;

/**
 * Returns a table as three data sets: to train on, to choose by, to test with. Rows are dealt by `seed`; classes have the same
 * shares in each part. Everything that is fitted (means, deviations, medians) is fitted on the training rows.
 * @throws TypeError or RangeError for an option; EngineError of kind `data` if the table cannot be learned from
 */
export function prepareTable(table: Table, options: PrepareTableOptions = {}): PreparedTable {
  if (!Array.isArray(table?.columns)) {
    const got = table instanceof Promise ? 'a Promise: await readTable' : show(table);
    throw new TypeError(`prepareTable: table must be what readTable returns, got ${got}`);
  }
  const { seed = 0, test = 0.2, validation = 0.16, missing = 'median', standardize, ...more } = options;
  const { preparation, ...taskOptions } = more;
  if (preparation) refuseDecided(options);
  checkOptions('prepareTable', taskOptions, ['target', 'task', 'features', 'drop']);
  checkChoice('prepareTable', 'missing', missing, ['median', 'mean', 'drop', 'error']);
  checkNumber('prepareTable', 'test', test, { min: 0, max: 1, exclusive: 'both' });
  checkNumber('prepareTable', 'validation', validation, { min: 0, max: 1 - test, exclusive: 'both' });
  const key = seedKey('prepareTable', 'seed', seed);
  const task = preparation ? knownTask(table, preparation) : chooseTask(table, taskOptions);
  const notes = [...task.notes, ...(preparation?.features ?? []).flatMap((feature) => gapsOf(feature, table))];
  const labels = targetsOf(task);
  if (missing === 'error') refuseMissing(table, task);
  const usable = rowsThat(table.rows, (row) => !Number.isNaN(labels[row]));
  if (usable.length < table.rows) {
    const reason =
      preparation && task.task === 'classes' ? 'is missing or a class that the model does not know' : 'is missing';
    notes.push(`${rowsInWords(table.rows - usable.length)} left out: '${task.target.name}' ${reason}`);
  }
  const present = missing === 'drop' ? task.features.map(presence) : [];
  const whole = present.length > 0 ? usable.filter((row) => present.every((has) => has(row))) : usable;
  if (whole.length < usable.length)
    notes.push(`${rowsInWords(usable.length - whole.length)} left out: a value is missing`);
  if (whole.length < FEWEST_ROWS) {
    throw new EngineError('data', `table: at least ${FEWEST_ROWS} rows are needed, got ${whole.length}`);
  }
  const held = (share: number) => Math.max(1, Math.round(share * whole.length));
  const [testRows, validationRows] = [held(test), held(validation)];
  if (testRows < FEW_TESTS) {
    notes.push(`only ${rowsInWords(testRows)} to test with: another seed may give a very different result`);
  }
  const dealt = deal(whole, labels, task, permutation(whole.length, key, SPLIT_EPOCH));
  const rows = {
    test: dealt.slice(0, testRows),
    validation: dealt.slice(testRows, testRows + validationRows),
    train: dealt.slice(testRows + validationRows),
  };
  const fill = missing === 'mean' ? 'mean' : 'median';
  const { features, target } = preparation ?? {
    features: fitPreparation(task.features, rows.train, { missing: fill, standardize }),
    target: fitTarget(task, labels, rows.train, standardize),
  };
  const x = encodeFeatures(features, table);
  const width = x.length / table.rows;
  const part = (chosen: Uint32Array) => partOf(chosen, x, width, labels, target);
  return {
    train: part(rows.train),
    validation: part(rows.validation),
    test: part(rows.test),
    preparation: { features, target },
    task,
    rows,
    notes,
  };
}

/** Returns the rows that satisfy `isOne`. */
function rowsThat(rows: number, isOne: (row: number) => boolean): Uint32Array {
  const found = new Uint32Array(rows);
  let count = 0;
  for (let row = 0; row < rows; row++) if (isOne(row)) found[count++] = row;
  return found.subarray(0, count);
}

/** Refuses options that a preparation decides. @throws TypeError */
function refuseDecided(options: PrepareTableOptions): void {
  for (const name of ['target', 'task', 'features', 'drop', 'missing', 'standardize'] as const) {
    if (options[name] === undefined) continue;
    throw new TypeError(`prepareTable: ${name} is for a new preparation; the option preparation decides it`);
  }
}

/** Returns the class or the number of every row; NaN where it is missing. */
function targetsOf({ target, task, classes }: TableTask): Float64Array {
  if (task === 'number') return numbersOf(target, { kind: 'number' });
  return Float64Array.from(classIndices(target, classes), (index) => (index < 0 ? Number.NaN : index));
}

/** Returns the rows, shuffled and with the classes spread evenly, so that any run of them has each class in its share. */
function deal(rows: Uint32Array, labels: Float64Array, { task, classes }: TableTask, order: Uint32Array): Uint32Array {
  const shuffled = new Uint32Array(order.length);
  for (let i = 0; i < order.length; i++) shuffled[i] = rows[order[i]];
  if (task === 'number') return shuffled;
  const sizes = new Uint32Array(classes.length);
  for (const row of shuffled) sizes[labels[row]]++;
  const seen = new Uint32Array(classes.length);
  const places = Float64Array.from(shuffled, (row) => (seen[labels[row]]++ + 0.5) / sizes[labels[row]]);
  const dealt = Uint32Array.from(shuffled.keys()).sort((a, b) => places[a] - places[b] || a - b);
  return dealt.map((i) => shuffled[i]);
}

function fitTarget(
  { target: { name }, task, classes }: TableTask,
  labels: Float64Array,
  rows: Uint32Array,
  standardize = true,
): Preparation['target'] {
  if (task === 'classes') return { name, classes };
  if (!standardize) return { name, mean: 0, deviation: 1 };
  let mean = 0;
  for (const row of rows) mean += labels[row] / rows.length;
  let variance = 0;
  for (const row of rows) variance += (labels[row] - mean) ** 2 / rows.length;
  return { name, mean, deviation: variance > 0 ? Math.sqrt(variance) : 1 };
}

function partOf(
  rows: Uint32Array,
  x: Float32Array,
  width: number,
  labels: Float64Array,
  target: Preparation['target'],
): Dataset {
  const inputs = new Float32Array(rows.length * width);
  for (let i = 0; i < rows.length; i++) {
    const from = rows[i] * width;
    for (let column = 0; column < width; column++) inputs[i * width + column] = x[from + column];
  }
  if ('classes' in target) {
    return dataset({
      x: inputs,
      y: Uint32Array.from(rows, (row) => labels[row]),
      features: width,
      classNames: target.classes,
    });
  }
  const y = new Float32Array(rows.length);
  for (let i = 0; i < rows.length; i++) y[i] = (labels[rows[i]] - target.mean) / target.deviation;
  return dataset({ x: inputs, y, features: width });
}

/** Returns a function that says whether a column has a value in a row. */
function presence(column: TableColumn): (row: number) => boolean {
  if (column.missing === 0) return () => true;
  if (column.kind !== 'number' && column.kind !== 'date') return (row) => !isGap(column.cells.text(row), column.kind);
  const values = numbersOf(column);
  return (row) => !Number.isNaN(values[row]);
}

/** Refuses a table with missing values. @throws EngineError of kind `data` naming all columns, and lines */
function refuseMissing({ rows, lines }: Table, { target, features }: TableTask): void {
  const faults = [target, ...features].flatMap((column) => {
    if (column.missing === 0) return [];
    const has = presence(column);
    const found: number[] = [];
    for (let row = 0; row < rows && found.length < 3; row++) if (!has(row)) found.push(lines[row]);
    const more = column.missing > found.length ? ', ...' : '';
    return [
      `${rowsInWords(column.missing)} ${column.missing === 1 ? 'lacks' : 'lack'} '${column.name}' (line ${found.join(', ')}${more})`,
    ];
  });
  if (faults.length > 0) throw new EngineError('data', `table: ${faults.join('; ')}`);
}
