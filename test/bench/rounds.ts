import type { Repeatable } from './contender.js';

/** The options of a suite. */
export interface SuiteOptions {
  readonly rounds: number;
  readonly log: (line: string) => void;
}

/** Work, and the number of its repetitions in a round; without work it has no turn. */
export interface Entrant {
  readonly work: Repeatable | undefined;
  /** Times a round. */
  readonly count: number;
}

/** Limits on the length of rounds. */
export interface Pace {
  /** Milliseconds that the fastest one should take at least. */
  readonly least: number;
  /** Milliseconds that the slowest one may take. */
  readonly most: number;
  /** Times, however slow it is. Default 5. */
  readonly fewest?: number;
}

/**
 * Runs every work in every round, each round in another order, and returns milliseconds a piece of work, by entrant and
 * round; undefined without work. One round before the first is not counted. The log hears of each round of `name`.
 */
export async function interleave(
  name: string,
  entrants: readonly Entrant[],
  { rounds, log }: SuiteOptions,
): Promise<(number[] | undefined)[]> {
  const times = entrants.map(({ work }): number[] | undefined => work && []);
  for (let round = -1; round < rounds; round++) {
    for (let turn = 0; turn < entrants.length; turn++) {
      const i = (turn + round + 1) % entrants.length;
      const { work, count } = entrants[i];
      const started = performance.now();
      await work?.run(count);
      if (round >= 0) times[i]?.push((performance.now() - started) / count);
    }
    log(`${name}: round ${round + 1} of ${rounds}`);
  }
  return times;
}

/** Warms work up by `count` runs of it, and returns the milliseconds that one takes then. */
export async function warmUp(work: Repeatable, count = 5): Promise<number> {
  await work.run(count);
  const started = performance.now();
  await work.run(count);
  return (performance.now() - started) / count;
}

/**
 * Returns the number of repetitions in a round for works of these durations: the same number for all, so that one wait
 * is shared by as many everywhere.
 */
export function countFor(milliseconds: readonly number[], { least, most, fewest = 5 }: Pace): number {
  const wanted = least / Math.min(...milliseconds);
  const allowed = most / Math.max(...milliseconds);
  return Math.max(fewest, Math.min(256, Math.ceil(Math.min(wanted, allowed))));
}
