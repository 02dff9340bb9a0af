import { EngineError } from '../../errors/engine-error.js';
import {
  type L2Convention,
  type Preparation,
  type PreparedTable,
  prepareTableInTurns,
  type Table,
} from '../../index.js';
import { valuesInWords } from '../../table/column.js';
import type { OptionValues } from '../parse-options.js';
import { readTableFile } from '../table-file.js';
import { textTable } from '../terminal/lines.js';
import { count } from '../terminal/numbers.js';
import { TableBar } from '../terminal/table-bar.js';
import { terminalOf } from '../terminal/terminal.js';
import { splitOf, type TrainConfig } from './config.js';
import { type DataSizes, parameterCount } from './model.js';
import type { TrainOptions } from './options.js';

/** A file that was read as a table, and its three parts. */
export interface TableData extends PreparedTable {
  readonly path: string;
  readonly table: Table;
}

/** A model that was trained on a table. */
export interface KnownTable {
  /** Its file. */
  readonly path: string;
  /** Undefined if it was trained on other data. */
  readonly preparation: Preparation | undefined;
}

/**
 * Returns the table of a file, prepared for a network.
 * @param known the model that goes on with its rows: its preparation is used
 * @throws UsageError for an option that does not fit the table; EngineError of kind `format` or `data` for its content
 */
export async function loadTable(
  path: string,
  { seed, loss, table: settings }: Pick<TrainConfig, 'seed' | 'loss' | 'table'>,
  { refuse }: OptionValues,
  known?: KnownTable,
): Promise<TableData> {
  if (known && !known.preparation) {
    throw refuse(`--load: ${known.path} was not trained on a table, so it cannot go on with the rows of ${path}`);
  }
  const { delimiter, header, target, task, columns, drop, missing, standardize } = settings;
  const split = settings.split === null ? undefined : splitOf(settings.split);
  const table = await readTableFile(path, { delimiter, header });
  const bar = new TableBar(terminalOf(process.stderr, process.env), `preparing ${path}`);
  const onProgress = (share: number) => bar.show(share);
  try {
    const { preparation } = known ?? {};
    const prepared = preparation
      ? await prepareTableInTurns(table, { seed, preparation, split, onProgress })
      : await prepareTableInTurns(table, {
          seed,
          split,
          onProgress,
          target: target ?? undefined,
          task: task ?? undefined,
          features: columns ?? undefined,
          drop: drop ?? undefined,
          missing,
          standardize,
          robustTarget: loss === 'huber' || loss === 'mean-absolute-error',
        });
    return { ...prepared, path, table };
  } catch (error) {
    if (error instanceof RangeError) throw refuse(error.message.replace('prepareTable: ', '--'));
    throw error instanceof EngineError
      ? new EngineError(error.kind, `${path}: ${error.message.replace(/^table: /, '')}`, { cause: error })
      : error;
  } finally {
    bar.clear();
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
    const { name, kind, missing, distinct, notes } = column;
    const feature = prepared.get(name);
    const reason = leftOut.get(name);
    const use =
      name === task.target.name
        ? 'to learn'
        : feature === undefined
          ? `left out${reason === undefined ? '' : `: ${reason}`}`
          : feature.kind === 'category'
            ? `${feature.values.length + 1} inputs, one for each ${whichValues(feature.values.length, distinct)} and one for others`
            : 'indicator' in feature && feature.indicator
              ? '2 inputs: missing ones are filled, and marked'
              : '1 input';
    return { column: name, kind, missing, values: valuesInWords(column), use: [use, ...notes].join('; ') };
  });
}

const whichValues = (told: number, all: number) =>
  told < all ? `of the ${told} most frequent of ${all} values` : 'value';

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
  return others > 0
    ? [...lines, `and ${count(others)} more columns, which --json and --report list one by one`]
    : lines;
}

/** Returns a text on one line of at most `width` characters. */
export function cut(text: string, width: number): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > width ? `${line.slice(0, width - 3)}...` : line;
}

/** Steps of a training on a table, unless it stops before: enough for a small network to overfit. */
const STEPS = 3000;
const [FEWEST_EPOCHS, MOST_EPOCHS] = [1, 500];
/** Multiplications and additions of a training, of which a software GPU does about 1e9 a second. */
const MOST_OPERATIONS = 3e10;
/** The share of epochs without improvement after which a training stops. */
const PATIENCE = 0.15;
/** λ times the number of rows: the mean loss has a share of 1 / rows for each row, and the penalty is to weigh as some rows. */
const PENALTY_ROWS = 3;
const MOST_L2 = 0.1;

/**
 * Returns the configuration with defaults for a table of this size, where no option was given. Measured on the 33 files of
 * scikit-learn and vega-datasets: wider networks and more steps do not end better; a λ that does not fall with the rows ends
 * worse on many rows, a smaller one on few; a last layer that begins as 0 ends better on few rows with many columns, which
 * outliers of a random start would decide, and elsewhere as well as another.
 */
export function withTableDefaults(config: TrainConfig, given: Partial<TrainOptions>, data: DataSizes): TrainConfig {
  const rows = data.examples;
  const hidden = given.hidden === undefined ? [64] : config.hidden;
  const most = affordableEpochs(data, parameterCount({ hidden }, data));
  const batch = Math.min(rows, given.batch === undefined ? defaultBatch(rows, most) : config.batch);
  const epochs = given.epochs === undefined ? defaultEpochs(Math.ceil(rows / batch), most) : config.epochs;
  return {
    ...config,
    hidden,
    dropout: given.dropout === undefined ? hidden.map(() => 0.2) : config.dropout,
    l2: given.l2 === undefined ? defaultL2(rows, config.l2Convention) : config.l2,
    learningRate: given['learning-rate'] === undefined && given.optimizer === undefined ? 3e-3 : config.learningRate,
    batch,
    epochs,
    patience: config.patience ?? Math.max(10, Math.ceil(PATIENCE * epochs)),
    startsGuessing: true,
  };
}

/** Returns the λ of the same penalty in every convention. */
function defaultL2(rows: number, convention: L2Convention): number {
  const half = Math.min(MOST_L2, PENALTY_ROWS / rows);
  return Number({ half, sum: half / 2, mean: half * rows }[convention].toPrecision(2));
}

const SMALLEST_BATCH = 32;

/** Returns the size of a batch: smaller ones where `epochs`, the most that there is time for, are too few steps otherwise. */
function defaultBatch(rows: number, epochs: number): number {
  let batch = rows < 2000 ? SMALLEST_BATCH : rows < 10_000 ? 64 : 256;
  while (batch > SMALLEST_BATCH && epochs * Math.ceil(rows / batch) < STEPS) batch /= 2;
  return batch;
}

function defaultEpochs(stepsOfEpoch: number, most: number): number {
  return Math.min(MOST_EPOCHS, Math.ceil(STEPS / stepsOfEpoch), most);
}

function affordableEpochs({ examples }: DataSizes, parameters: number): number {
  const operations = 6 * examples * parameters; // forward, and backward twice as many
  return Math.max(FEWEST_EPOCHS, Math.floor(MOST_OPERATIONS / operations));
}
