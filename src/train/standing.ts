import type { Divergence } from './member.js';
import type { Totals } from './totals.js';

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

/** The start of the data. */
export const START: Position = { epoch: 0, row: 0 };
