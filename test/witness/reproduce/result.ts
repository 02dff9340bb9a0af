import type { EngineInfo } from '../../../src/index.js';
import type { Plan } from './plan.js';
import { CHOICE, PAPER } from './srivastava-2014.js';
import { meanAndDeviation, meanInterval } from './student-t.js';
import type { RowRun } from './train-row.js';

/** The share of intervals that hold the true difference; fixed before anything is trained. */
export const LEVEL = 0.95;

/** A row in `--json`, with the moments of its errors in percent; null if a network diverged: the others alone look better. */
export interface RowResult extends RowRun {
  readonly mean: number | null;
  readonly deviation: number | null;
}

/** A difference of two rows' errors in `--json`: first - second, seed by seed, in percentage points. */
export interface Difference {
  readonly first: string;
  readonly second: string;
  readonly paper: number;
  /** All of these are null if a network diverged. */
  readonly mean: number | null;
  readonly interval: readonly [low: number, high: number] | null;
  /** The interval excludes 0. */
  readonly resolved: boolean | null;
}

/** A run, whole or stopped. */
export interface ReproduceParts {
  readonly version: string;
  readonly command: string;
  readonly info: EngineInfo;
  readonly plan: Plan;
  readonly testImages: number;
  readonly runs: readonly RowRun[];
  readonly aborted: boolean;
  readonly seconds: number;
}

/** The content of `--json`. */
export interface ReproduceResult extends Omit<ReproduceParts, 'runs' | 'aborted'> {
  readonly status: 'complete' | 'aborted' | 'diverged';
  readonly paper: typeof PAPER;
  readonly choice: typeof CHOICE;
  readonly level: number;
  readonly rows: readonly RowResult[];
  readonly differences: readonly Difference[];
}

/** Returns everything there is to tell of a run. */
export function reproduceResult({ runs, aborted, ...about }: ReproduceParts): ReproduceResult {
  const isDiverged = runs.some(({ diverged }) => diverged.some((each) => each !== null));
  const [first, ...others] = runs;
  return {
    ...about,
    status: aborted ? 'aborted' : isDiverged ? 'diverged' : 'complete',
    paper: PAPER,
    choice: CHOICE,
    level: LEVEL,
    rows: runs.map((run) => {
      const errors = complete(run.errors);
      return { ...run, ...(errors ? meanAndDeviation(errors) : { mean: null, deviation: null }) };
    }),
    differences: others.map((other) => differenceOf(first, other)),
  };
}

/** The numbers, or null if one is missing. */
const complete = (errors: readonly (number | null)[]): number[] | null => {
  const found = errors.filter((error) => error !== null);
  return found.length === errors.length ? found : null;
};

/** The paired difference of two rows that were trained from the same seeds. */
export function differenceOf(first: RowRun, second: RowRun): Difference {
  const names = { first: first.row.name, second: second.row.name, paper: first.row.error - second.row.error };
  const [ours, theirs] = [complete(first.errors), complete(second.errors)];
  if (!ours || !theirs) return { ...names, mean: null, interval: null, resolved: null };
  const pairs = ours.map((error, i) => error - theirs[i]);
  const interval = meanInterval(pairs, LEVEL);
  return { ...names, mean: meanAndDeviation(pairs).mean, interval, resolved: interval[0] > 0 || interval[1] < 0 };
}
