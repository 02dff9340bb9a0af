import type { State } from '../../contract/state.js';
import type { Run } from '../run.js';

/** Time of a portion of training: the longest that an order waits. */
const PORTION_MILLISECONDS = 40;
/** Weight of the last portion in the running average of a step's time. */
const LATEST = 0.1;

interface Runs {
  readonly state: State;
  readonly runs: readonly Run[];
}

/** Decides which run trains next, and how far. */
export class Pace {
  /** Recent time of one step of one run. */
  stepMilliseconds: number | undefined;
  /** True while training goes on past the step at which the state pauses. */
  #past = false;
  #speed = Number.POSITIVE_INFINITY;
  /** Time and step from which the speed limit counts. */
  #from = { time: 0, steps: 0 };

  /** Starts; training has no limit if every run has already reached the step to pause at. */
  start({ state, runs }: Runs): void {
    if (runs.every((run) => run.diverged || run.steps >= this.limit(state))) this.#past = true;
    this.#rebase(runs);
  }

  /** Starts over: the runs, or the step to pause at, are new. */
  restart(): void {
    this.#past = false;
  }

  limitSpeed(stepsPerSecond: number, runs: readonly Run[]): void {
    this.#speed = stepsPerSecond > 0 ? stepsPerSecond : Number.POSITIVE_INFINITY;
    this.#rebase(runs);
  }

  /** Returns the run furthest behind among those that may go on. */
  next({ state, runs }: Runs): Run | undefined {
    const limit = this.limit(state);
    const able = runs.filter((run) => !run.diverged && run.steps < limit);
    return able.reduce<Run | undefined>((least, run) => (least && least.steps <= run.steps ? least : run), undefined);
  }

  /** Returns the steps that a run may take now, with its group, or the milliseconds until the next one. */
  portion(run: Run, { state, runs }: Runs): { steps: number } | { wait: number } {
    const each = (this.stepMilliseconds ?? PORTION_MILLISECONDS) * run.group.length;
    const quick = Math.max(1, Math.floor(PORTION_MILLISECONDS / each));
    const steps = Math.min(quick, run.untilMeasured, this.limit(state) - run.steps);
    if (this.#speed === Number.POSITIVE_INFINITY) return { steps };
    const now = performance.now();
    const due = this.#from.steps + (this.#speed * (now - this.#from.time)) / 1000;
    // Training does not catch up on time spent otherwise.
    if (due - farthest(runs) > 1 + this.#speed / 4) this.#rebase(runs);
    const allowed = Math.floor(due) - run.steps;
    return allowed >= 1 ? { steps: Math.min(steps, allowed) } : { wait: (1000 * (run.steps + 1 - due)) / this.#speed };
  }

  /** Counts the time of steps. */
  countTime(milliseconds: number, steps: number): void {
    const each = milliseconds / steps;
    this.stepMilliseconds = this.stepMilliseconds ? (1 - LATEST) * this.stepMilliseconds + LATEST * each : each;
  }

  /** Returns the step to pause at; infinite if there is none. */
  limit({ steps }: State): number {
    return steps > 0 && !this.#past ? steps : Number.POSITIVE_INFINITY;
  }

  #rebase(runs: readonly Run[]): void {
    this.#from = { time: performance.now(), steps: farthest(runs) };
  }
}

const farthest = (runs: readonly Run[]) => Math.max(0, ...runs.map(({ steps }) => steps));
