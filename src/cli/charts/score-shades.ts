import type { Trial } from '../../tune.js';
import { median } from '../terminal/numbers.js';

/**
 * Viridis at equal distances, from the worst to the best: rises in lightness, also for the colour-blind, and stands on
 * light and dark pages. Source: van der Walt and Smith, matplotlib 2.0 (2015).
 */
const VIRIDIS = ['#440154', '#472d7b', '#3b528b', '#2c728e', '#21918c', '#28ae80', '#5ec962', '#addc30', '#fde725'];

/** Scores further from the best one than this many times the median's distance share the worst shade. */
const FARTHEST = 4;

/** How scores become shades. */
export interface ScoreShades {
  /** The best score, and from which score on all share the worst shade. */
  readonly best: number;
  readonly worst: number;
  /** There are worse ones. */
  readonly clipped: boolean;
  /** 0 for the worst, 1 for the best. */
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

/** A trial's score, if it is one to show. */
export const scoreOf = ({ status, score }: Trial): number | undefined =>
  status !== 'diverged' && score !== undefined && Number.isFinite(score) ? score : undefined;

/** The colour of a place between the worst and the best: red, green and blue in [0, 255]. */
export function shadeAt(place: number): [red: number, green: number, blue: number] {
  const at = place * (VIRIDIS.length - 1);
  const before = Math.min(VIRIDIS.length - 2, Math.floor(at));
  const channel = (i: number) => {
    const [a, b] = [VIRIDIS[before], VIRIDIS[before + 1]].map((hex) => Number.parseInt(hex.slice(i, i + 2), 16));
    return Math.round(a + (b - a) * (at - before));
  };
  return [channel(1), channel(3), channel(5)];
}

/** Whether black, rather than white, is read better on a colour: where it contrasts more by WCAG 2.2. */
export function isLight(color: readonly [number, number, number]): boolean {
  const [r, g, b] = color.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  // (L + 0.05) / 0.05 > 1.05 / (L + 0.05)
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > Math.sqrt(1.05 * 0.05) - 0.05;
}
