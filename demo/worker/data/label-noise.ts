import { uniform } from './random.js';

/** Streams of random numbers: which labels, and what they become. */
const STREAM = 3;

/**
 * Returns the labels with a share of them, rounded to whole examples, replaced by another class; the same ones for a seed,
 * and with a larger share these and more. Only training labels get noise: the labels to judge by stay clean, so that they
 * tell what a network has understood, not how much of the noise it has learned by heart.
 */
export function withLabelNoise(labels: Uint32Array, classes: number, share: number, seed: number): Uint32Array {
  const count = Math.round(share * labels.length);
  if (count === 0 || classes < 2) return labels;
  const draw = uniform(seed, STREAM);
  const lots = Array.from(labels, (_, row) => ({ row, lot: draw(), shift: 1 + Math.floor(draw() * (classes - 1)) }));
  lots.sort((a, b) => a.lot - b.lot || a.row - b.row);
  const noisy = labels.slice();
  for (const { row, shift } of lots.slice(0, count)) noisy[row] = (labels[row] + shift) % classes;
  return noisy;
}
