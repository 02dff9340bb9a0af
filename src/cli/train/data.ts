import { readFile, stat } from 'node:fs/promises';
import { type CsvData, type CsvOptions, parseCsv } from '../../data/csv.js';
import { type Dataset, split, take } from '../../data/dataset.js';
import { ridgeData, sumData } from '../../data/synthetic.js';
import { checkNumber } from '../../errors/arguments.js';
import { EngineError } from '../../errors/engine-error.js';
import type { OptionValues } from '../parse-options.js';
import { count } from '../terminal/numbers.js';
import { TRAIN_VALUES, type TrainConfig } from './config.js';
import { loadMnist } from './mnist.js';
import { PRESETS } from './presets.js';

/** The data of a run, and both sets in words. */
export interface TrainingData {
  readonly train: Dataset;
  readonly validation: Dataset;
  readonly about: string;
}

/** The same before `--examples`: `about` takes the examples that are used and the purpose of the held-out ones. */
type AllData = Omit<TrainingData, 'about'> & { readonly about: (used: string, purpose?: Purpose) => string };

/** The purpose of held-out examples in words: of the test images, and of other rows or points. */
export interface Purpose {
  readonly images: string;
  readonly more: string;
}

const VALIDATION: Purpose = { images: 'validation on', more: 'for validation' };

/** The share of the rows of a CSV file that is held out. */
const HELD_OUT = 0.2;

/**
 * Returns the data of a configuration.
 * @param values of the command that was given it
 * @throws UsageError if the path does not exist, or `--target` or `--examples` does not fit; EngineError `format` or
 * `data` for its content
 */
export async function loadData(config: TrainConfig, values: OptionValues = TRAIN_VALUES): Promise<TrainingData> {
  const { train, validation, about } = await loadAll(config, values);
  const max = train.examples;
  const examples = config.examples ?? max;
  values.checked((command) => checkNumber(command, '--examples', examples, { min: 1, max, integer: true }));
  const used = examples === max ? count(max) : `the first ${count(examples)} of ${count(max)}`;
  return { train: take(train, examples), validation, about: about(used) };
}

/** Returns all data of a configuration. @throws as `loadData` does */
export async function loadAll(config: TrainConfig, values: OptionValues): Promise<AllData> {
  const { data, preset, seed } = config;
  if (data !== null) return loadPath(config, data, values);
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

async function loadPath({ target, classes, seed }: TrainConfig, path: string, values: OptionValues): Promise<AllData> {
  const { refuse } = values;
  const found = await stat(path).catch(() => undefined);
  if (!found) throw refuse(`--data: there is no ${path}`);
  if (found.isDirectory()) {
    if (target === null && !classes) return loadDirectory(path, values);
    throw refuse(`${target === null ? '--classes' : '--target'} is for a CSV file, and --data ${path} is a directory`);
  }
  const options = { classes: classes || undefined };
  const file = await loadDataFile(path, target ?? undefined, options).catch((error: Error) => {
    throw error instanceof RangeError ? refuse(error.message.replace('parseCsv', '--target')) : error;
  });
  const { dataset, features } = file;
  if (dataset.examples < 5) throw refuse(`--data: ${path} needs at least 5 rows, got ${dataset.examples}`);
  const parts = split(dataset, { validation: HELD_OUT, seed });
  const task = dataset.classes === undefined ? 'a number' : `one of ${dataset.classes} classes`;
  const about = (used: string, { more } = VALIDATION) =>
    `${path}: ${file.target} (${task}) from ${count(features.length)} columns; ` +
    `${used} rows, ${count(parts.validation.examples)} more ${more}`;
  return { ...parts, about };
}

async function loadDirectory(path: string, { refuse }: OptionValues): Promise<AllData> {
  const data = await loadMnist(path).catch((error: Error) => {
    throw error instanceof RangeError ? refuse(`--data: ${path}: ${error.message}`) : error;
  });
  const { train, test } = data;
  if (train.features === test.features) return images(path, data);
  throw refuse(`--data: ${path}: training images have ${train.features} pixels, test images ${test.features}`);
}

function images(name: string, { train, test }: { train: Dataset; test: Dataset }): AllData {
  const about = (used: string, { images } = VALIDATION) =>
    `${name}: ${used} images of ${count(train.features)} pixels in ${train.classes} classes; ` +
    `${images} the ${count(test.examples)} test images, which are never used to choose anything`;
  return { train, validation: test, about };
}

/**
 * Returns the data of a CSV file in UTF-8; values are separated by tabs if the name ends in `.tsv`, by commas otherwise.
 * @param target the column to learn; default the last one
 * @throws EngineError of kind `format` if the file cannot be read, and as `parseCsv`.
 */
export async function loadDataFile(
  path: string,
  target?: string,
  options: Omit<CsvOptions, 'target'> = {},
): Promise<CsvData> {
  const bytes = await readFile(path).catch((cause: Error) => {
    throw new EngineError('format', `data file: cannot read ${path}: ${cause.message}`, { cause });
  });
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new EngineError('format', `data file: ${path} is not UTF-8`, { cause });
  }
  const delimiter = path.toLowerCase().endsWith('.tsv') ? '\t' : ',';
  return parseCsv(text, { delimiter, ...options, target });
}
