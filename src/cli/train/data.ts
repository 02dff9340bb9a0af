import { type Dataset, take } from '../../data/dataset.js';
import { ridgeData, sumData } from '../../data/synthetic.js';
import { checkNumber } from '../../errors/arguments.js';
import type { OptionValues } from '../parse-options.js';
import { findData } from '../table-file.js';
import { count } from '../terminal/numbers.js';
import { TRAIN_VALUES, type TrainConfig } from './config.js';
import { loadMnist } from './mnist.js';
import { PRESETS } from './presets.js';
import { describeTask, type KnownTable, loadTable, type TableData } from './table.js';

/** The data of a run, and both sets in words. */
export interface TrainingData {
  readonly train: Dataset;
  readonly validation: Dataset;
  readonly about: string;
  /** The table that they are parts of, if there is one; its test rows are measured at the end alone. */
  readonly table?: TableData | undefined;
}

/** The same before `--examples`: `about` takes the examples that are used and the purpose of the held-out ones. */
type AllData = Omit<TrainingData, 'about'> & { readonly about: (used: string, purpose?: Purpose) => string };

/** The purpose of held-out examples in words: of the test images, and of other rows or points. */
export interface Purpose {
  readonly images: string;
  readonly more: string;
}

const VALIDATION: Purpose = { images: 'validation on', more: 'for validation' };

/**
 * Returns the data of a configuration.
 * @param values of the command that was given it
 * @param known the model that goes on with them
 * @throws UsageError if the path does not exist, or `--target` or `--examples` does not fit; EngineError `format` or
 * `data` for its content
 */
export async function loadData(
  config: TrainConfig,
  values: OptionValues = TRAIN_VALUES,
  known?: KnownTable,
): Promise<TrainingData> {
  const { train, validation, about, table } = await loadAll(config, values, known);
  const max = train.examples;
  const examples = config.examples ?? max;
  values.checked((command) => checkNumber(command, '--examples', examples, { min: 1, max, integer: true }));
  const used = examples === max ? count(max) : `the first ${count(examples)} of ${count(max)}`;
  return { train: take(train, examples), validation, about: about(used), table };
}

/** Returns all data of a configuration. @throws as `loadData` does */
export async function loadAll(config: TrainConfig, values: OptionValues, known?: KnownTable): Promise<AllData> {
  const { data, preset, seed } = config;
  if (data !== null) return loadPath(config, data, values, known);
  const kind = PRESETS[preset].data;
  if (kind === 'mnist') return images('MNIST', await loadMnist());
  const made = kind === 'line' ? ridgeData(seed) : sumData(seed);
  const formula = kind === 'line' ? 'y = 2x + 1 + 0.5 · noise' : 'y = Σ (2x + 1) over 10 features + 0.5 · noise';
  return {
    ...made,
    about: (used, { more } = VALIDATION) =>
      `${used} points of ${formula}; ${count(made.validation.examples)} more ${more}`,
  };
}

async function loadPath(config: TrainConfig, path: string, values: OptionValues, known?: KnownTable): Promise<AllData> {
  const { refuse } = values;
  if ((await findData(path, refuse)).isDirectory()) {
    const { target, task } = config.table;
    const option =
      target !== null ? '--target' : task !== null ? (task === 'classes' ? '--classes' : '--number') : undefined;
    if (option !== undefined) throw refuse(`${option} is for a table, and --data ${path} is a directory`);
    return loadDirectory(path, values);
  }
  const table = await loadTable(path, config, values, known);
  const { train, validation, test } = table;
  const about = (used: string) =>
    `${path}: ${describeTask(table)}; ${used} rows to train on, ${count(validation.examples)} to choose by, ` +
    `${count(test.examples)} to test`;
  return { train, validation, about, table };
}

async function loadDirectory(path: string, { refuse }: OptionValues): Promise<AllData> {
  const data = await loadMnist(path).catch((error: Error) => {
    throw error instanceof RangeError || error instanceof TypeError
      ? refuse(`--data: ${path}: ${error.message}`)
      : error;
  });
  const { train, test } = data;
  if (train.features === test.features) return images(path, data);
  throw refuse(`--data: ${path}: training images have ${train.features} pixels, test images ${test.features}`);
}

function images(name: string, { train, test }: { train: Dataset; test: Dataset }): AllData {
  const about = (used: string, { images } = VALIDATION) =>
    `${name}: ${used} images of ${count(train.features)} pixels in ${train.classes} classes${codesOf(train)}; ` +
    `${images} the ${count(test.examples)} test images, which are never used to choose anything`;
  return { train, validation: test, about };
}

const MOST_CODES = 10;

/** Returns the codes of classes in words, unless they are 0, 1, 2, ... */
function codesOf({ classNames = [] }: Dataset): string {
  if (classNames.every((name, index) => name === String(index))) return '';
  const more = classNames.length > MOST_CODES ? ', ...' : '';
  return ` (${classNames.slice(0, MOST_CODES).join(', ')}${more})`;
}
