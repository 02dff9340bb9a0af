import type { MetricRow } from '../graph/executor.js';
import type { LossTensors } from '../nn/loss.js';

/** Sums over examples, by member; NaN for a member that has diverged. */
export interface Totals {
  readonly loss: readonly number[];
  /** Right answers. */
  readonly correct: readonly number[];
  /** The number of examples, or the sum of their weights. */
  readonly weight: readonly number[];
}

/**
 * Adds up, in float64, the sums over 64 rows each that steps left in the ring: losses first, then right answers.
 * @param isDiverged by member
 */
export function totalsOf(
  steps: readonly (readonly MetricRow[])[],
  weight: readonly number[],
  isDiverged: (member: number) => boolean,
): Totals {
  const sum = (metric: number) =>
    weight.map((_, member) => {
      if (isDiverged(member)) return Number.NaN;
      let total = 0;
      for (const row of steps) for (const value of row[member].values[metric] ?? []) total += value;
      return total;
    });
  return { loss: sum(0), correct: sum(1), weight };
}

/** Returns the sums of both. */
export function addTotals(a: Totals, b: Totals): Totals {
  return mapTotals(a, (values, name) => values.map((value, member) => value + b[name][member]));
}

/** Returns the sums of these members, in this order. */
export function pickTotals(totals: Totals, members: readonly number[]): Totals {
  return mapTotals(totals, (values) => members.map((member) => values[member]));
}

function mapTotals(
  { loss, correct, weight }: Totals,
  change: (values: readonly number[], name: keyof Totals) => readonly number[],
): Totals {
  return { loss: change(loss, 'loss'), correct: change(correct, 'correct'), weight: change(weight, 'weight') };
}

/** The mean loss by member, and the share of right answers where the loss tells right from wrong. */
export interface Means {
  readonly loss: readonly number[];
  readonly accuracy?: readonly number[] | undefined;
}

/** Returns the means of sums. */
export function meansOf({ loss, correct, weight }: Totals, tensors: LossTensors): Means {
  const { lossScale, correctSums, correctScale = 1 } = tensors;
  return {
    loss: loss.map((sum, member) => (sum * lossScale) / weight[member]),
    accuracy: correctSums && correct.map((sum, member) => (sum * correctScale) / weight[member]),
  };
}
