import type { MetricRow } from '../graph/engine.js';
import type { LossTensors } from '../nn/losses.js';

/** The metrics of one step of training. */
export interface StepMetrics {
  /** Optimiser steps before this one. */
  readonly step: number;
  /** The mean loss of the batch, before the update, dropout included. */
  readonly loss: number;
  /** The share of right answers; missing for losses without right and wrong. */
  readonly accuracy?: number;
}

/** The metrics of the steps since the last call of `metrics`. */
export interface Metrics {
  /** Oldest first; the most recent ones if there were more than the ring holds. */
  readonly steps: readonly StepMetrics[];
  /** The penalty of the current parameters. */
  readonly penalty: number;
}

/** The result of an evaluation, without dropout. */
export interface Evaluation {
  /** The mean loss of the examples. */
  readonly loss: number;
  /** The penalty of the parameters. */
  readonly penalty: number;
  /** loss + penalty. */
  readonly objective: number;
  /** The share of right answers; missing for losses without right and wrong. */
  readonly accuracy?: number;
}

/** The metrics of the steps since the last call of `metrics`, by member; NaN for a member that has diverged. */
export interface PopulationMetrics {
  readonly steps: readonly PerMember<StepMetrics>[];
  readonly penalty: readonly number[];
}

/** One step of `fit`, where steps were asked for. */
export interface StepReport extends StepMetrics {
  readonly kind: 'step';
  readonly epoch: number;
  /** Steps of this epoch, this one included. */
  readonly stepInEpoch: number;
  /** Steps of a whole epoch. */
  readonly steps: number;
}

/** One epoch of `fit`. */
export interface EpochReport {
  readonly kind: 'epoch';
  /** From 1. */
  readonly epoch: number;
  /** Steps of this epoch. */
  readonly steps: number;
  /** The mean over the epoch's examples of the loss in training, dropout included. */
  readonly trainLoss: number;
  /** The penalty at the epoch's end. */
  readonly trainPenalty: number;
  /** trainLoss + trainPenalty. */
  readonly trainObjective: number;
  readonly trainAccuracy?: number;
  readonly validationLoss?: number;
  readonly validationPenalty?: number;
  readonly validationAccuracy?: number;
  /** Wall time of the training, validation not counted. */
  readonly seconds: number;
  readonly stepMilliseconds: number;
  /** With early stopping: true if this was the last epoch. */
  readonly stopped?: boolean;
}

type Measure = keyof Evaluation | `${'train' | 'validation'}${Capitalize<keyof Evaluation>}`;

/** A report in which every measure is a list with one number per member, NaN for one that has diverged. */
export type PerMember<Report> = {
  readonly [Name in keyof Report]: Name extends Measure
    ? readonly number[]
    : Name extends 'stopped'
      ? readonly boolean[]
      : Report[Name];
};

/** Returns the report of member 0 alone, without the measures that it does not have. */
export function ofFirst<Report extends object>(report: PerMember<Report>): Report {
  const entries = Object.entries(report)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]);
  return Object.fromEntries(entries);
}

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

/** Returns the means of sums; 0 where there was no weight, as in a batch whose rows all weigh 0. */
export function meansOf({ loss, correct, weight: weights }: Totals, tensors: LossTensors): Means {
  const { lossScale, correctSums, correctScale = 1 } = tensors;
  const weight = weights.map((each) => each || 1);
  return {
    loss: loss.map((sum, member) => (sum * lossScale) / weight[member]),
    accuracy: correctSums && correct.map((sum, member) => (sum * correctScale) / weight[member]),
  };
}
