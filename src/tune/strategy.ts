import { checkPositiveInteger } from '../errors/arguments.js';
import { type Key, philox, STREAMS } from '../random/philox.js';
import type { CheckedSpace, Configuration } from './space.js';
import type { Trial } from './trial.js';

/** A configuration to try. */
export interface Proposal {
  readonly config: Configuration;
  /** The running trial whose weights, optimiser state and epochs it starts with. Default: fresh weights. */
  readonly from?: number;
}

/** The training until the strategy is asked again. */
export interface Round {
  /**
   * Ids of the running trials that go on; the other running ones are dropped, or finished if they have had all epochs.
   * Default: all of them.
   */
  readonly keep?: readonly number[];
  /** Configurations to start, in order of their ids to be. A trial that one starts `from` need not be kept. */
  readonly start?: readonly Proposal[];
  /** Epochs that every running trial, the new ones included, is now trained for; at least 1. */
  readonly epochs: number;
  /**
   * For an asynchronous strategy: ids of the running trials that are trained now, beside the new ones; the others wait, or go on with
   * what they were told. With none and nothing to start, a result is waited for.
   */
  readonly train?: readonly number[];
}

/** The state of a search: all that a strategy may depend on. */
export interface SearchState {
  readonly space: CheckedSpace;
  /** The names of the space that a network in training can change. */
  readonly changeable: readonly string[];
  /** Rounds done. */
  readonly round: number;
  /** The number of configurations to try, or to begin with, if the caller gave one. */
  readonly population: number | undefined;
  /** Epochs that a trial may be trained for at most. */
  readonly epochs: number;
  /** All trials there ever were, by id. */
  readonly trials: readonly Trial[];
  /** Ids of the trials that are being trained: an asynchronous strategy is asked meanwhile, and no other. */
  readonly busy: readonly number[];
  /**
   * Numbers in [0, 1), multiples of 2^-32, drawn from the search's seed and the number of rounds done: the same ones
   * whenever the strategy is asked about this state.
   */
  readonly random: () => number;
}

/**
 * Decides how a search goes on: a plain object, so that anyone can write one. `next` must be a function of the state alone,
 * so that a search can be resumed.
 */
export interface Strategy {
  readonly kind: string;
  /** The options it was made with; part of a saved search, which only the same strategy may resume. */
  readonly options: Readonly<Record<string, unknown>>;
  /** True if it is asked whenever a worker is free, not when a round is over; for searches on several machines alone. */
  readonly asynchronous?: boolean;
  /** The next round, or undefined to end the search: then those that still run are finished. */
  next(state: SearchState): Round | undefined;
}

/** Returns a strategy that starts all trials at once and trains them to the end. */
export function startAll(
  kind: string,
  options: Strategy['options'],
  propose: (state: SearchState) => readonly Proposal[],
): Strategy {
  return {
    kind,
    options,
    next(state) {
      if (state.trials.length === 0) return { start: propose(state), epochs: state.epochs };
      const epochs = epochsLeft(state);
      return epochs > 0 ? { epochs } : undefined;
    },
  };
}

/** Returns the epochs for which all running trials may still be trained; 0 if none runs. */
export function epochsLeft({ trials, epochs }: SearchState): number {
  const running = trials.filter(({ status }) => status === 'running');
  return running.length === 0 ? 0 : epochs - running.reduce((most, trial) => Math.max(most, trial.epochs), 0);
}

/** Returns the number of configurations to begin with. @throws TypeError or RangeError naming `where` if there is none */
export function checkPopulation(where: string, population: number | undefined): number {
  if (population === undefined) {
    throw new TypeError(`${where}: population must be given, the number of configurations to try`);
  }
  return checkPositiveInteger(where, 'population', population);
}

/**
 * Returns the numbers that a strategy draws in one round, multiples of 2^-32 in [0, 1): number i is word i mod 4 of
 * Philox4x32-10 under `key`, the search's seed, at the counter (floor(i / 4), round, 4 << 24, 0), times 2^-32. What is
 * returned by another call begins with number 0 again.
 * @param round rounds done, in [0, 2^32)
 */
export function stateRandom(key: Key, round: number): () => number {
  const words = new Uint32Array(4);
  let drawn = 0;
  return () => {
    if (drawn % 4 === 0) philox(drawn / 4, round, STREAMS.search << 24, 0, key, words);
    return words[drawn++ % 4] * 2 ** -32;
  };
}

/** A round of a strategy, checked. */
export interface CheckedRound {
  /** Ids of the running trials that go on. */
  readonly keep: ReadonlySet<number>;
  readonly start: readonly Proposal[];
  readonly epochs: number;
  /** Ids of the running trials that it trains, beside the new ones. */
  readonly train: ReadonlySet<number>;
}

/**
 * Returns a round that these trials can go on with.
 * @throws RangeError naming the strategy and what is wrong, such as training for more than `most` epochs in all
 */
export function checkRound(
  { kind, asynchronous = false }: Strategy,
  most: number,
  trials: readonly Trial[],
  { keep, start = [], epochs, train }: Round,
): CheckedRound {
  const where = `search: strategy ${kind}`;
  const running = trials.filter(({ status }) => status === 'running').map(({ id }) => id);
  const copied = start.flatMap(({ from }) => from ?? []);
  const unknown = [...(keep ?? []), ...(train ?? []), ...copied].find((id) => !running.includes(id));
  if (unknown !== undefined) {
    throw new RangeError(`${where}: trial ${unknown} is not running; running: ${running.join(', ') || 'none'}`);
  }
  const kept = new Set(keep ?? running);
  if (train && !asynchronous) throw new RangeError(`${where}: train is for a strategy that is asynchronous`);
  const trained = new Set(train ?? kept);
  const going = new Set([...trained, ...copied]);
  const longest = Math.max(0, ...trials.filter(({ id }) => going.has(id)).map((trial) => trial.epochs));
  if (!Number.isSafeInteger(epochs) || epochs < 1 || longest + epochs > most) {
    throw new RangeError(`${where}: the epochs of a round must be an integer in [1, ${most - longest}], got ${epochs}`);
  }
  if (kept.size === 0 && start.length === 0) throw new RangeError(`${where}: a round must keep or start a trial`);
  return { keep: kept, start, epochs, train: trained };
}
