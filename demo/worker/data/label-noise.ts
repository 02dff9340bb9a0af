import type { Dataset } from 'wgrad';
import { normal, uniform } from './random.js';

/** Random stream of each part, of labels and of numbers. */
const STREAM = { train: 3, validation: 5, test: 7 };
const NUMBER_STREAM = { train: 4, validation: 6, test: 8 };

/**
 * Returns the labels with a share of them, rounded to whole examples, replaced by another class. A seed always chooses
 * the same ones, and a larger share adds to them. Validation labels get as much noise as training labels: both then
 * have the same distribution, so that the gap between the two losses is what was memorised, and nothing else.
 */
export function withLabelNoise(
  labels: Uint32Array,
  { classes, share, seed, part }: { classes: number; share: number; seed: number; part: keyof typeof STREAM },
): Uint32Array {
  const count = Math.round(share * labels.length);
  if (count === 0 || classes < 2) return labels;
  const draw = uniform(seed, STREAM[part]);
  const lots = Array.from(labels, (_, row) => ({ row, lot: draw(), shift: 1 + Math.floor(draw() * (classes - 1)) }));
  lots.sort((a, b) => a.lot - b.lot || a.row - b.row);
  const noisy = labels.slice();
  for (const { row, shift } of lots.slice(0, count)) noisy[row] = (labels[row] + shift) % classes;
  return noisy;
}

/** Returns the examples with a share `noise` of wrong classes or, for numbers, with noise of this standard deviation. */
export function withNoise(
  data: Dataset,
  { noise, seed, part }: { noise: number; seed: number; part: keyof typeof STREAM },
): Dataset {
  const { y, classes } = data;
  if (noise === 0) return data;
  if (classes && y instanceof Uint32Array) {
    return { ...data, y: withLabelNoise(y, { classes, share: noise, seed, part }) };
  }
  const draw = normal(uniform(seed, NUMBER_STREAM[part]));
  return { ...data, y: Float32Array.from(y, (value) => value + noise * draw()) };
}
