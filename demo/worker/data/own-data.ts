import { type Dataset, split, take } from 'wgrad';
import { withLabelNoise } from './label-noise.js';
import type { LoadedData, Scale } from './loaded-data.js';
import { normal, uniform } from './random.js';
import type { ToyOptions } from './toys.js';

/** All examples of a person's file, as they are. */
export interface OwnSource {
  readonly title: string;
  readonly source: string;
  readonly all: Dataset;
  /** Number of training examples among them. */
  readonly trainingRows: number;
  readonly classes?: readonly string[];
  readonly image?: { readonly width: number; readonly height: number };
}

/** Share and largest number of validation examples; no more than these are measured. */
const VALIDATION = { share: 0.25, most: 1000 };
const NOISE_STREAM = { train: 4, validation: 6 };
/** Machine epsilon of float32. */
const ROUNDING = 2 ** -23;

/** Returns the number of validation examples among `examples`. */
export function validationRows(examples: number): number {
  return Math.min(VALIDATION.most, Math.round(VALIDATION.share * examples));
}

/**
 * Returns a person's own data: the seed chooses the validation examples; the first ones of the others are for training.
 * Numbers, as features and as targets, are standardised by the training examples, which are all that training may know;
 * bytes, such as pixels, stay as they are.
 */
export function ownData(own: OwnSource, { examples, noise, seed }: ToyOptions): LoadedData {
  const { title, source, classes, image, all } = own;
  const parts = split(all, { validation: all.examples - own.trainingRows, seed });
  const train = take(parts.train, Math.min(examples, parts.train.examples));
  const scaleX = scaleOf(train.x, train.features);
  const scaleY = classes ? undefined : scaleOf(train.y, train.outputs);
  const scaled = (part: Dataset) => ({
    ...part,
    x: scaleX ? standardise(part.x, scaleX) : part.x,
    y: scaleY ? standardise(part.y, scaleY) : part.y,
  });
  return {
    name: 'own',
    title,
    source,
    train: withNoise(scaled(train), { noise, seed, part: 'train' }),
    validation: withNoise(scaled(parts.validation), { noise, seed, part: 'validation' }),
    classes,
    image,
    standardised: scaleX || scaleY ? { x: scaleX, y: scaleY } : undefined,
  };
}

type Part = keyof typeof NOISE_STREAM;

function withNoise(data: Dataset, { noise, seed, part }: { noise: number; seed: number; part: Part }): Dataset {
  const { y, classes } = data;
  if (noise === 0) return data;
  if (classes && y instanceof Uint32Array) {
    return { ...data, y: withLabelNoise(y, { classes, share: noise, seed, part }) };
  }
  const draw = normal(uniform(seed, NOISE_STREAM[part]));
  return { ...data, y: Float32Array.from(y, (value) => value + noise * draw()) };
}

type Columns = Dataset['x'] | Dataset['y'];

/** Returns means and deviations of the columns of `values` [rows, columns]; undefined for bytes. */
function scaleOf(values: Columns, columns: number): Scale | undefined {
  if (!(values instanceof Float32Array)) return undefined;
  const rows = values.length / columns;
  const mean = new Array<number>(columns).fill(0);
  const square = new Array<number>(columns).fill(0);
  for (const [i, value] of values.entries()) mean[i % columns] += value / rows;
  for (const [i, value] of values.entries()) square[i % columns] += (value - mean[i % columns]) ** 2 / rows;
  // A column that is constant but for the rounding of its mean stays near 0.
  const deviation = square.map((each, i) => (Math.sqrt(each) > ROUNDING * Math.abs(mean[i]) ? Math.sqrt(each) : 1));
  return { mean, deviation };
}

/** Returns columns with mean 0 and deviation 1, if the scale is theirs. */
function standardise(x: Columns, { mean, deviation }: Scale): Float32Array {
  return Float32Array.from(x, (value, i) => (value - mean[i % mean.length]) / deviation[i % mean.length]);
}
