import type { State } from '../contract/state.js';
import type { Run } from './run.js';

/** A portion of training: nothing that is asked for meanwhile waits longer. */
const PORTION_MILLISECONDS = 40;
/** How much the last portion counts in the running average of a step's time. */
const LATEST = 0.1;

interface Runs {
  readonly state: State;
  readonly runs: readonly Run[];
}

/** Decides who trains next, and how far. */
export class Pace {
  /** Of one step of one run, lately. */
  stepMilliseconds: number | undefined;
  /** Going on past the number of steps after which the state pauses. */
  #past = false;
  #speed = Number.POSITIVE_INFINITY;
  /** From when and where on steps are counted, so that there are not too many a second. */
  #from = { time: 0, steps: 0 };

  /** Training goes on; where every run has already got to where it was to pause, without limit. */
  start({ state, runs }: Runs): void {
    if (runs.every((run) => run.diverged || run.steps >= this.#limit(state))) this.#past = true;
    this.#rebase(runs);
  }

  /** The runs, or the steps after which to pause, are new ones. */
  restart(): void {
    this.#past = false;
  }

  limitSpeed(stepsPerSecond: number, runs: readonly Run[]): void {
    this.#speed = stepsPerSecond > 0 ? stepsPerSecond : Number.POSITIVE_INFINITY;
    this.#rebase(runs);
  }

  /** The run that is furthest behind of those that may go on. */
  next({ state, runs }: Runs): Run | undefined {
    const limit = this.#limit(state);
    const able = runs.filter((run) => !run.diverged && run.steps < limit);
    return able.reduce<Run | undefined>((least, run) => (least && least.steps <= run.steps ? least : run), undefined);
  }

  /** Steps that a run may take now, or the milliseconds to wait for the next one. */
  portion(run: Run, { state, runs }: Runs): { steps: number } | { wait: number } {
    const quick = Math.max(1, Math.floor(PORTION_MILLISECONDS / (this.stepMilliseconds ?? PORTION_MILLISECONDS)));
    const steps = Math.min(quick, run.untilMeasured, this.#limit(state) - run.steps);
    if (this.#speed === Number.POSITIVE_INFINITY) return { steps };
    const now = performance.now();
    const due = this.#from.steps + (this.#speed * (now - this.#from.time)) / 1000;
    // Time that was spent on something else is not made up for.
    if (due - farthest(runs) > 1 + this.#speed / 4) this.#rebase(runs);
    const allowed = Math.floor(due) - run.steps;
    return allowed >= 1 ? { steps: Math.min(steps, allowed) } : { wait: (1000 * (run.steps + 1 - due)) / this.#speed };
  }

  /** Notes how long steps took. */
  took(milliseconds: number, steps: number): void {
    const each = milliseconds / steps;
    this.stepMilliseconds = this.stepMilliseconds ? (1 - LATEST) * this.stepMilliseconds + LATEST * each : each;
  }

  #limit({ steps }: State): number {
    return steps > 0 && !this.#past ? steps : Number.POSITIVE_INFINITY;
  }

  #rebase(runs: readonly Run[]): void {
    this.#from = { time: performance.now(), steps: farthest(runs) };
  }
}

const farthest = (runs: readonly Run[]) => Math.max(0, ...runs.map(({ steps }) => steps));
