import { setTimeout as delay } from 'node:timers/promises';
import { EngineError } from '../errors/engine-error.js';
import type { Opening } from '../tune/open-groups.js';
import { readPart } from '../tune/saved-part.js';
import type { CheckedRound } from '../tune/strategy.js';
import { networkFromState, stateOwner } from '../tune/train-job.js';
import { bestEnded, leadingOf, type Trial } from '../tune/trial.js';
import { checkCopies, newTrials, type SearchTrials, trainedOnAll } from '../tune/trials.js';
import { jobId, type PlannedJob, type TakenResult, type TrainedRow } from './fleet-rows.js';
import { FleetWatch } from './fleet-watch.js';
import { planJobs } from './plan-jobs.js';
import type { SearchTables } from './search-tables.js';

/** The settings of a search on several machines that do not change its result. */
export interface FleetOptions {
  /** Trials of a job at most. Default: those of a round are shared out evenly among the workers that are there. */
  readonly jobTrials?: number | undefined;
  /** Workers that the first round waits for. Default: all that come within two seconds after the first. */
  readonly expected?: number | undefined;
  /** Shows a sentence about a worker or a job. */
  tell(sentence: string): void;
}

/** A job that has not ended. */
interface Pending extends PlannedJob {
  readonly round: number;
}

const POLL_MILLISECONDS = 200;
/** The largest integer of a column: more than any trial has had. */
const ALL_EPOCHS = 2 ** 31 - 1;

/**
 * The trials of a search that other processes train. Every round is a plan of jobs in the tables, with their results: a
 * coordinator that is started again finds both, and asks for nothing twice.
 */
export class FleetTrials implements SearchTrials {
  readonly #opening: Opening;
  readonly #tables: SearchTables;
  readonly #options: FleetOptions;
  readonly #watch: FleetWatch;
  #all: Trial[] = [];
  /** Rounds begun. */
  #rounds = 0;
  #pending = new Map<string, Pending>();
  /** Results taken since the last round began, in their order. */
  #taken: TakenResult[] = [];
  /** True if the round has no job: it waits for those of rounds before. */
  #onlyWaits = false;
  /** The numbers of the workers that trained each trial, the first one first. */
  readonly #trainers = new Map<number, number[]>();

  constructor(opening: Opening, tables: SearchTables, options: FleetOptions) {
    this.#opening = opening;
    this.#tables = tables;
    this.#options = options;
    this.#watch = new FleetWatch(tables, options.tell);
  }

  get all(): readonly Trial[] {
    return this.#all;
  }

  get areRunning(): boolean {
    return this.#all.some(({ status }) => status === 'running');
  }

  get busy(): readonly number[] {
    return [...this.#pending.values()].flatMap(({ trials }) => trials);
  }

  get best(): Trial | undefined {
    return leadingOf(this.#all);
  }

  get network(): undefined {
    return undefined;
  }

  /** The workers, by trial, that trained it, in their order. */
  get trainers(): ReadonlyMap<number, readonly number[]> {
    return this.#trainers;
  }

  /** The workers and jobs as they were seen last. */
  get watch(): FleetWatch {
    return this.#watch;
  }

  /** Jobs that have not ended. */
  get jobsLeft(): number {
    return this.#pending.size;
  }

  async takeUp(): Promise<never> {
    throw new EngineError('unsupported', 'search: the database keeps a search of workers; there is no file of it');
  }

  park(): Promise<never> {
    return this.takeUp();
  }

  async begin({ keep, start, epochs, train }: CheckedRound): Promise<void> {
    const { search } = this.#opening;
    checkCopies(search, this.#all, start);
    const round = this.#rounds++;
    const ended = (trial: Trial) => (trial.epochs >= search.epochs ? 'finished' : 'dropped');
    const kept = this.#all.map((trial): Trial => {
      return trial.status === 'running' && !keep.has(trial.id) ? { ...trial, status: ended(trial) } : trial;
    });
    const fresh = newTrials(this.#all, start);
    this.#all = [...kept, ...fresh];
    const trained = new Set([...train, ...fresh.map(({ id }) => id)]);
    const taken = this.#taken;
    this.#taken = [];
    const { jobs } =
      (await this.#tables.plan(round)) ??
      (await this.#tables.plan(round, { jobs: await this.#share(round, epochs, trained), taken }));
    this.#onlyWaits = jobs.length === 0;
    await this.#dropStates(new Set(start.flatMap(({ from }) => from ?? [])));
    const there = await this.#tables.trained([round], [...trained]);
    const known = new Set(there.map(({ trial }) => trial));
    for (const job of jobs) {
      this.#pending.set(job.id, { ...job, round });
      if (!job.trials.every((id) => known.has(id))) await this.#send({ ...job, round });
    }
  }

  /** Waits until a job has ended, or all of a round; of an asynchronous strategy until a worker is free or a job has ended. */
  async train(done: number, epochs: number): Promise<number> {
    if (this.#isAsynchronous) return this.#trainFreely(epochs);
    for (;;) {
      this.#checkAborted();
      const changed = (await this.#takeResults()) || (await this.#giveUpFailed());
      if (this.#pending.size === 0) return epochs;
      if (changed) return done;
      await this.#watch.look();
      await this.#pause(POLL_MILLISECONDS);
    }
  }

  async #trainFreely(epochs: number): Promise<number> {
    // The strategy is asked again what a process before this one asked it, in the same order.
    const next = await this.#tables.plan(this.#rounds);
    if (next) {
      await this.#takeAgain(next.taken);
      return epochs;
    }
    for (;;) {
      this.#checkAborted();
      await this.#watch.look();
      if ((await this.#takeResults()) || (await this.#giveUpFailed())) return epochs;
      if (!this.#onlyWaits && this.#pending.size < this.#watch.present.length) return epochs;
      await this.#pause(POLL_MILLISECONDS);
    }
  }

  get #isAsynchronous(): boolean {
    return this.#opening.search.strategy.asynchronous === true;
  }

  /** With an asynchronous strategy only the trials that went furthest have finished: the others wait to go on. */
  async finish(): Promise<void> {
    const running = this.#all.filter(({ status }) => status === 'running');
    const furthest = Math.max(...this.#all.filter(({ status }) => status !== 'diverged').map(({ epochs }) => epochs));
    for (const trial of running) {
      const hasFinished = !this.#isAsynchronous || trial.epochs === furthest;
      this.#all[trial.id] = { ...trial, status: hasFinished ? 'finished' : 'dropped' };
    }
  }

  async networkOf(trial: Trial): Promise<Uint8Array<ArrayBuffer>> {
    if (this.#opening.search.folds > 0) return trainedOnAll(this.#opening, trial);
    const state = await this.#tables.state(stateOwner(trial), trial.epochs);
    if (!state) throw new Error(`search: the state of trial ${trial.id} is gone`);
    return networkFromState(this.#opening, trial, readPart(state));
  }

  dispose(): void {}

  #checkAborted(): void {
    if (this.#opening.search.signal?.aborted) throw new EngineError('aborted', 'search: aborted');
    this.#opening.check();
  }

  /** Waits, but not after the signal. */
  async #pause(milliseconds: number): Promise<void> {
    const { signal } = this.#opening.search;
    await delay(milliseconds, undefined, signal && { signal }).catch(() => {});
    this.#checkAborted();
  }

  /** Shares a round out among the workers. */
  async #share(round: number, epochs: number, trained: ReadonlySet<number>): Promise<PlannedJob[]> {
    const { jobTrials } = this.#options;
    const workers = jobTrials === undefined && !this.#isAsynchronous ? await this.#workersThere() : 1;
    const trials = this.#all.filter(({ id, status }) => status === 'running' && trained.has(id));
    const sizeOf = (count: number) => jobTrials ?? Math.ceil(count / workers);
    return planJobs(this.#opening.search, trials, { round, epochs }, sizeOf);
  }

  #workersThere(): Promise<number> {
    const expected = this.#rounds > 1 ? 1 : this.#options.expected;
    return this.#watch.untilPresent(expected, () => this.#pause(POLL_MILLISECONDS));
  }

  async #send({ id, trials, epochs, round }: Pending): Promise<void> {
    await this.#tables.send(id, { round, epochs, trials: trials.map((trial) => this.#all[trial]) });
  }

  /** Takes the results of jobs that have ended; returns true if there were any. */
  async #takeResults(): Promise<boolean> {
    const pending = [...this.#pending.values()];
    const rows = await this.#tables.trained(
      [...new Set(pending.map(({ round }) => round))],
      pending.flatMap(({ trials }) => trials),
    );
    const byTrial = new Map(rows.map((row) => [row.trial, row]));
    let changed = false;
    for (const { id, trials } of pending) {
      const own = trials.flatMap((trial) => byTrial.get(trial) ?? []);
      if (own.length < trials.length) continue;
      for (const row of own) this.#apply(row);
      this.#pending.delete(id);
      this.#watch.count();
      changed = true;
    }
    return changed;
  }

  #apply({ round, trial, after, worker }: TrainedRow): void {
    this.#all[trial] = after;
    this.#trainers.set(trial, [...(this.#trainers.get(trial) ?? []), worker]);
    this.#taken.push({ round, trial });
  }

  /** Takes results as they were taken before. */
  async #takeAgain(taken: readonly TakenResult[]): Promise<void> {
    for (const { round, trial, failure } of taken) {
      const pending = [...this.#pending.values()].find((job) => job.round === round && job.trials.includes(trial));
      if (pending) this.#pending.delete(pending.id);
      const [row] = failure === undefined ? await this.#tables.trained([round], [trial]) : [];
      if (row) this.#apply(row);
      else this.#drop(round, trial, failure ?? 'its result is gone');
    }
  }

  #drop(round: number, trial: number, failure: string): void {
    this.#all[trial] = { ...this.#all[trial], status: 'dropped', failure };
    this.#taken.push({ round, trial, failure });
  }

  /** Tries the trials of a job that failed too often one by one; drops one that fails alone. Returns true if one was dropped. */
  async #giveUpFailed(): Promise<boolean> {
    let changed = false;
    for (const [id, message] of this.#watch.failed) {
      const job = this.#pending.get(id);
      if (!job) continue;
      this.#pending.delete(id);
      const { trials, round } = job;
      if (trials.length > 1) {
        for (const trial of trials) {
          const alone = { ...job, id: jobId(round, 'alone', trial), trials: [trial] };
          this.#pending.set(alone.id, alone);
          await this.#send(alone);
        }
        continue;
      }
      const [trial] = trials;
      this.#drop(round, trial, message);
      this.#options.tell(`Trial ${trial} is given up: ${message}`);
      changed = true;
    }
    return changed;
  }

  /** Removes the states that nothing goes on from. */
  async #dropStates(parents: ReadonlySet<number>): Promise<void> {
    const ended = bestEnded(this.#all);
    await this.#tables.dropStates(
      this.#all
        .filter(({ id }) => !parents.has(id))
        .map(({ id, status, epochs }) => ({
          id,
          below: status === 'running' || id === ended?.id ? epochs : ALL_EPOCHS,
        })),
    );
  }
}
