import type { Engine } from 'wgrad';
import type { View } from '../contract/protocol.js';
import type { EpochTime, ViewFacts } from '../contract/view-facts.js';
import type { Experiment } from './experiment.js';
import { answer, COARSE, FINE, type Grid } from './views/answer.js';

/** Shortest time between two views, which take a fifth of the time at most. */
const MILLISECONDS = 200;
/** A fine view that takes longer would be seen too seldom in training. */
const MOST_MILLISECONDS = 60;

/** Computes the open view, and no other. */
export class Viewer {
  #view: View = { kind: 'nothing' };
  #isStale = false;
  #due = 0;
  /** True if the last fine view took too long for training. */
  #isSlow = false;
  /** The time of an epoch of a search, if it was measured with these data and this network. */
  #epochTime: EpochTime | undefined;

  /** Opens another view. */
  look(view: View): void {
    this.#view = view;
    this.refresh();
  }

  /** Notes that training has changed the view. */
  changed(): void {
    this.#isStale = this.#view.kind !== 'nothing';
  }

  /** Notes that a search would take another time. */
  forgetTime(): void {
    this.#epochTime = undefined;
  }

  /** Makes the view due now. */
  refresh(): void {
    this.changed();
    this.#due = 0;
  }

  /** Milliseconds until the view is due; infinite if it has not changed. */
  get wait(): number {
    return this.#isStale ? Math.max(0, this.#due - performance.now()) : Number.POSITIVE_INFINITY;
  }

  /** Returns the current view; in training it is a coarse one if a fine one would take too long. */
  async show(experiment: Experiment, engine: Engine, isTraining: boolean): Promise<ViewFacts> {
    this.#isStale = false;
    const started = performance.now();
    const grid = isTraining && this.#isSlow ? COARSE : FINE;
    try {
      if (this.#view.kind !== 'search') return await show(experiment, this.#view, grid);
      this.#epochTime ??= await (await import('./views/search.js')).timeEpoch(experiment, engine);
      return { kind: 'search', epochTime: this.#epochTime };
    } finally {
      const ended = performance.now();
      if (grid === FINE) this.#isSlow = ended - started > MOST_MILLISECONDS;
      this.#due = ended + Math.max(MILLISECONDS - (ended - started), 4 * (ended - started));
    }
  }
}

/** Computes a view; all but the first load their code then. */
async function show(experiment: Experiment, view: Exclude<View, { kind: 'search' }>, grid: Grid): Promise<ViewFacts> {
  switch (view.kind) {
    case 'nothing':
      return { kind: 'none', why: '' };
    case 'answer':
      return withNetwork(await answer(experiment, grid), experiment, view);
    case 'weights':
      return (await import('./views/weights.js')).weights(experiment);
    case 'mask':
      return (await import('./views/mask.js')).mask(experiment, view.layer);
    case 'uncertainty':
      return (await import('./views/uncertainty.js')).uncertainty(experiment, view.samples, view.drawing);
    case 'mistakes':
      return (await import('./views/mistakes.js')).mistakes(experiment);
  }
}

/** Adds the selected run's network to its answers, if the page draws it. */
async function withNetwork(
  facts: ViewFacts,
  experiment: Experiment,
  view: Extract<View, { kind: 'answer' }>,
): Promise<ViewFacts> {
  if (!view.network || facts.kind !== 'plane') return facts;
  return { ...facts, network: await (await import('./views/network.js')).network(experiment) };
}
