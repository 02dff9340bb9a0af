import { dataset } from 'wgrad';
import { withLabelNoise } from './label-noise.js';
import type { LoadedData } from './loaded-data.js';
import { normal, uniform } from './random.js';

/** Examples to judge by, of every toy. */
const VALIDATION = 500;
/** Streams of random numbers; the examples to judge by stay the same, however many there are to learn from. */
const STREAM = { train: 1, validation: 2 };

/** Everything that decides a toy data set. */
export interface ToyOptions {
  readonly examples: number;
  /** The share of labels that are wrong; of numbers, the deviation of the noise. */
  readonly noise: number;
  readonly seed: number;
}

/** A place and, by turns, its class. */
interface Dice {
  /** 0 or 1. */
  readonly label: number;
  /** In [0, 1). */
  readonly draw: () => number;
  readonly normal: () => number;
}

/**
 * Points of the plane in two classes, as many of each. They overlap, or are so thin, that a large network without
 * regularisation learns single points by heart.
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
      const along = Math.sqrt(draw()); // as dense outside as inside
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

/** Classes of points in the plane, by name. */
export type PlaneName = keyof typeof PLANES;

/** Returns points of the plane in two classes; the same ones for the same options. */
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
    validation: part(VALIDATION, 'validation'),
    classes: ['0', '1'],
  };
}

/**
 * Returns points along a sine; the same ones for the same options. x is uniform with mean 0 and deviation 1. The least loss
 * that there can be is the square of the noise.
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
    validation: part(VALIDATION, STREAM.validation),
  };
}
