import type { LossTensors } from '../nn/loss.js';

/** Sums of losses and of right answers. */
export interface Totals {
  readonly loss: number;
  readonly correct: number;
}

/** Adds up, in float64, the sums over 64 rows each that steps left in the ring: losses first, then right answers. */
export function totalOf(steps: readonly (readonly Float32Array[])[]): Totals {
  let loss = 0;
  let correct = 0;
  for (const [losses, hits = new Float32Array()] of steps) {
    for (const sum of losses) loss += sum;
    for (const sum of hits) correct += sum;
  }
  return { loss, correct };
}

/** The mean loss of `count` examples, and the share of right answers where the loss has such a thing. */
export function meanOf(
  { loss, correct }: Totals,
  count: number,
  tensors: LossTensors,
): { loss: number; accuracy?: number } {
  const mean = (loss * tensors.lossScale) / count;
  if (!tensors.correctSums) return { loss: mean };
  return { loss: mean, accuracy: (correct * (tensors.correctScale ?? 1)) / count };
}
