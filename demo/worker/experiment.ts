import type { Engine } from 'wgrad';
import type { RunState, State } from '../contract/state.js';
import { busy } from '../words/words.js';
import { loadData } from './data/load-data.js';
import type { LoadedData } from './data/loaded-data.js';
import type { OwnFiles } from './own-files.js';
import { reconcile, same } from './reconcile.js';
import { free, Run } from './run.js';
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
    const kept = plan.from.map((place) => (place === undefined ? undefined : old[place]));
    for (const [i, run] of kept.entries()) if (run && !same(run.knobs, state.runs[i])) await run.keep();
    const fresh = await makeRuns(
      engine,
      state,
      state.runs.filter((_, i) => !kept[i]),
      data,
      files,
    );
    const runs = kept.map((run) => run ?? fresh.shift()) as Run[];
    for (const { network } of state.runs) files.forgetNetwork(network);
    await free(old.filter((run) => !kept.includes(run)));
    if (plan.data) for (const run of runs) if (old.includes(run)) run.learnFrom(data);
    for (const [i, run] of runs.entries()) if (!same(run.knobs, state.runs[i])) run.turn(state.runs[i]);
    return new Experiment(state, data, runs);
  }

  /** Returns the experiment with all runs at step 0. */
  async reset(engine: Engine): Promise<Experiment> {
    const { state, data } = this;
    const runs = await makeRuns(engine, state, state.runs, data);
    await free(this.runs);
    return new Experiment(state, data, runs);
  }
}

/** Returns new runs, at step 0 unless a network was dropped for one; if one cannot be made, none is. */
async function makeRuns(
  engine: Engine,
  state: State,
  wanted: readonly RunState[],
  data: LoadedData,
  files?: OwnFiles,
): Promise<Run[]> {
  const dropped: Run[] = [];
  try {
    for (const knobs of wanted) {
      const bytes = files?.network(knobs.network);
      if (bytes)
        dropped.push(await (await import('./dropped-network.js')).runFrom(bytes, engine, knobs, { data, state }));
    }
    const isDropped = ({ id }: RunState) => dropped.some((run) => run.id === id);
    const fresh = await freshRuns(
      engine,
      state,
      wanted.filter((knobs) => !isDropped(knobs)),
      data,
    );
    const made = [...dropped, ...fresh];
    return wanted.map(({ id }) => made.find((run) => run.id === id) as Run);
  } catch (error) {
    await free(dropped);
    throw error;
  }
}

/** Returns runs at step 0: several train as a team. */
async function freshRuns(
  engine: Engine,
  state: State,
  wanted: readonly RunState[],
  data: LoadedData,
): Promise<readonly Run[]> {
  if (wanted.length > 1) return (await import('./team.js')).teamOf(engine, state, wanted, data);
  const runs: Run[] = [];
  for (const knobs of wanted) runs.push(new Run(await newTrainer(engine, state, knobs, data), knobs, data, state));
  return runs;
}
