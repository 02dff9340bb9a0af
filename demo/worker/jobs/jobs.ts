import type { Engine } from 'wgrad';
import type { JobFacts } from '../../contract/protocol.js';
import type { Experiment } from '../experiment.js';
import type { Job, StopReason } from './job.js';

type Turn = 'train' | Job;

/** Jobs that need the device alone: while there is one, training and all other jobs wait for it. */
const ALONE: readonly Job['name'][] = ['verify'];

/**
 * The jobs beside training, one of each name. Whoever has had the least time has the next turn, so that training and a
 * search get half of the device each.
 */
export class Jobs {
  readonly #onEnd: (error?: unknown) => void;
  #jobs: readonly Job[] = [];
  #turn: { readonly job: Job; readonly done: Promise<void> } | undefined;
  /** Milliseconds that each has had. */
  readonly #had = new Map<Job['name'] | 'train', number>();

  /** @param onEnd called when a turn has ended, with the error if it failed */
  constructor(onEnd: (error?: unknown) => void) {
    this.#onEnd = onEnd;
  }

  /** True while a turn of a job is under way: training waits for its end. */
  get isBusy(): boolean {
    return this.#turn !== undefined;
  }

  /** Adds a job in place of one of the same name. It starts even with all others. */
  async add(job: Job): Promise<void> {
    await this.stop(job.name, 'asked');
    this.#jobs = [...this.#jobs, job];
    this.#had.clear();
  }

  /** Stops the job of this name, if there is one; resolves when it has ended. */
  async stop(name: Job['name'], reason: StopReason): Promise<void> {
    const job = this.#jobs.find((each) => each.name === name);
    if (!job) return;
    job.stop(reason);
    if (this.#turn?.job === job) await this.settled();
    this.#drop();
  }

  /** Resolves when no turn is under way. */
  async settled(): Promise<void> {
    await this.#turn?.done;
  }

  /** Returns who has the next turn, if anybody can use it. @param canTrain true if training can go on now */
  next(canTrain: boolean): Turn | undefined {
    const alone = this.#alone();
    if (alone) return alone;
    const able: Turn[] = canTrain ? ['train', ...this.#jobs] : [...this.#jobs];
    return able.sort((a, b) => this.#timeOf(a) - this.#timeOf(b))[0];
  }

  /** Counts the time of a turn of training. */
  countTraining(milliseconds: number): void {
    this.#count('train', milliseconds);
  }

  /** Starts the turn of a job; it goes on while orders are obeyed. */
  start(job: Job, engine: Engine, experiment: Experiment): void {
    const started = performance.now();
    const end = (error?: unknown) => {
      this.#turn = undefined;
      this.#count(job, performance.now() - started);
      this.#drop();
      this.#onEnd(error);
    };
    this.#turn = { job, done: job.turn(engine, experiment).then(() => end(), end) };
  }

  /** Returns the facts of all jobs. @param training the share of the training that is done; undefined while none runs */
  facts(training: { readonly progress?: number } | undefined): JobFacts[] {
    const alone = this.#alone();
    const waitsFor = alone && { waitsFor: alone.name };
    return [
      ...(training ? [{ job: 'train' as const, ...training, ...waitsFor }] : []),
      ...this.#jobs.map((job) => ({ job: job.name, progress: job.progress, ...(job === alone ? {} : waitsFor) })),
    ];
  }

  #alone(): Job | undefined {
    return this.#jobs.find(({ name }) => ALONE.includes(name));
  }

  #timeOf(turn: Turn): number {
    return this.#had.get(turn === 'train' ? turn : turn.name) ?? 0;
  }

  #count(turn: Turn, milliseconds: number): void {
    this.#had.set(turn === 'train' ? turn : turn.name, this.#timeOf(turn) + milliseconds);
  }

  #drop(): void {
    this.#jobs = this.#jobs.filter(({ isOver }) => !isOver);
  }
}
