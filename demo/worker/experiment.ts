import type { Engine } from 'wgrad';
import type { RunState, State } from '../contract/state.js';
import { busy } from '../words/words.js';
import { loadData } from './data/load-data.js';
import type { LoadedData } from './data/loaded-data.js';
import type { OwnFiles } from './own-files.js';
import { reconcile, same } from './reconcile.js';
import { Run } from './run.js';
import { newTrainer } from './training.js';

/** A state with its data and its runs. It changes as a whole or, if something fails, not at all. */
export class Experiment {
  readonly state: State;
  readonly data: LoadedData;
  readonly runs: readonly Run[];

  private constructor(state: State, data: LoadedData, runs: readonly Run[]) {
    this.state = state;
    this.data = data;
    this.runs = runs;
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
      files,
      say,
      loaded,
    }: {
      before: Experiment | undefined;
      files: OwnFiles;
      say: (busy: string) => void;
      loaded?: (data: LoadedData) => void;
    },
  ): Promise<Experiment> {
    const plan = reconcile(before?.state, state);
    if (plan.network && plan.data) say(busy.loading);
    const data = before && !plan.data ? before.data : await loadData(state, files);
    if (plan.data) loaded?.(data);
    if (plan.from.includes(undefined)) say(busy.compiling);
    const old = before?.runs ?? [];
    const runs = await makeRuns(plan.from, (place, i) =>
      place === undefined ? newRun(engine, state, state.runs[i], data, files) : old[place],
    );
    for (const { network } of state.runs) files.forgetNetwork(network);
    for (const run of old) if (!runs.includes(run)) run.dispose();
    if (plan.data) for (const run of runs) if (old.includes(run)) run.learnFrom(data);
    for (const [i, run] of runs.entries()) if (!same(run.knobs, state.runs[i])) run.turn(state.runs[i]);
    return new Experiment(state, data, runs);
  }

  /** Returns the experiment with all runs at step 0. */
  async reset(engine: Engine): Promise<Experiment> {
    const { state, data } = this;
    const runs = await makeRuns(state.runs, (knobs) => newRun(engine, state, knobs, data));
    for (const run of this.runs) run.dispose();
    return new Experiment(state, data, runs);
  }
}

/** Returns a run at step 0, or one that goes on from the network that was dropped for it. */
async function newRun(engine: Engine, state: State, knobs: RunState, data: LoadedData, files?: OwnFiles): Promise<Run> {
  const bytes = files?.network(knobs.network);
  if (!bytes) return new Run(await newTrainer(engine, state, knobs, data), knobs, data, state);
  const { runFrom } = await import('./dropped-network.js');
  return runFrom(bytes, engine, knobs, { data, state });
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
