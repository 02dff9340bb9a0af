import { dataset } from 'wgrad';
import { mostExamples } from '../../contract/state.js';
import { withLabelNoise } from './label-noise.js';
import type { LoadedData } from './loaded-data.js';
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

/** The random numbers of a point, and its class, which alternates. */
interface Dice {
  /** The class, 0 or 1. */
  readonly label: number;
  /** Draws a number in [0, 1). */
  readonly draw: () => number;
  readonly normal: () => number;
}

/**
 * Points of the plane in two classes of equal size. The classes overlap or are thin, so that a large network without
 * regularisation memorises single points.
 */
const PLANES = {
  moons: {
    title: 'Two moons',
    at({ label, draw, normal }: Dice) {
      const angle = Math.PI * draw();
      const [x, y] = [Math.cos(angle), Math.sin(angle)];
      const [across, up] = label === 0 ? [x, y] : [1 - x, 0.5 - y];
      return [across - 0.5 + 0.3 * normal(), up - 0.25 + 0.3 * normal()];
    },
  },
  circles: {
    title: 'Circles',
    at({ label, draw, normal }: Dice) {
      const angle = 2 * Math.PI * draw();
      const radius = label === 0 ? 1.3 : 0.6;
      return [radius * Math.cos(angle) + 0.25 * normal(), radius * Math.sin(angle) + 0.25 * normal()];
    },
  },
  spiral: {
    title: 'Spiral',
    at({ label, draw, normal }: Dice) {
      const along = Math.sqrt(draw()); // a uniform density from inside to outside
      const angle = 3 * Math.PI * along + Math.PI * label;
      const radius = 0.1 + 1.5 * along;
      return [radius * Math.cos(angle) + 0.1 * normal(), radius * Math.sin(angle) + 0.1 * normal()];
    },
  },
  xor: {
    title: 'XOR',
    at({ label, draw, normal }: Dice) {
      const right = draw() < 0.5 ? 1 : -1;
      const up = label === 0 ? right : -right;
      return [0.8 * right + 0.5 * normal(), 0.8 * up + 0.5 * normal()];
    },
  },
} as const;

/** Names of the data sets in the plane. */
export type PlaneName = keyof typeof PLANES;

/** Returns points of the plane in two classes; equal options give equal points. */
export function planeData(name: PlaneName, { examples, noise, seed }: ToyOptions): LoadedData {
  const { title, at } = PLANES[name];
  const part = (count: number, part: keyof typeof STREAM) => {
    const draw = uniform(seed, STREAM[part]);
    const dice = { draw, normal: normal(draw) };
    const y = Uint32Array.from({ length: count }, (_, i) => i % 2);
    const x = Float32Array.from(Array.from(y, (label) => at({ label, ...dice })).flat());
    return dataset({ x, y: withLabelNoise(y, { classes: 2, share: noise, seed, part }), features: 2, classes: 2 });
  };
  return {
    name,
    title,
    source: 'Made on this page from the seed.',
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
    const draw = uniform(seed, stream);
    const error = normal(draw);
    const points = Array.from({ length: count }, () => {
      const x = Math.sqrt(3) * (2 * draw() - 1);
      return [x, Math.sin(2.5 * x) + noise * error()];
    });
    return dataset({ x: points.map(([x]) => x), y: points.map(([, y]) => y), features: 1 });
  };
  return {
    name: 'sine',
    title: 'Noisy sine',
    source: 'Made on this page from the seed.',
    train: part(examples, STREAM.train),
    validation: part(HELD, STREAM.validation),
    test: part(HELD, STREAM.test),
    available: mostExamples('sine'),
  };
}
