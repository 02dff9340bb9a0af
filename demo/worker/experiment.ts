import type { Engine, Trainer } from 'wgrad';
import type { RunState, State } from '../contract/state.js';
import { loadData } from './data/load-data.js';
import type { LoadedData } from './data/loaded-data.js';
import type { OwnSource } from './data/own-data.js';
import { reconcile, same } from './reconcile.js';
import { Run } from './run.js';
import { newTrainer } from './training.js';

/** A state with its data and its runs. It changes as a whole or, if something fails, not at all. */
export class Experiment {
  readonly state: State;
  readonly data: LoadedData;
  readonly runs: readonly Run[];
  /** A person's own examples, in use or not. */
  readonly own: OwnSource | undefined;

  private constructor(state: State, data: LoadedData, runs: readonly Run[], own: OwnSource | undefined) {
    this.state = state;
    this.data = data;
    this.runs = runs;
    this.own = own;
  }

  get selected(): Run {
    return this.runs[this.state.selected];
  }

  /**
   * Returns the experiment of a state. Runs of the previous one go on if they can, others start at step 0; memory that
   * is no longer needed is freed.
   * @param say called with the reason of a delay
   * @param loaded called with the data before the networks are made
   */
  static async of(
    engine: Engine,
    state: State,
    {
      before,
      own,
      say,
      loaded,
    }: {
      before: Experiment | undefined;
      own: OwnSource | undefined;
      say: (busy: string) => void;
      loaded?: (data: LoadedData) => Promise<void>;
    },
  ): Promise<Experiment> {
    const isOwnNew = state.data === 'own' && before?.own !== own;
    const plan = reconcile(isOwnNew ? undefined : before?.state, state);
    if (plan.data) say('loading data');
    const data = before && !plan.data ? before.data : await loadData(state, own);
    if (plan.data) await loaded?.(data);
    if (plan.from.includes(undefined)) say('compiling');
    const old = before?.runs ?? [];
    const runs = await makeRuns(plan.from, (place, i) =>
      place === undefined ? newRun(engine, state, state.runs[i], data) : old[place],
    );
    for (const run of old) if (!runs.includes(run)) run.dispose();
    for (const [i, run] of runs.entries()) if (!same(run.knobs, state.runs[i])) run.turn(state.runs[i]);
    return new Experiment(state, data, runs, own);
  }

  /** Returns the experiment with all runs at step 0. */
  async reset(engine: Engine): Promise<Experiment> {
    const { state, data } = this;
    const runs = await makeRuns(state.runs, (knobs) => newRun(engine, state, knobs, data));
    for (const run of this.runs) run.dispose();
    return new Experiment(state, data, runs, this.own);
  }

  /** Returns the experiment with another network in the selected run, which goes on from that network's step. */
  withTrainer(trainer: Trainer): Experiment {
    const { state, data, selected, own } = this;
    const run = new Run(trainer, selected.knobs, data, state.batch);
    selected.dispose();
    return new Experiment(
      state,
      data,
      this.runs.map((each) => (each === selected ? run : each)),
      own,
    );
  }
}

async function newRun(engine: Engine, state: State, knobs: RunState, data: LoadedData): Promise<Run> {
  return new Run(await newTrainer(engine, state, knobs, data), knobs, data, state.batch);
}

/** Makes runs one by one; if one cannot be made, the new ones are freed. */
async function makeRuns<T>(from: readonly T[], make: (each: T, i: number) => Run | Promise<Run>): Promise<Run[]> {
  const runs: Run[] = [];
  const fresh: Run[] = [];
  try {
    for (const [i, each] of from.entries()) {
      const run = make(each, i);
      runs.push(await run);
      if (run instanceof Promise) fresh.push(runs[i]);
    }
    return runs;
  } catch (error) {
    for (const run of fresh) run.dispose();
    throw error;
  }
}
