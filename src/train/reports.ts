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
