import { EngineError } from '../errors/engine-error.js';
import { type Executor, type MetricRow, NotRun, type Program } from '../graph/engine.js';
import { windowSteps } from '../graph/keep-rule.js';
import { LABELS } from '../graph/step.js';
import { Course, type EpochRows, type Place } from './course.js';
import { checkCounted, type EpochTotals, type Position, type Standing } from './member.js';
import { OfferedSteps } from './offered-steps.js';
import { type Totals, totalsOf } from './reports.js';

/** A batch that was started: its valid rows and, where rows have weights, their sums by member. */
export interface StartedBatch {
  readonly count: number;
  readonly weights?: readonly number[] | undefined;
}

/** The sums that one step measured. */
export interface MeasuredStep extends Totals {
  /** Optimiser steps before this one. */
  readonly step: number;
}

/** A started batch, and its epoch if it belongs to one. */
interface Entry extends StartedBatch {
  readonly epoch: number | undefined;
  /** True if WebGPU has refused the step after others had been started: it has not run, and its number stays. */
  refused?: true;
}

/**
 * The account of a training: counts the started steps, reads and judges their metrics, and knows the place of the good
 * states that it goes back to. It alone changes where training stands.
 */
export class Ledger {
  readonly #executor: Executor;
  readonly #check: () => void;
  readonly #marks: boolean;
  /** The program of the steps, whose ring is read. */
  #program: Program;
  readonly #course = new Course();
  #diverged: Standing['diverged'];
  /** The steps that have not been read, oldest first. */
  #unread: Entry[] = [];
  /** The last read under way, which ends after all others. */
  #lastRead: Promise<unknown> = Promise.resolve();
  /** True if steps were recorded into an encoder that the caller may not have submitted. */
  #awaitsSubmit = false;
  readonly #offered = new OfferedSteps<Entry>((entry) => this.#refuse(entry));

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
    return this.#course.steps;
  }

  get position(): Position {
    return this.#course.position;
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
    return this.#lastRead.catch(() => {}); // read() tells its caller
  }

  /**
   * Returns where training stands after the steps started so far, once the sums of their epoch are known.
   * @throws EngineError of kind `diverged` if a read under way finds that it did
   */
  place(): Promise<Place> {
    const known = this.#course.placeLater();
    // Not by `await`: a read that starts later may be counted before it goes on.
    return this.#lastRead.then(known, (error: unknown) => {
      if (error instanceof EngineError && ['diverged', 'data'].includes(error.kind)) throw error; // went back
      return known();
    });
  }

  /** Goes to a point of the training, whose states have been set, and keeps them as good. */
  async startAt({ steps, position, diverged }: Standing): Promise<void> {
    this.#diverged = diverged;
    this.#course.startAt({ steps, position });
    this.#executor.keep(steps);
    await this.settle();
  }

  /** Keeps the current states as good ones; all steps must have been read. */
  keep(): void {
    const { steps, position } = this;
    this.#course.startAt({ steps, position });
    this.#executor.keep(steps);
  }

  /** Reads the ring of another program from now on; all steps must have been read. */
  use(program: Program): void {
    this.#program = program;
  }

  /** Counts member i as what member `from[i]` was; all steps must have been read. */
  rearrange(from: readonly number[]): void {
    this.#diverged = from.map((member) => this.#diverged[member]);
    this.#course.rearrange(from);
  }

  /** Clears the divergence of members whose states were put back. */
  clearDivergence(members: readonly number[]): void {
    this.#diverged = this.#diverged.map((each, member) => (members.includes(member) ? undefined : each));
  }

  /** Returns the position at which an epoch on `examples` rows continues: its start if the current row lies beyond them. */
  enterEpoch(examples: number): Position {
    return this.#course.enterEpoch(examples);
  }

  /** Returns the sums of an epoch's steps that have been read; undefined unless it is the epoch read last. */
  totalsOf(epoch: number): EpochTotals | undefined {
    return this.#course.totalsOf(epoch);
  }

  /** Counts started steps, on rows of an epoch or on the caller's batches; returns the number of the first. */
  countStarted(batches: readonly StartedBatch[], rows?: EpochRows): number {
    const first = this.steps;
    let row = rows?.row ?? 0;
    for (const batch of batches) {
      row += batch.count;
      this.#course.step(rows && { ...rows, row });
      if (!this.#marks && this.steps % windowSteps(this.#program.slots) === 0) this.#course.note();
      this.#unread.push({ ...batch, epoch: rows?.epoch });
    }
    this.#unread.splice(0, this.#unread.length - this.#program.slots); // the ring holds no more
    return first;
  }

  /** Counts a step recorded into the caller's encoder; returns its number. */
  countEncoded(batch: StartedBatch): number {
    this.#awaitsSubmit = true;
    return this.countStarted([batch]);
  }

  /** Counts a step on buffers of the caller's; returns its number. `settle` and `read` tell if it is refused. */
  countOffered(batch: StartedBatch, refusal: Promise<EngineError | undefined> = Promise.resolve(undefined)): number {
    const step = this.countStarted([batch]);
    this.#offered.add({ step, entry: this.#unread[this.#unread.length - 1], refusal });
    return step;
  }

  /** @throws EngineError of kind `limit` if a step that may not have been submitted would lose its row of the step table */
  reserve(where: string): void {
    checkCounted('steps', this.steps, 1);
    const { slots } = this.#program;
    if (!this.#awaitsSubmit || this.#unread.length < slots) return;
    throw new EngineError(
      'limit',
      `${where}: the step table holds ${slots} steps and is full; submit the encoders, then await metrics()`,
    );
  }

  /**
   * Reads the metrics since the last read.
   * @throws EngineError of kind `diverged` after going back to the last good state, unless members are marked;
   * `validation` if a step that was encoded has not been submitted, or the first to hear that a step was refused
   */
  async read(): Promise<MeasuredStep[]> {
    this.#check();
    if (!this.#offered.isEmpty) await this.#offered.hear();
    const entries = this.#unread.splice(0);
    const first = this.steps - entries.length;
    this.#awaitsSubmit = false;
    const measured = this.#program.metrics(entries.length);
    measured.catch(() => {}); // awaited after the reads before this one
    const done = this.#lastRead
      .then(() => this.#acceptRead(measured, entries, first))
      .finally(() => {
        if (this.#lastRead === done) this.#lastRead = Promise.resolve();
      });
    this.#lastRead = done;
    return done;
  }

  /** Waits until the device has accepted all that was started. @throws EngineError if it refused something */
  async settle(): Promise<void> {
    await this.#settleDevice();
    await this.#offered.hear();
  }

  async #settleDevice(): Promise<void> {
    this.#check();
    await this.#executor.settle();
    this.#check();
  }

  /**
   * Takes back a step that WebGPU has refused, if no other was started after it: training is as if it had never been
   * started. Otherwise the numbers of the steps after it were handed out, and it keeps its own.
   */
  #refuse(entry: Entry): void {
    if (entry === this.#unread[this.#unread.length - 1]) {
      this.#unread.pop();
      this.#course.takeBack();
      this.#program.takeBack?.();
    } else entry.refused = true;
  }

  /** Waits for the metrics of steps; counts them, or goes back to the last good state. */
  async #acceptRead(
    measured: Promise<MetricRow[][]>,
    entries: readonly Entry[],
    first: number,
  ): Promise<MeasuredStep[]> {
    const rows = await rowsOf(measured);
    await this.#settleDevice();
    if (this.#marks) this.#mark(rows, first);
    const bad = this.#marks ? -1 : rows.findIndex((row) => row?.[0].bad !== undefined);
    const { steps, ended } = this.#executor.good;
    // Where training diverged, the steps up to the good states are counted: going back needs the sums of their epoch.
    const counted = bad < 0 ? rows : rows.slice(0, Math.max(0, steps - first));
    const read = counted.flatMap((row, i) => (row ? [this.#count(row, first + i, entries[i])] : []));
    if (bad >= 0) throw this.#goBack(first + bad, rows[bad]?.[0].bad);
    // The row of the step is lost: more steps have been taken since than the ring holds.
    if (ended !== undefined && ended <= first + rows.length) throw this.#goBack(ended - 1);
    this.#course.forgetBefore(steps);
    const missing = rows.findIndex((row, i) => !row && !entries[i].refused);
    if (missing < 0) return read;
    throw new EngineError(
      'validation',
      `metrics: step ${first + missing} was encoded, but its encoder was not submitted before metrics were read`,
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
    this.#course.add(step, totals, epoch);
    return { ...totals, step };
  }

  /** Marks the members that the steps from `first` on have made diverge. */
  #mark(rows: Rows, first: number): void {
    const found = [...this.#diverged];
    for (const [i, row = []] of rows.entries()) {
      for (const [member, { bad }] of row.entries()) {
        if (bad !== undefined) found[member] ??= { step: first + i, what: bad };
      }
    }
    this.#diverged = found;
  }

  #goBack(step: number, bad = 'a loss or a parameter'): EngineError {
    this.#course.goBackTo(this.#executor.good.steps);
    this.#executor.restore();
    this.#unread = [];
    this.#lastRead = Promise.resolve();
    this.#awaitsSubmit = false;
    this.#offered.clear();
    const back = `the trainer is back at step ${this.steps}`;
    if (bad === LABELS) return new EngineError('data', `training: a label of step ${step} is no class; ${back}`);
    return new EngineError(
      'diverged',
      `training: ${bad} is not finite after step ${step}; ${back}, lower the learning rate and go on`,
    );
  }
}

/** The rows of a read, undefined for steps that have not run. */
type Rows = readonly (readonly MetricRow[] | undefined)[];

const rowsOf = (measured: Promise<MetricRow[][]>): Promise<Rows> =>
  measured.catch((error: unknown) => {
    if (error instanceof NotRun) return error.rows;
    throw error;
  });
