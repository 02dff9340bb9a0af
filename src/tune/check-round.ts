import type { CheckedSearch } from './search-options.js';
import type { Proposal, Round } from './strategy.js';
import type { Trial } from './trial.js';

/** A round of a strategy, checked. */
export interface CheckedRound {
  /** Ids of the running trials that go on. */
  readonly keep: ReadonlySet<number>;
  readonly start: readonly Proposal[];
  readonly epochs: number;
}

/** Returns a round that these trials can go on with. @throws RangeError naming the strategy and what is wrong */
export function checkRound(
  { strategy, epochs: most }: CheckedSearch,
  trials: readonly Trial[],
  { keep, start = [], epochs }: Round,
): CheckedRound {
  const where = `search: strategy ${strategy.kind}`;
  const running = trials.filter(({ status }) => status === 'running').map(({ id }) => id);
  const copied = start.flatMap(({ from }) => from ?? []);
  const unknown = [...(keep ?? []), ...copied].find((id) => !running.includes(id));
  if (unknown !== undefined) {
    throw new RangeError(`${where}: trial ${unknown} is not running; running: ${running.join(', ') || 'none'}`);
  }
  const kept = new Set(keep ?? running);
  const going = new Set([...kept, ...copied]);
  const longest = Math.max(0, ...trials.filter(({ id }) => going.has(id)).map((trial) => trial.epochs));
  if (!Number.isSafeInteger(epochs) || epochs < 1 || longest + epochs > most) {
    throw new RangeError(`${where}: the epochs of a round must be an integer in [1, ${most - longest}], got ${epochs}`);
  }
  if (kept.size === 0 && start.length === 0) throw new RangeError(`${where}: a round must keep or start a trial`);
  return { keep: kept, start, epochs };
}
