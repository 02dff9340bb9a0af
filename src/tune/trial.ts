import type { Configuration } from './space.js';

/** The measures of one epoch of a trial. */
export interface TrialEpoch {
  /** Epochs trained, this one included. */
  readonly epoch: number;
  /** Wall time, shared out equally among the trials that trained together. */
  readonly seconds: number;
  /** The mean over the epoch's examples of the loss in training, dropout included; over folds, their mean. */
  readonly trainLoss: number;
  readonly trainAccuracy?: number;
  /** Without dropout, on the validation set; with folds the mean over the folds of that on the rows held out. */
  readonly validationLoss: number;
  readonly validationAccuracy?: number;
  /** The number that the search compares: smaller is better (an accuracy counts as 1 - accuracy). */
  readonly score: number;
  /** With folds: the standard error of the score's mean over the folds. */
  readonly standardError?: number;
}

/**
 * - 'running': in training, or about to be
 * - 'finished': trained to the end of the search
 * - 'stopped early': no better for as many epochs as the patience allows; its weights are the best ones it had
 * - 'dropped': given up by the strategy, or because its training failed again and again on other machines
 * - 'diverged': something was not finite
 */
export type TrialStatus = 'running' | 'finished' | 'stopped early' | 'dropped' | 'diverged';

/** One configuration and its training. */
export interface Trial {
  /** Its number in the search, from 0. */
  readonly id: number;
  readonly config: Configuration;
  readonly status: TrialStatus;
  /** The trial whose state it started as a copy of, if it did. */
  readonly parent?: number;
  /** Epochs trained, those of the parent included. */
  readonly epochs: number;
  /** The score of its last epoch, or of its best one where the search has patience; missing before the first. */
  readonly score?: number;
  /** One per epoch. */
  readonly rungs: readonly TrialEpoch[];
  /** Its share of the wall time. */
  readonly seconds: number;
  /** The step, and the tensor or measure that was not finite, if it diverged. */
  readonly diverged?: { readonly step: number; readonly what: string };
  /** The last message of a training that failed again and again, if that is why it was dropped. */
  readonly failure?: string;
}

/** Returns the trial with the lowest score of those that were neither dropped nor diverged; of equal ones the first. */
export function leadingOf(trials: readonly Trial[]): Trial | undefined {
  return bestOf(trials.filter(({ status }) => status !== 'dropped' && status !== 'diverged'));
}

/** Returns the best of the trials that trained to their end. */
export function bestEnded(trials: readonly Trial[]): Trial | undefined {
  return bestOf(trials.filter(({ status }) => status === 'finished' || status === 'stopped early'));
}

/** Trials from best to worst: smaller scores first, then smaller ids; those without a score, or whose score is NaN, last. */
export function ranked(trials: readonly Trial[]): Trial[] {
  const scoreOf = ({ score = Infinity }: Trial) => (Number.isNaN(score) ? Infinity : score);
  return [...trials].sort((a, b) => {
    const [first, second] = [scoreOf(a), scoreOf(b)];
    return first === second ? a.id - b.id : first - second;
  });
}

/** The trial with the lowest score, if one has any; of equal ones the first. */
function bestOf(trials: readonly Trial[]): Trial | undefined {
  return ranked(trials.filter(({ score }) => score !== undefined))[0];
}

/** The epoch by which a trial is judged: the last one, or with patience the first of the best ones, whose weights it keeps. */
export function judgedEpoch({ rungs, score }: Trial, patience: number | undefined): TrialEpoch | undefined {
  return patience === undefined ? rungs[rungs.length - 1] : rungs.find((rung) => rung.score === score);
}

/** Epochs since the best one. */
export function waited(rungs: readonly TrialEpoch[]): number {
  const scores = rungs.map(({ score }) => score);
  return scores.length - 1 - scores.indexOf(Math.min(...scores));
}

/** Returns the trial with the largest λ whose score is within one standard error of the best one's. */
export function largestWithinOneError(
  trials: readonly Trial[],
  best: Trial,
  patience: number | undefined,
): Trial | undefined {
  const limit = (best.score ?? 0) + (judgedEpoch(best, patience)?.standardError ?? 0);
  const able = trials.filter(({ status }) => status !== 'dropped' && status !== 'diverged');
  return simplestWithin(limit, able, ({ score }) => score);
}

/** Returns what has the largest λ, the first of equal ones, of what scores at most `limit`; undefined if nothing with a λ does. */
export function simplestWithin<T extends Pick<Trial, 'config'>>(
  limit: number,
  all: readonly T[],
  scoreOf: (one: T) => number | null | undefined,
): T | undefined {
  const able = all.filter((one) => typeof one.config.l2 === 'number' && (scoreOf(one) ?? Infinity) <= limit);
  return able.reduce<T | undefined>(
    (most, one) => (most && Number(most.config.l2) >= Number(one.config.l2) ? most : one),
    undefined,
  );
}
