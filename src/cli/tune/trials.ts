import type { Configuration, ConfigurationValue, SearchResult, Trial, TrialEpoch, TrialStatus } from '../../tune.js';
import { count, median, percent, rounded, shareOr, short } from '../terminal/numbers.js';

const classOf = ({ status }: Trial) => (status === 'diverged' ? 2 : status === 'dropped' ? 1 : 0);

/**
 * Returns the trials, the leading one first: by score those that are still in the search, then those it gave up (the
 * longer trained first), then those that diverged.
 */
export function rankTrials(trials: readonly Trial[]): Trial[] {
  const scored = ({ score }: Trial) => score ?? Number.MAX_VALUE;
  const trained = (trial: Trial) => (classOf(trial) === 1 ? trial.epochs : 0);
  return trials.toSorted(
    (a, b) => classOf(a) - classOf(b) || trained(b) - trained(a) || scored(a) - scored(b) || a.id - b.id,
  );
}

/** Returns a trial's score, if it is one to show. */
export const scoreOf = ({ status, score }: Trial): number | undefined =>
  status !== 'diverged' && score !== undefined && Number.isFinite(score) ? score : undefined;

/** Returns the epoch by which a trial is judged: the last one, or the best one where the search has patience. */
export function judgedEpoch({ score, rungs }: Trial): TrialEpoch | undefined {
  return rungs.findLast((rung) => rung.score === score) ?? rungs.at(-1);
}

/** Returns a value of a configuration for a person: numbers in at most four digits, those of layers separated by commas. */
export function valueText(value: ConfigurationValue | undefined): string {
  if (value === undefined) return '-';
  if (typeof value === 'number') return rounded(value);
  return Array.isArray(value) ? value.map(valueText).join(',') || 'none' : String(value);
}

/** Returns a configuration as `l2 1e-4, dropout 0.2,0.5`. */
function configText(config: Configuration, names: readonly string[] = Object.keys(config)): string {
  return names.map((name) => `${name} ${valueText(config[name])}`).join(', ');
}

/** Returns a trial as `trial 3: l2 1e-4, dropout 0.2`. */
export const trialName = ({ id, config }: Trial, names?: readonly string[]) =>
  `trial ${id}: ${configText(config, names)}`;

/** Returns the names in a search's configurations whose values differ; all of them if none does. */
export function variedNames({ trials }: Pick<SearchResult, 'trials'>): string[] {
  const names = [...new Set(trials.flatMap(({ config }) => Object.keys(config)))];
  const varied = names.filter((name) => new Set(trials.map(({ config }) => JSON.stringify(config[name]))).size > 1);
  return varied.length > 0 ? varied : names;
}

/** Returns validation loss - training loss, with its sign. */
export function gapText(trial: Trial): string | undefined {
  const epoch = judgedEpoch(trial);
  if (!epoch) return undefined;
  const gap = epoch.validationLoss - epoch.trainLoss;
  return Number.isFinite(gap) ? `${gap < 0 ? '−' : '+'}${short(Math.abs(gap))}` : undefined;
}

/** Returns everything that is known of a trial, in one line. */
export function trialText(trial: Trial): string {
  const { status, epochs, parent, diverged, failure } = trial;
  const epoch = judgedEpoch(trial);
  const accuracy = (share: number | undefined) => (share === undefined ? '' : `, accuracy ${percent(share)}`);
  const parts = [
    trialName(trial),
    ...(epoch
      ? [
          `training loss ${short(epoch.trainLoss)}${accuracy(epoch.trainAccuracy)}`,
          `validation loss ${short(epoch.validationLoss)}${accuracy(epoch.validationAccuracy)}`,
          `gap ${gapText(trial) ?? '-'}`,
        ]
      : []),
    ...(epoch?.standardError === undefined ? [] : [`standard error ${short(epoch.standardError)}`]),
    `${count(epochs)} ${epochs === 1 ? 'epoch' : 'epochs'}`,
    ...(parent === undefined ? [] : [`copied from trial ${parent}`]),
    diverged
      ? `diverged: ${diverged.what} at step ${count(diverged.step)}`
      : failure
        ? `${status}: ${failure}`
        : status,
  ];
  return parts.join('; ');
}

/** Returns the trials by status: `30 running, 4 dropped`. */
export function statusText({ trials }: SearchResult): string {
  const counts = new Map<TrialStatus, number>();
  for (const { status } of trials) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts].map(([status, n]) => `${count(n)} ${status}`).join(', ');
}

/** Returns the number that a search compares, for a person. */
export function metricOf({ metric }: SearchResult) {
  const share = metric === 'accuracy';
  /** Returns the number shown for a score. */
  const value = (score: number) => (share ? 1 - score : score);
  return {
    name: metric === 'loss' || share ? `validation ${metric}` : 'score',
    /** True if it is a share: more is better, and it is shown in percent. */
    share,
    value,
    /** Returns a score's number as text, with its unit. */
    text: (score: number) => shareOr(value(score), share),
  };
}

/** Scores further from the best one than this many times the median's distance share the worst shade. */
const FARTHEST = 4;

/** Returns the shades of the trials' scores; undefined if none has one. */
export function shadesOf(trials: readonly Trial[]) {
  const scores = trials.flatMap((trial) => scoreOf(trial) ?? []);
  if (scores.length === 0) return undefined;
  const best = Math.min(...scores);
  const last = Math.max(...scores);
  // Networks that learned nothing would leave a single shade to all the others.
  const middle = median(scores);
  const worst = middle === best ? last : Math.min(last, best + FARTHEST * (middle - best));
  return {
    best,
    /** This score and all worse ones have the worst shade. */
    worst,
    /** True if there are worse ones. */
    clipped: worst < last,
    /** Returns 0 for the worst, 1 for the best. */
    place: (score: number) => (worst === best ? 1 : Math.max(0, Math.min(1, (worst - score) / (worst - best)))),
  };
}
