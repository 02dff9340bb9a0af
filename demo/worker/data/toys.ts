import { dataset } from 'wgrad';
import { mostExamples } from '../../contract/state.js';
import { worker as words } from '../../words/words.js';
import { withLabelNoise } from './label-noise.js';
import type { LoadedData } from './loaded-data.js';
import { type PlaneName, planePoints, sinePoints } from './points.js';
import { normal, uniform } from './random.js';

/** Number of validation examples of every toy, and of test examples. */
const HELD = 500;
/** Random streams: validation examples stay the same for any number of training examples. */
const STREAM = { train: 1, validation: 2, test: 9 };

/** Options of a toy data set. */
export interface ToyOptions {
  readonly examples: number;
  /** Share of wrong labels; for regression, the noise's standard deviation. */
  readonly noise: number;
  readonly seed: number;
}

/** Returns points of the plane in two classes; equal options give equal points. */
export function planeData(name: PlaneName, { examples, noise, seed }: ToyOptions): LoadedData {
  const part = (count: number, part: keyof typeof STREAM) => {
    const points = planePoints(name, count, uniform(seed, STREAM[part]));
    const y = Uint32Array.from(points, ({ label }) => label);
    const x = Float32Array.from(points.flatMap(({ x, y }) => [x, y]));
    return dataset({ x, y: withLabelNoise(y, { classes: 2, share: noise, seed, part }), features: 2, classes: 2 });
  };
  return {
    name,
    title: words.titles[name],
    source: words.made,
    train: part(examples, 'train'),
    validation: part(HELD, 'validation'),
    test: part(HELD, 'test'),
    available: mostExamples(name),
    classes: ['0', '1'],
  };
}

/**
 * Returns points along a sine; equal options give equal points. x is uniform with mean 0 and deviation 1. The smallest
 * possible loss is the square of the noise.
 */
export function sineData({ examples, noise, seed }: ToyOptions): LoadedData {
  const part = (count: number, stream: number) => {
    const points = sinePoints(count, noise, uniform(seed, stream));
    return dataset({ x: points.map(({ x }) => x), y: points.map(({ y }) => y), features: 1 });
  };
  return {
    name: 'sine',
    title: words.titles.sine,
    source: words.made,
    train: part(examples, STREAM.train),
    validation: part(HELD, STREAM.validation),
    test: part(HELD, STREAM.test),
    available: mostExamples('sine'),
  };
}

/** Number of inputs of the sparse data, and those that matter, with their weights. */
const INPUTS = 64;
const MATTER = new Map([
  [5, 1],
  [18, -1],
  [31, 0.8],
  [44, -0.8],
  [57, 0.6],
]);

/**
 * Returns rows of 64 standard normal inputs, of which five add up to the number to learn; equal options give equal rows. The
 * smallest possible loss is the square of the noise.
 */
export function sparseData({ examples, noise, seed }: ToyOptions): LoadedData {
  const part = (count: number, stream: number) => {
    const gauss = normal(uniform(seed, stream));
    const rows = Array.from({ length: count }, () => {
      const x = Array.from({ length: INPUTS }, gauss);
      const sum = x.reduce((sum, value, i) => sum + value * (MATTER.get(i) ?? 0), 0);
      return { x, y: sum + noise * gauss() };
    });
    return dataset({ x: rows.flatMap(({ x }) => x), y: rows.map(({ y }) => y), features: INPUTS });
  };
  return {
    name: 'sparse',
    title: words.titles.sparse,
    source: words.made,
    train: part(examples, STREAM.train),
    validation: part(HELD, STREAM.validation),
    test: part(HELD, STREAM.test),
    available: mostExamples('sparse'),
    matter: [...MATTER.keys()],
  };
}
