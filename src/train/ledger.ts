import { EngineError } from '../errors/engine-error.js';
import { type Executor, type MetricRow, NotRun, type Program } from '../graph/engine.js';
import { LABELS } from '../graph/step.js';
import { checkCounted, type EpochTotals, type Position, START, type Standing } from './member.js';
import { addTotals, pickTotals, type Totals, totalsOf } from './reports.js';

/** A batch that was started: its valid rows and, where rows have weights, their sums by member. */
export interface StartedBatch {
  readonly count: number;
  readonly weights?: readonly number[] | undefined;
}

/** The rows of an epoch that a run of batches trains on. */
export interface EpochRows {
  /** Complete epochs before this one. */
  readonly epoch: number;
  /** The first row of the run. */
  readonly row: number;
  /** Rows of the whole epoch. */
  readonly examples: number;
}

/** The sums that one step measured. */
export interface MeasuredStep extends Totals {
  /** Optimiser steps before this one. */
  readonly step: number;
}

/** A started batch, and its epoch if it belongs to one. */
interface Entry extends StartedBatch {
  readonly epoch: number | undefined;
}

/** Steps and position that a kept state belongs to. */
type Place = Pick<Standing, 'steps' | 'position'>;

/**
 * The account of a training: counts the started steps, reads and judges their metrics, and remembers the last good state.
 * It alone changes where training stands.
 */
export class Ledger {
  readonly #executor: Executor;
  readonly #check: () => void;
  readonly #marks: boolean;
  /** The program of the steps, whose ring is read. */
  #program: Program;
  #steps = 0;
  #position: Pick<Position, 'epoch' | 'row'> = START;
  /** The sums of the epoch that was read last. */
  #epoch: { readonly number: number; readonly totals?: EpochTotals | undefined } = { number: 0 };
  #diverged: Standing['diverged'];
  /** The point of the training whose state was last kept. */
  #good: Place = { steps: 0, position: START };
  /** The steps that have not been read, oldest first. */
  #unread: Entry[] = [];
  /** The reads under way: the last one, which ends after all others, and the number of steps that they cover. */
  #reads = { last: Promise.resolve<unknown>(undefined), steps: 0 };
  /** True if steps were recorded into an encoder that the caller may not have submitted. */
  #awaitsSubmit = false;

  /**
   * @param check throws if the session can no longer be used
   * @param marks a member that diverges is marked, and the others go on; otherwise it is an error, and all go back
   */
  constructor(executor: Executor, program: Program, check: () => void, marks: boolean) {
    this.#executor = executor;
    this.#program = program;
    this.#check = check;
    this.#marks = marks;
    this.#diverged = Array.from({ length: executor.members }, () => undefined);
  }

  /** Optimiser steps started. */
  get steps(): number {
    return this.#steps;
  }

  get position(): Position {
    return this.#positionAt(this.#position);
  }

  /** Undefined for every member that is still finite. */
  get diverged(): Standing['diverged'] {
    return this.#diverged;
  }

  get standing(): Standing {
    const { steps, position, diverged } = this;
    return { steps, position, diverged };
  }

  get hasUnread(): boolean {
    return this.#unread.length > 0;
  }

  /** Resolves once the reads under way have ended, with or without an error. */
  get allRead(): Promise<unknown> {
    return this.#reads.last.catch(() => {}); // read() tells its caller
  }

  /** Goes to a point of the training, whose states have been set, and keeps them as good. */
  async startAt({ steps, position, diverged }: Standing): Promise<void> {
    this.#diverged = diverged;
    this.#goTo({ steps, position });
    this.#executor.keep();
    this.#good = { steps, position };
    await this.settle();
  }

  /** Reads the ring of another program from now on; all steps must have been read. */
  use(program: Program): void {
    this.#program = program;
  }

  /** Counts member i as what member `from[i]` was; all steps must have been read, and states must be kept. */
  rearrange(from: readonly number[]): void {
    this.#diverged = from.map((member) => this.#diverged[member]);
    const { number, totals } = this.#epoch;
    this.#epoch = { number, totals: totals && { ...pickTotals(totals, from), steps: totals.steps } };
    this.#good = { steps: this.#steps, position: this.position };
  }

  /** Clears the divergence of members whose states were put back. */
  clearDivergence(members: readonly number[]): void {
    this.#diverged = this.#diverged.map((each, member) => (members.includes(member) ? undefined : each));
  }

  /** Returns the position at which an epoch on `examples` rows continues: its start if the current row lies beyond them. */
  enterEpoch(examples: number): Position {
    const { epoch, row } = this.#position;
    checkCounted('epochs', epoch, 1);
    if (row === 0 || row >= examples) this.#goTo({ steps: this.#steps, position: { epoch, row: 0 } });
    return this.position;
  }

  /** Returns the sums of an epoch's steps that have been read; undefined unless it is the epoch read last. */
  totalsOf(epoch: number): EpochTotals | undefined {
    return this.#epoch.number === epoch ? this.#epoch.totals : undefined;
  }

  /** Counts started steps, on rows of an epoch or on the caller's batches; returns the number of the first. */
  countStarted(batches: readonly StartedBatch[], rows?: EpochRows): number {
    const first = this.#steps;
    this.#steps += batches.length;
    this.#unread.push(...batches.map((batch) => ({ ...batch, epoch: rows?.epoch })));
    this.#unread.splice(0, this.#unread.length - this.#program.slots); // the ring holds no more
    if (rows) {
      const { epoch, examples } = rows;
      const row = batches.reduce((end, { count }) => end + count, rows.row);
      this.#position = row < examples ? { epoch, row } : { epoch: epoch + 1, row: 0 };
    }
    return first;
  }

  /** Counts a step recorded into the caller's encoder; returns its number. */
  countEncoded(batch: StartedBatch): number {
    this.#awaitsSubmit = true;
    return this.countStarted([batch]);
  }

  /** @throws EngineError of kind `limit` if a step that may not have been submitted would lose its row of the step table */
  reserve(where: string): void {
    checkCounted('steps', this.#steps, 1);
    const { slots } = this.#program;
    if (!this.#awaitsSubmit || this.#unread.length < slots) return;
    throw new EngineError(
      'limit',
      `${where}: the step table holds ${slots} steps and is full; submit the encoders, then await metrics()`,
    );
  }

  /**
   * Reads the metrics since the last read, and remembers the state if all of them are finite.
   * @throws EngineError of kind `diverged` after going back to the last good state, unless members are marked;
   * `validation` if a step that was encoded has not been submitted
   */
  async read(): Promise<MeasuredStep[]> {
    this.#check();
    const entries = this.#unread.splice(0);
    const now = { steps: this.#steps, position: this.#position };
    const reads = this.#reads;
    const before = reads.last;
    this.#awaitsSubmit = false;
    reads.steps += entries.length;
    const program = this.#program;
    // The check covers the reads under way too: their steps may not have been finite.
    if (entries.length) program.keep(Math.min(reads.steps, program.slots));
    const measured = program.metrics(entries.length);
    measured.catch(() => {}); // awaited after the reads before this one
    const accepted = before.then(() => this.#acceptRead(measured, entries, now));
    const done = accepted.finally(() => {
      reads.steps -= entries.length;
      if (reads.last === done) reads.last = Promise.resolve();
    });
    reads.last = done;
    return done;
  }

  /** Waits until the device has accepted all that was started. @throws EngineError if it refused something */
  async settle(): Promise<void> {
    this.#check();
    await this.#executor.settle();
    this.#check();
  }

  /** Waits for the metrics of steps; counts them, or goes back to the last good state. */
  async #acceptRead(
    measured: Promise<MetricRow[][]>,
    entries: readonly Entry[],
    { steps, position }: Place,
  ): Promise<MeasuredStep[]> {
    const first = steps - entries.length;
    const { rows, complete } = await rowsOf(measured);
    await this.settle();
    if (this.#marks) this.#mark(rows, first);
    else {
      const bad = rows.findIndex(([row]) => row.bad !== undefined);
      if (bad >= 0) throw this.#goBack(first + bad, rows[bad][0]);
    }
    const read = rows.map((row, i) => this.#count(row, first + i, entries[i]));
    this.#good = { steps: first + rows.length, position: this.#positionAt(position) };
    if (complete) return read;
    throw new EngineError(
      'validation',
      `metrics: step ${first + rows.length} was encoded, but its encoder was not submitted before metrics were read`,
    );
  }

  /** Returns the sums of a step, and adds them to its epoch. */
  #count(
    row: readonly MetricRow[],
    step: number,
    { count, weights = row.map(() => count), epoch }: Entry,
  ): MeasuredStep {
    const isDiverged = (member: number) => (this.#diverged[member]?.step ?? Number.POSITIVE_INFINITY) <= step;
    const totals = totalsOf([row], weights, isDiverged);
    if (epoch !== undefined) {
      const before = this.totalsOf(epoch);
      const sums = before ? addTotals(before, totals) : totals;
      this.#epoch = { number: epoch, totals: { ...sums, steps: (before?.steps ?? 0) + 1 } };
    }
    return { ...totals, step };
  }

  /** Marks the members that the steps from `first` on have made diverge. */
  #mark(rows: readonly (readonly MetricRow[])[], first: number): void {
    const found = [...this.#diverged];
    for (const [i, row] of rows.entries()) {
      for (const [member, { bad }] of row.entries()) {
        if (bad !== undefined) found[member] ??= { step: first + i, what: bad };
      }
    }
    this.#diverged = found;
  }

  #goBack(step: number, { bad }: MetricRow): EngineError {
    this.#executor.restore();
    this.#unread = [];
    this.#reads = { last: Promise.resolve(), steps: 0 };
    this.#awaitsSubmit = false;
    this.#goTo(this.#good);
    const back = `the trainer is back at step ${this.#steps}`;
    if (bad === LABELS) return new EngineError('data', `training: a label of step ${step} is no class; ${back}`);
    return new EngineError(
      'diverged',
      `training: ${bad} is not finite after step ${step}; ${back}, lower the learning rate and go on`,
    );
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

/** Returns the rows of a read; not all of them if a step has not run. */
async function rowsOf(measured: Promise<MetricRow[][]>): Promise<{ rows: readonly MetricRow[][]; complete: boolean }> {
  try {
    return { rows: await measured, complete: true };
  } catch (error) {
    if (error instanceof NotRun) return { rows: error.rows, complete: false };
    throw error;
  }
}
