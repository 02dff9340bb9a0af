import type { LossTensors } from '../nn/loss.js';

/** Sums of losses and of right answers. */
export interface Totals {
  readonly loss: number;
  readonly correct: number;
}

/** Of something that diverged. */
export const NO_TOTALS: Totals = { loss: Number.NaN, correct: Number.NaN };

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

/** The mean loss over examples with the summed weight `weight`, and the share of right answers where the loss has one. */
export function meanOf(
  { loss, correct }: Totals,
  weight: number,
  tensors: LossTensors,
): { loss: number; accuracy?: number } {
  const mean = (loss * tensors.lossScale) / weight;
  if (!tensors.correctSums) return { loss: mean };
  return { loss: mean, accuracy: (correct * (tensors.correctScale ?? 1)) / weight };
}

/** Means of several members as one list a measure. */
export function meansOf(
  totals: readonly Totals[],
  weights: readonly number[],
  tensors: LossTensors,
): { loss: number[]; accuracy?: number[] } {
  const means = totals.map((each, member) => meanOf(each, weights[member], tensors));
  const loss = means.map((each) => each.loss);
  if (!tensors.correctSums) return { loss };
  return { loss, accuracy: means.map(({ accuracy = Number.NaN }) => accuracy) };
}
