import { checkSpace, type Space } from '../../src/tune/space.js';
import type { Strategy } from '../../src/tune/strategy.js';
import type { Trial } from '../../src/tune/trial.js';
import { stateOf } from './search-state.js';

/** A function to search, and how. */
export interface Sought {
  readonly space: Space;
  readonly population: number;
  readonly seed: number;
  /** The score at the values of the dimensions; NaN where training diverges. */
  scoreAt(values: readonly (number | string)[]): number;
}

/** Returns all trials of a search in which a trial's score is a function of its configuration. */
export function learnFrom(strategy: Strategy, { space, population, seed, scoreAt }: Sought): Trial[] {
  const checked = checkSpace('test', space);
  const trials: Trial[] = [];
  for (let round = 0; ; round++) {
    const state = stateOf({ space, population, trials: [...trials], round, key: [seed, 0], epochs: 1 });
    const next = strategy.next(state);
    if (!next?.start) return trials;
    for (const { config } of next.start) {
      const score = scoreAt(checked.values(config) as (number | string)[]);
      const status = Number.isNaN(score) ? 'diverged' : 'finished';
      trials.push({ id: trials.length, config, status, epochs: 1, score, rungs: [], seconds: 0 });
    }
  }
}

/** Returns the lowest score. */
export function lowest(trials: readonly Trial[]): number {
  return Math.min(...trials.flatMap(({ status, score = Number.NaN }) => (status === 'diverged' ? [] : [score])));
}

/**
 * Branin's function of two numbers in [0, 1]; its least value is 0.397887, at three places. Source: Dixon and Szegö, "Towards global
 * optimization 2" (1978).
 */
export function branin([a, b]: readonly (number | string)[]): number {
  const [x, y] = [15 * Number(a) - 5, 15 * Number(b)];
  const square = (y - (5.1 / (4 * Math.PI ** 2)) * x * x + (5 / Math.PI) * x - 6) ** 2;
  return square + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10;
}
