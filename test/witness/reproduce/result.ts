import type { EngineInfo } from '../../../src/index.js';
import type { Plan } from './plan.js';
import { CHOICE, PAPER } from './srivastava-2014.js';
import { meanAndDeviation, meanInterval } from './student-t.js';
import type { RowRun } from './train-row.js';

/** The share of intervals that hold the true difference; fixed before anything is trained. */
export const LEVEL = 0.95;

/** A row in `--json`; errors and their moments in percent. */
export interface RowResult {
  readonly name: string;
  readonly table: number;
  readonly paperError: number;
  readonly hidden: readonly number[];
  readonly inputDropout: number;
  readonly hiddenDropout: number;
  readonly l2: number;
  readonly learningRate: number;
  /** One number per seed; null for a network that diverged. */
  readonly errors: readonly (number | null)[];
  readonly diverged: readonly ({ readonly step: number; readonly what: string } | null)[];
  /** Over the seeds; null if one of them diverged, for the others alone would look better than training is. */
  readonly mean: number | null;
  readonly deviation: number | null;
  readonly seconds: number;
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

/** The content of `--json`. */
export interface ReproduceResult {
  readonly version: string;
  readonly command: string;
  readonly status: 'complete' | 'aborted' | 'diverged';
  readonly adapter: string;
  readonly plan: Plan & {
    readonly finalMomentum: number;
    readonly firstMomentum: number;
    readonly momentumRamp: number;
  };
  readonly testImages: number;
  readonly level: number;
  readonly rows: readonly RowResult[];
  readonly differences: readonly Difference[];
  readonly seconds: number;
}

/** The parts of a result. */
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

/** Returns everything there is to tell of a run, whole or stopped. */
export function reproduceResult(parts: ReproduceParts): ReproduceResult {
  const { version, command, info, plan, testImages, runs, aborted, seconds } = parts;
  const isDiverged = runs.some(({ diverged }) => diverged.some((each) => each !== null));
  const [first, ...others] = runs;
  const { finalMomentum } = PAPER;
  const { firstMomentum, momentumRamp } = CHOICE;
  return {
    version,
    command,
    status: aborted ? 'aborted' : isDiverged ? 'diverged' : 'complete',
    adapter: info.adapter,
    plan: { ...plan, finalMomentum, firstMomentum, momentumRamp },
    testImages,
    level: LEVEL,
    rows: runs.map(rowResult),
    differences: others.map((other) => differenceOf(first, other)),
    seconds,
  };
}

/** The numbers, or null if one is missing. */
const complete = (errors: readonly (number | null)[]): number[] | null => {
  const found = errors.filter((error) => error !== null);
  return found.length === errors.length ? found : null;
};

function rowResult({ row, hidden, errors, diverged, seconds }: RowRun): RowResult {
  const all = complete(errors);
  const { name, table, error, dropout, l2, learningRate } = row;
  return {
    name,
    table,
    paperError: error,
    hidden,
    inputDropout: dropout ? PAPER.inputDropout : 0,
    hiddenDropout: dropout ? PAPER.hiddenDropout : 0,
    l2,
    learningRate,
    errors,
    diverged,
    ...(all ? meanAndDeviation(all) : { mean: null, deviation: null }),
    seconds,
  };
}

/** The paired difference of two rows that were trained from the same seeds. */
export function differenceOf(first: RowRun, second: RowRun): Difference {
  const names = { first: first.row.name, second: second.row.name, paper: first.row.error - second.row.error };
  const pairs = complete(
    first.errors.map((error, i) => {
      const other = second.errors[i];
      return error === null || other === null ? null : error - other;
    }),
  );
  if (!pairs) return { ...names, mean: null, interval: null, resolved: null };
  const interval = meanInterval(pairs, LEVEL);
  return { ...names, mean: meanAndDeviation(pairs).mean, interval, resolved: interval[0] > 0 || interval[1] < 0 };
}
