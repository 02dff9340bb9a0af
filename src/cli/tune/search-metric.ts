import type { SearchResult, Trial } from '../../tune.js';
import { median, shareOr } from '../terminal/numbers.js';
import { scoreOf } from './trials.js';

/** The number that a search compares, for a person. */
export interface SearchMetric {
  readonly name: string;
  /** True if it is a share: more is better, and it is shown in percent. */
  readonly share: boolean;
  /** Returns the number shown for a score. */
  value(score: number): number;
  /** Returns the same as text, with its unit. */
  text(score: number): string;
}

/** Returns the metric of a search. */
export function metricOf({ metric }: SearchResult): SearchMetric {
  const share = metric === 'accuracy';
  const value = (score: number) => (share ? 1 - score : score);
  return {
    name: metric === 'loss' || share ? `validation ${metric}` : 'score',
    share,
    value,
    text: (score) => shareOr(value(score), share),
  };
}

/** Scores further from the best one than this many times the median's distance share the worst shade. */
const FARTHEST = 4;

/** The way from scores to shades. */
export interface ScoreShades {
  readonly best: number;
  /** This score and all worse ones have the worst shade. */
  readonly worst: number;
  /** True if there are worse ones. */
  readonly clipped: boolean;
  /** Returns 0 for the worst, 1 for the best. */
  place(score: number): number;
}

/** Returns the shades of the trials' scores; undefined if none has one. */
export function shadesOf(trials: readonly Trial[]): ScoreShades | undefined {
  const scores = trials.flatMap((trial) => scoreOf(trial) ?? []);
  if (scores.length === 0) return undefined;
  const best = Math.min(...scores);
  const last = Math.max(...scores);
  // Networks that learned nothing would leave a single shade to all the others.
  const middle = median(scores);
  const worst = middle === best ? last : Math.min(last, best + FARTHEST * (middle - best));
  return {
    best,
    worst,
    clipped: worst < last,
    place: (score) => (worst === best ? 1 : Math.max(0, Math.min(1, (worst - score) / (worst - best)))),
  };
}
