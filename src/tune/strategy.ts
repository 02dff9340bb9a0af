import type { Configuration } from './configuration.js';
import type { CheckedSpace } from './space.js';
import type { Trial } from './trial.js';

/** A configuration to try. */
export interface Proposal {
  readonly config: Configuration;
  /** The running trial whose weights, optimiser state and epochs it starts with. Default: fresh weights. */
  readonly from?: number;
}

/** The training until the strategy is asked again. */
export interface Round {
  /** Ids of the running trials that go on; the other running ones are dropped. Default: all of them. */
  readonly keep?: readonly number[];
  /** Configurations to start, in order of their ids to be. A trial that one starts `from` need not be kept. */
  readonly start?: readonly Proposal[];
  /** Epochs that every running trial, the new ones included, is now trained for; at least 1. */
  readonly epochs: number;
}

/** The state of a search: all that a strategy may depend on. */
export interface SearchState {
  readonly space: CheckedSpace;
  /** Rounds done. */
  readonly round: number;
  /** The number of configurations to begin with, if the caller gave one. */
  readonly population: number | undefined;
  /** Epochs that a trial may be trained for at most. */
  readonly epochs: number;
  /** All trials there ever were, by id. */
  readonly trials: readonly Trial[];
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
  /** The next round, or undefined to end the search: then those that still run are finished. */
  next(state: SearchState): Round | undefined;
}
