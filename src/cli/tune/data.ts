import { type Dataset, slice, take } from '../../data/dataset.js';
import { checkNumber } from '../../errors/arguments.js';
import { count } from '../terminal/numbers.js';
import { loadAll, type Purpose } from '../train/data.js';
import type { TableData } from '../train/table.js';
import { TUNE_VALUES, type TuneConfig } from './config.js';

/** Data to train on, data to choose by, and data that only the winner is measured on. */
export interface TuningData {
  readonly train: Dataset;
  /** The last of the training data; none in a cross-validation. */
  readonly validation: Dataset | undefined;
  readonly test: Dataset;
  /** The number of examples that are trained on, as `--examples` has it; null for all. */
  readonly examples: number | null;
  /** In words. */
  readonly about: string;
  readonly table?: TableData;
}

const WINNER: Purpose = { images: 'the winner is tested on', more: 'to test the winner' };

/** The share of the training data that is held out to choose by, and how many examples that are at most. */
const HELD_OUT = 1 / 5;
const MOST_HELD_OUT = 5000;

/**
 * Returns the data of a search. The validation data of `wgrad train` is never used to choose: a choice among many networks
 * would flatter the winner.
 * @throws as `loadData` does
 */
export async function loadTuningData({ train: config, folds }: TuneConfig): Promise<TuningData> {
  const { train, validation, about, table } = await loadAll(config, TUNE_VALUES);
  if (table) return tableParts(config, folds, table, about);
  const test = validation;
  const held = folds > 0 ? 0 : Math.min(MOST_HELD_OUT, Math.floor(train.examples * HELD_OUT));
  const max = train.examples - held;
  const examples = config.examples ?? max;
  TUNE_VALUES.checked((command) => checkNumber(command, '--examples', examples, { min: 1, max, integer: true }));
  const chosen = held > 0 ? `, and the last ${count(held)} to choose by,` : '';
  const used =
    held === 0 && examples === max ? count(max) : `the first ${count(examples)}${chosen} of ${count(train.examples)}`;
  return {
    train: take(train, examples),
    validation: held > 0 ? slice(train, max, train.examples) : undefined,
    test,
    examples: examples === train.examples ? null : examples,
    about: about(used, WINNER),
  };
}

/** Returns the three parts of a table; a cross-validation chooses by the rows that are trained on. */
function tableParts(
  { examples: asked }: TuneConfig['train'],
  folds: number,
  table: TableData,
  about: (used: string) => string,
): TuningData {
  const { validation, test } = table;
  const max = table.train.examples;
  const examples = asked ?? max;
  TUNE_VALUES.checked((command) => checkNumber(command, '--examples', examples, { min: 1, max, integer: true }));
  return {
    train: take(table.train, examples),
    validation: folds > 0 ? undefined : validation,
    test,
    examples: asked,
    about: about(examples === max ? count(max) : `the first ${count(examples)} of ${count(max)}`),
    table,
  };
}
