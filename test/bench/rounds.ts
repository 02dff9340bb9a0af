import type { Repeatable } from './contender.js';

/** What is repeated how often. */
export interface Entrant {
  readonly work: Repeatable;
  /** Times a round. */
  readonly count: number;
}

/** How long rounds may be. */
export interface Pace {
  /** Milliseconds that the fastest one should take at least. */
  readonly least: number;
  /** Milliseconds that the slowest one may take. */
  readonly most: number;
}

/**
 * Runs every work in every round, each round in another order, and returns milliseconds a piece of work, by entrant and
 * round. One round before the first is not counted.
 */
export async function interleave(
  entrants: readonly Entrant[],
  rounds: number,
  onRound: (round: number) => void = () => {},
): Promise<number[][]> {
  const times: number[][] = entrants.map(() => []);
  for (let round = -1; round < rounds; round++) {
    for (let turn = 0; turn < entrants.length; turn++) {
      const i = (turn + round + 1) % entrants.length;
      const { work, count } = entrants[i];
      const started = performance.now();
      await work.run(count);
      if (round >= 0) times[i].push((performance.now() - started) / count);
    }
    onRound(round + 1);
  }
  return times;
}

/** Warms work up, and returns the milliseconds that it takes then. */
export async function warmUp(work: Repeatable): Promise<number> {
  await work.run(3);
  const started = performance.now();
  await work.run(5);
  return (performance.now() - started) / 5;
}

/**
 * How often works of these durations are repeated in a round: the same number for all, so that one wait is shared by as
 * many everywhere. At least 5.
 */
export function countFor(milliseconds: readonly number[], { least, most }: Pace): number {
  const wanted = least / Math.min(...milliseconds);
  const allowed = most / Math.max(...milliseconds);
  return Math.max(5, Math.min(256, Math.ceil(Math.min(wanted, allowed))));
}
