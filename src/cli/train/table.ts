import { EngineError } from '../../errors/engine-error.js';
import { type PreparedTable, prepareTable, type Table } from '../../index.js';
import { valuesInWords } from '../../table/column.js';
import type { OptionValues } from '../parse-options.js';
import { readTableFile } from '../table-file.js';
import { textTable } from '../terminal/lines.js';
import { count } from '../terminal/numbers.js';
import type { TrainConfig } from './config.js';
import type { TrainOptions } from './options.js';

/** A file that was read as a table, and its three parts. */
export interface TableData extends PreparedTable {
  readonly path: string;
  readonly table: Table;
}

/**
 * Returns the table of a file, prepared for a network.
 * @throws UsageError for an option that does not fit the table; EngineError of kind `format` or `data` for its content
 */
export async function loadTable(
  path: string,
  { seed, table: settings }: Pick<TrainConfig, 'seed' | 'table'>,
  { refuse }: OptionValues,
): Promise<TableData> {
  const { delimiter, header, target, task, columns, drop, missing, standardize } = settings;
  const table = await readTableFile(path, { delimiter, header });
  try {
    const prepared = prepareTable(table, {
      seed,
      target: target ?? undefined,
      task: task ?? undefined,
      features: columns ?? undefined,
      drop: drop ?? undefined,
      missing,
      standardize,
    });
    return { ...prepared, path, table };
  } catch (error) {
    if (error instanceof RangeError) throw refuse(error.message.replace('chooseTask: ', '--'));
    throw error instanceof EngineError
      ? new EngineError(error.kind, `${path}: ${error.message.replace(/^table: /, '')}`, { cause: error })
      : error;
  }
}

/** Returns the task in words: `species (one of 3 classes) from 4 columns`. */
export function describeTask({ task: { target, classes, features, task } }: PreparedTable): string {
  const what = task === 'classes' ? `one of ${count(classes.length)} classes` : 'a number';
  return `${target.name} (${what}) from ${count(features.length)} ${features.length === 1 ? 'column' : 'columns'}`;
}

/** A column as it is told before training. */
export interface ColumnFacts {
  readonly column: string;
  readonly kind: string;
  readonly missing: number;
  readonly values: string;
  /** Its use: the inputs that are made of it, or the reason why it is left out. */
  readonly use: string;
}

/** Columns that are listed one by one; of more, only those that are not plain numbers. */
const MOST_LISTED = 40;

/** Returns the columns of a table, as they are understood. */
export function columnFacts({ table, task, preparation }: TableData): ColumnFacts[] {
  const leftOut = new Map(task.leftOut.map(({ name, reason }) => [name, reason]));
  const prepared = new Map(preparation.features.map((feature) => [feature.name, feature]));
  return table.columns.map((column) => {
    const { name, kind, missing, notes } = column;
    const feature = prepared.get(name);
    const reason = leftOut.get(name);
    const use =
      name === task.target.name
        ? 'to learn'
        : feature === undefined
          ? `left out${reason === undefined ? '' : `: ${reason}`}`
          : feature.kind === 'category'
            ? `${feature.values.length + 1} inputs, one for each value and one for others`
            : 'indicator' in feature && feature.indicator
              ? '2 inputs: missing ones are filled, and marked'
              : '1 input';
    return { column: name, kind, missing, values: valuesInWords(column), use: [use, ...notes].join('; ') };
  });
}

/** Returns the columns as lines for a person. */
export function columnLines(data: TableData): string[] {
  const all = columnFacts(data);
  const isPlain = ({ kind, use }: ColumnFacts) => kind === 'number' && use === '1 input';
  const shown = all.length > MOST_LISTED ? all.filter((facts) => !isPlain(facts)).slice(0, MOST_LISTED) : all;
  const rows = shown.map(({ column, kind, missing, values, use }) => [
    cut(column, 24),
    kind,
    missing === 0 ? '' : count(missing),
    cut(values, 34),
    use,
  ]);
  const lines = textTable([['column', 'kind', 'missing', 'values', 'use'], ...rows], (column) => column === 2);
  const others = all.length - shown.length;
  return others > 0 ? [...lines, `and ${count(others)} more columns`] : lines;
}

function cut(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 3)}...` : text;
}

/** Steps of a training on a table, unless it stops before: enough for a small network to overfit. */
const STEPS = 3000;
const MOST_EPOCHS = 500;
/** The share of epochs without improvement after which a training stops. */
const PATIENCE = 0.15;

/**
 * Returns the configuration with defaults for a table of so many training rows, where no option was given. Measured on iris,
 * wine, breast cancer, Boston houses and diabetes: wider networks and more steps do not end better, less regularised ones
 * end worse on few rows.
 */
export function withTableDefaults(config: TrainConfig, given: Partial<TrainOptions>, rows: number): TrainConfig {
  const hidden = given.hidden === undefined ? [64] : config.hidden;
  const batch = Math.min(rows, given.batch === undefined ? defaultBatch(rows) : config.batch);
  const enough = Math.ceil(STEPS / Math.ceil(rows / batch));
  const epochs = given.epochs === undefined ? Math.max(3, Math.min(MOST_EPOCHS, enough)) : config.epochs;
  return {
    ...config,
    hidden,
    dropout: given.dropout === undefined ? hidden.map(() => 0.2) : config.dropout,
    l2: given.l2 === undefined ? 0.01 : config.l2,
    learningRate: given['learning-rate'] === undefined && given.optimizer === undefined ? 3e-3 : config.learningRate,
    batch,
    epochs,
    patience: config.patience ?? Math.max(10, Math.ceil(PATIENCE * epochs)),
  };
}

function defaultBatch(rows: number): number {
  if (rows < 2000) return 32;
  return rows < 10_000 ? 64 : 256;
}
