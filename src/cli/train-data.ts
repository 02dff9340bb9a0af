import { stat } from 'node:fs/promises';
import { type Dataset, split } from '../train/dataset.js';
import { ridgeData, sumData } from '../train/synthetic.js';
import { loadDataFile } from './data-file.js';
import { loadMnist } from './mnist.js';
import { count } from './numbers.js';
import { PRESETS } from './presets.js';
import { refuse, type TrainConfig } from './train-config.js';

/** What a run learns from and what it is judged by, with both in words. */
export interface TrainingData {
  readonly train: Dataset;
  readonly validation: Dataset;
  readonly about: string;
}

/** The share of the rows of a CSV file that is held out. */
const HELD_OUT = 0.2;

/**
 * Returns the data of a configuration.
 * @throws UsageError if the path does not exist or `--target` does not fit; EngineError `format` or `data` for its content
 */
export async function loadData(config: TrainConfig): Promise<TrainingData> {
  const { data, preset, seed } = config;
  if (data !== null) return loadPath(config, data);
  const kind = PRESETS[preset].data;
  if (kind === 'mnist') return images('MNIST', await loadMnist());
  const made = kind === 'line' ? ridgeData(seed) : sumData(seed);
  const formula = kind === 'line' ? 'y = 2x + 1 + 0.5 · noise' : 'y = Σ (2x + 1) over 10 features + 0.5 · noise';
  const { examples } = made.train;
  return {
    ...made,
    about: `${count(examples)} points of ${formula}; ${count(made.validation.examples)} more to judge by`,
  };
}

async function loadPath({ target, classes, seed }: TrainConfig, path: string): Promise<TrainingData> {
  const found = await stat(path).catch(() => undefined);
  if (!found) throw refuse(`--data: there is no ${path}`);
  if (found.isDirectory()) {
    if (target === null && !classes) return loadDirectory(path);
    throw refuse(`${target === null ? '--classes' : '--target'} is for a CSV file, and --data ${path} is a directory`);
  }
  const options = classes ? { classes } : {};
  const file = await loadDataFile(path, target ?? undefined, options).catch((error: Error) => {
    throw error instanceof RangeError ? refuse(error.message.replace('parseCsv', '--target')) : error;
  });
  const { dataset, features } = file;
  if (dataset.examples < 5) throw refuse(`--data: ${path} needs at least 5 rows, got ${dataset.examples}`);
  const parts = split(dataset, { validation: HELD_OUT, seed });
  const task = dataset.classes === undefined ? 'a number' : `one of ${dataset.classes} classes`;
  const about =
    `${path}: ${file.target} (${task}) from ${count(features.length)} columns; ` +
    `${count(parts.train.examples)} rows, ${count(parts.validation.examples)} more to judge by`;
  return { ...parts, about };
}

async function loadDirectory(path: string): Promise<TrainingData> {
  const data = await loadMnist(path).catch((error: Error) => {
    throw error instanceof RangeError ? refuse(`--data: ${path}: ${error.message}`) : error;
  });
  const { train, test } = data;
  if (train.features === test.features) return images(path, data);
  throw refuse(`--data: ${path}: training images have ${train.features} pixels, test images ${test.features}`);
}

function images(name: string, { train, test }: { train: Dataset; test: Dataset }): TrainingData {
  const about =
    `${name}: ${count(train.examples)} images of ${count(train.features)} pixels in ${train.classes} classes; ` +
    `validation = the ${count(test.examples)} test images, by which nothing is chosen`;
  return { train, validation: test, about };
}
