import { type Dataset, slice, split, take } from 'wgrad';
import { LIMITS } from '../../contract/state.js';
import { refusals } from '../../words/words.js';
import { withNoise } from './label-noise.js';
import { type LoadedData, MOST_MEASURED } from './loaded-data.js';
import type { OwnFile, OwnOptions } from './own-file.js';

/** Share of the examples that validation and test have each. */
const HELD = 0.2;

/** The description of an IDX data set. */
export interface IdxFacts {
  readonly title: string;
  readonly source: string;
  readonly classes: readonly string[];
  readonly image?: { readonly width: number; readonly height: number } | undefined;
}

/**
 * A person's own IDX data set. The seed deals its examples to training, validation and test. Bytes, such as pixels, stay as
 * they are; other numbers are standardised by the training examples.
 */
export class OwnImages implements OwnFile {
  readonly #all: Dataset;
  readonly #facts: IdxFacts;
  readonly #held: number;

  /** @throws Error if there are too few examples */
  constructor(all: Dataset, facts: IdxFacts) {
    this.#all = all;
    this.#facts = facts;
    this.#held = Math.min(MOST_MEASURED, Math.round(HELD * all.examples));
    const { examples } = this.size();
    if (examples >= LIMITS.examples.min) return;
    throw new Error(refusals.fewExamples(examples, LIMITS.examples.min));
  }

  size() {
    return { examples: this.#all.examples - 2 * this.#held, features: this.#all.features };
  }

  load({ examples, noise, seed }: OwnOptions): LoadedData {
    const held = this.#held;
    const parts = split(this.#all, { validation: 2 * held, seed });
    const train = take(parts.train, Math.min(examples, parts.train.examples));
    const scaled = scaler(train);
    const noisy = (data: Dataset, part: 'train' | 'validation' | 'test') =>
      withNoise(scaled(data), { noise, seed, part });
    return {
      name: 'own',
      ...this.#facts,
      train: noisy(train, 'train'),
      validation: noisy(slice(parts.validation, 0, held), 'validation'),
      test: noisy(slice(parts.validation, held, 2 * held), 'test'),
      available: parts.train.examples,
    };
  }
}

/** Machine epsilon of float32. */
const ROUNDING = 2 ** -23;

/** Returns a function that gives the columns of examples mean 0 and deviation 1, as of `train`; it leaves bytes as they are. */
function scaler({ x, features }: Dataset): (data: Dataset) => Dataset {
  if (!(x instanceof Float32Array)) return (data) => data;
  const rows = x.length / features;
  const mean = new Float64Array(features);
  const square = new Float64Array(features);
  for (let i = 0; i < x.length; i++) mean[i % features] += x[i] / rows;
  for (let i = 0; i < x.length; i++) square[i % features] += (x[i] - mean[i % features]) ** 2 / rows;
  // A column that is constant but for the rounding of its mean stays near 0.
  const deviation = square.map((each, i) => (Math.sqrt(each) > ROUNDING * Math.abs(mean[i]) ? Math.sqrt(each) : 1));
  return (data) => ({
    ...data,
    x: Float32Array.from(data.x, (value, i) => (value - mean[i % features]) / deviation[i % features]),
  });
}
