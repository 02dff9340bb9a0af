import { checkCounted, type EpochTotals, type Position, START, type Standing } from './member.js';
import { addTotals, pickTotals, type Totals } from './reports.js';

/** The rows of an epoch that a run of batches trains on. */
export interface EpochRows {
  /** Complete epochs before this one. */
  readonly epoch: number;
  /** The first row of the run. */
  readonly row: number;
  /** Rows of the whole epoch. */
  readonly examples: number;
}

/** Steps taken, and the place in the data. */
export type Place = Pick<Standing, 'steps' | 'position'>;

/** The course of a training through its steps and its data, with the places that it may have to go back to. */
export class Course {
  #steps = 0;
  #position: Pick<Position, 'epoch' | 'row'> = START;
  /** The sums of the epoch that was read last. */
  #epoch: { readonly number: number; readonly totals?: EpochTotals | undefined } = { number: 0 };
  /** The places whose states may be kept, by their steps: the start, and the ends of windows. */
  readonly #places = new Map<number, Place>();

  /** Optimiser steps started. */
  get steps(): number {
    return this.#steps;
  }

  get position(): Position {
    return this.#positionAt(this.#position);
  }

  /** Returns the function that tells the present place; the sums of its epoch are those known when it is called. */
  placeLater(): () => Place {
    const steps = this.#steps;
    const position = this.#position;
    return () => ({ steps, position: this.#positionAt(position) });
  }

  /** Goes to a place, which becomes the only one to go back to. */
  startAt(place: Place): void {
    this.#goTo(place);
    this.#places.clear();
    this.#places.set(place.steps, place);
  }

  /** Goes back to the place after so many steps. */
  goBackTo(steps: number): void {
    const place = this.#places.get(steps);
    if (!place) throw new Error(`course: the place after ${steps} steps is not known`);
    this.startAt(place);
  }

  /** Forgets the places before that after so many steps. */
  forgetBefore(steps: number): void {
    for (const known of this.#places.keys()) if (known < steps) this.#places.delete(known);
  }

  /** Returns the position at which an epoch on `examples` rows continues: its start if the current row lies beyond them. */
  enterEpoch(examples: number): Position {
    const { epoch, row } = this.#position;
    checkCounted('epochs', epoch, 1);
    if (row === 0 || row >= examples) this.#goTo({ steps: this.#steps, position: { epoch, row: 0 } });
    return this.position;
  }

  /** Counts a step that was started, with the epoch and the row after it if it belongs to an epoch. */
  step(after?: EpochRows): void {
    this.#steps++;
    if (!after) return;
    const { epoch, row, examples } = after;
    this.#position = row < examples ? { epoch, row } : { epoch: epoch + 1, row: 0 };
  }

  /** Notes the present place as one to go back to. */
  note(): void {
    this.#places.set(this.#steps, { steps: this.#steps, position: this.#position });
  }

  /** Takes back the last step, which has not run and belongs to no epoch. */
  takeBack(): void {
    this.#places.delete(this.#steps);
    this.#steps--;
  }

  /** Adds the sums of a step to its epoch, if it belongs to one. */
  add(step: number, totals: Totals, epoch: number | undefined): void {
    if (epoch !== undefined) {
      const before = this.totalsOf(epoch);
      const sums = before ? addTotals(before, totals) : totals;
      this.#epoch = { number: epoch, totals: { ...sums, steps: (before?.steps ?? 0) + 1 } };
    }
    const place = this.#places.get(step + 1);
    if (place) this.#places.set(step + 1, { ...place, position: this.#positionAt(place.position) });
  }

  /** Returns the sums of an epoch's steps that have been read; undefined unless it is the epoch read last. */
  totalsOf(epoch: number): EpochTotals | undefined {
    return this.#epoch.number === epoch ? this.#epoch.totals : undefined;
  }

  /** Counts member i as what member `from[i]` was. */
  rearrange(from: readonly number[]): void {
    const { number, totals } = this.#epoch;
    this.#epoch = { number, totals: totals && { ...pickTotals(totals, from), steps: totals.steps } };
  }

  #goTo({ steps, position: { epoch, row, measured } }: Place): void {
    this.#steps = steps;
    this.#position = { epoch, row };
    this.#epoch = { number: epoch, totals: measured };
  }

  #positionAt({ epoch, row }: Pick<Position, 'epoch' | 'row'>): Position {
    return { epoch, row, measured: row > 0 ? this.totalsOf(epoch) : undefined };
  }
}
