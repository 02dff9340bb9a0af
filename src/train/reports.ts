/** What one step of training measured. */
export interface StepMetrics {
  /** Optimiser steps before this one. */
  readonly step: number;
  /** The mean loss of the batch, before the update, dropout included. */
  readonly loss: number;
  /** The share of right answers, where there is such a thing. */
  readonly accuracy?: number;
}

/** What has been measured since the last call of `metrics`. */
export interface Metrics {
  /** Oldest first; the most recent ones if there were more than the ring holds. */
  readonly steps: readonly StepMetrics[];
  /** The penalty of the parameters as they are now. */
  readonly penalty: number;
}

/** What an evaluation measured, without dropout. */
export interface Evaluation {
  /** The mean loss of the examples. */
  readonly loss: number;
  /** The penalty of the parameters. */
  readonly penalty: number;
  /** loss + penalty. */
  readonly objective: number;
  /** The share of right answers, where there is such a thing. */
  readonly accuracy?: number;
}

/** What has been measured, by member, since the last call of `metrics`; NaN for a member that has diverged. */
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
  /** With early stopping: whether this was the last epoch, since nothing has become better for long enough. */
  readonly stopped?: boolean;
}

type Measure = keyof Evaluation | `${'train' | 'validation'}${Capitalize<keyof Evaluation>}`;

/** A report in which every measure is a list with one number a member, NaN for one that has diverged. */
export type PerMember<Report> = {
  readonly [Name in keyof Report]: Name extends Measure
    ? readonly number[]
    : Name extends 'stopped'
      ? readonly boolean[]
      : Report[Name];
};

/** The report of member 0 alone. */
export function ofFirst<Report extends object>(report: PerMember<Report>): Report {
  const entries = Object.entries(report).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]);
  return Object.fromEntries(entries);
}
