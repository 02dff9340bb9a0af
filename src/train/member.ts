import { EngineError } from '../errors/engine-error.js';
import type { Key } from '../random/philox.js';
import { type Seed, seedKey } from '../random/seed.js';
import type { Totals } from './reports.js';

/** One of the networks that train side by side. */
export interface Member {
  /** Decides initial weights and dropout masks. */
  readonly seed: Seed;
  readonly key: Key;
  /** Decides the order of the data. */
  readonly shuffleSeed: Seed;
  readonly shuffleKey: Key;
  /** Hyper-parameters by name, as they stand. */
  readonly hyper: Readonly<Record<string, number>>;
}

/** A member to be: a copy of the state of the one at `from`. */
export interface Copy {
  readonly from: number;
  readonly member: Member;
}

/** The first step after which a member was not finite. */
export interface Divergence {
  /** The step after which something was not finite, counted from 0. */
  readonly step: number;
  /** 'loss', or the name of the parameter or optimiser state that was not finite. */
  readonly what: string;
}

/** Returns the seeds of a member with their keys. @throws TypeError or RangeError naming `place` */
export function seedsOf(where: string, place: string, seed: Seed, shuffleSeed: Seed): Omit<Member, 'hyper'> {
  return {
    seed,
    key: seedKey(where, `${place}seed`, seed),
    shuffleSeed,
    shuffleKey: seedKey(where, `${place}shuffleSeed`, shuffleSeed),
  };
}

/** A place in the data: the number of complete epochs, and the next row of the current one. */
export interface Position {
  readonly epoch: number;
  readonly row: number;
  /** The sums of the epoch's steps that have been read; missing at an epoch's start. */
  readonly measured?: EpochTotals | undefined;
}

/** Sums over the steps of an epoch. */
export interface EpochTotals extends Totals {
  readonly steps: number;
}

/** A point of a training: optimiser steps taken, the place in the data, and the members that have diverged. */
export interface Standing {
  readonly steps: number;
  readonly position: Position;
  /** Undefined for every member that is still finite. */
  readonly diverged: readonly (Divergence | undefined)[];
}

/**
 * The most steps that a training takes, and the most epochs: random numbers have words of 32 bits for them, and the last
 * epoch's are those of `split`.
 */
export const MOST_COUNTED = 2 ** 32 - 1;

/** Refuses steps or epochs past the last one that random numbers have a word for. @throws EngineError of kind `limit` */
export function checkCounted(what: 'steps' | 'epochs', done: number, more: number): void {
  if (done + more <= MOST_COUNTED) return;
  throw new EngineError(
    'limit',
    `training: there can be ${MOST_COUNTED} ${what}, and ${done} are done: random numbers have 32 bits for their number`,
  );
}

/** The start of the data. */
export const START: Position = { epoch: 0, row: 0 };
