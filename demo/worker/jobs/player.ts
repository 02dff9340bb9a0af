import type { Frame } from '../../contract/protocol.js';
import type { Experiment } from '../experiment.js';
import type { Run } from '../run.js';
import { Cost } from './cost.js';
import { Pace } from './pace.js';

/** Time between two saves of a run in training. */
const SAVE_MILLISECONDS = 10_000;

/** Trains the runs of an experiment, portion by portion, and reports on them. */
export class Player {
  readonly pace = new Pace();
  playing = false;
  /** Number of the last order that was obeyed. */
  obeyed = 0;
  readonly #tell: (frame: Frame) => void;
  readonly #cost = new Cost();
  /** True after a pause until all runs are at the same step. */
  #isUneven = false;

  constructor(tell: (frame: Frame) => void) {
    this.#tell = tell;
  }

  /**
   * Does the next piece of training, if it plays.
   * @returns what happened, or the milliseconds to wait before the next step
   */
  async advance(experiment: Experiment): Promise<'measured' | 'trained' | 'paused' | number> {
    const { state, runs } = experiment;
    const fresh = runs.find(({ history }) => history.lastStep < 0);
    if (fresh) {
      await fresh.measure();
      this.tell(experiment);
      return 'measured';
    }
    if (!this.playing) return this.#settle(experiment);
    const run = this.pace.next(experiment);
    if (!run) {
      this.pause(); // some runs may be past the step to stop at
      this.tell(experiment);
      return 'paused';
    }
    const portion = this.pace.portion(run, experiment);
    if ('wait' in portion) return portion.wait;
    const { group } = run; // of which some may diverge
    await this.#train(run, portion.steps);
    for (const each of group) {
      const isDue = each.untilMeasured === 0 || each.steps === state.steps;
      if (!each.diverged && isDue && !each.isMeasured) await each.measure();
      if (performance.now() - each.savedAt > SAVE_MILLISECONDS) await each.save();
    }
    this.tell(experiment);
    return 'trained';
  }

  /** Plays; training has no limit if every run has already reached the step to pause at. */
  play(experiment: Experiment): void {
    this.playing = true;
    this.pace.start(experiment);
  }

  /** Pauses, after runs a few steps behind have caught up. */
  pause(): void {
    this.#isUneven ||= this.playing;
    this.playing = false;
  }

  /** The share of the training that is done, while it plays: an object without it if the end is open. */
  training({ state, runs }: Experiment): { readonly progress?: number } | undefined {
    if (!this.playing) return undefined;
    const end = this.pace.limit(state);
    if (end === Number.POSITIVE_INFINITY) return {};
    return { progress: Math.min(1, ...runs.map(({ steps }) => steps / end)) };
  }

  /** Takes one step of every run, from a common step if they were playing, and measures. */
  async step(experiment: Experiment): Promise<void> {
    this.pause();
    for (let late = this.#lateOf(experiment); late; late = this.#lateOf(experiment))
      await this.#train(late.run, late.steps);
    this.#isUneven = false;
    for (const run of experiment.runs.filter(({ leads, diverged }) => leads && !diverged)) {
      const { group } = run;
      await this.#train(run, 1);
      for (const each of group) if (!each.diverged && !each.isMeasured) await each.measure();
    }
  }

  /** Reports on the runs and the training. @param busy the reason of a delay */
  tell(experiment: Experiment | undefined, busy?: string): void {
    const { playing, obeyed } = this;
    const { stepMilliseconds } = this.pace;
    if (experiment) this.#cost.count(experiment.runs, !playing);
    const { flops, memory } = this.#cost;
    this.#tell({
      ...(experiment && { runs: experiment.runs.map((run) => run.facts()) }),
      training: {
        playing,
        obeyed,
        steps: experiment?.state.steps ?? 0,
        stepMilliseconds,
        gigaflops: stepMilliseconds === undefined ? undefined : flops / stepMilliseconds / 1e6,
        dispatches: experiment?.selected.trained.dispatchesPerStep ?? 0,
        memory,
        busy,
      },
    });
  }

  /** Returns a run that must catch up after a pause. */
  #lateOf({ runs }: Experiment): { run: Run; steps: number } | undefined {
    return this.#isUneven ? lateOf(runs) : undefined;
  }

  async #train(run: Run, steps: number): Promise<void> {
    const started = performance.now();
    const networks = run.group.length;
    await run.train(steps);
    this.pace.countTime(performance.now() - started, steps * networks);
  }

  /** Settles the paused runs one by one: each catches up, is measured and saved. */
  async #settle(experiment: Experiment): Promise<'trained' | 'measured' | number> {
    const late = this.#lateOf(experiment);
    if (late) {
      await this.#train(late.run, late.steps);
      return 'trained';
    }
    this.#isUneven = false;
    const moved = experiment.runs.find(({ hash }) => hash === undefined);
    if (!moved) return Number.POSITIVE_INFINITY;
    if (!moved.isMeasured) await moved.measure();
    await moved.settle();
    this.tell(experiment);
    return 'measured';
  }
}

/** Most steps of a late run; one further behind was added later, and does not catch up. */
const MOST_LATE = 16;

/** Returns a run that is a few steps behind another one, and the number of these steps. */
function lateOf(runs: readonly Run[]): { run: Run; steps: number } | undefined {
  const able = runs.filter(({ diverged }) => !diverged);
  const farthest = Math.max(0, ...able.map(({ steps }) => steps));
  const run = able.find(({ steps }) => steps > 0 && steps < farthest && farthest - steps <= MOST_LATE);
  return run && { run, steps: farthest - run.steps };
}
