import { uniform } from './random.js';

/** Streams of random numbers: which labels, and what they become. */
const STREAM = { train: 3, validation: 5 };

/**
 * Returns the labels with a share of them, rounded to whole examples, replaced by another class; the same ones for a seed,
 * and with a larger share these and more. The labels to judge by get as much noise as those to learn from, other ones: both
 * are of the same world, so that the gap between the two losses is what was learned by heart, and nothing else.
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
