import { type Engine, loadTrainer } from 'wgrad';
import type { Experiment } from './experiment.js';
import { newTrainer } from './training.js';

/** Moves the runs to another engine: each goes on from its last save, or from step 0 if there is none. */
export async function resume(engine: Engine, { state, data, runs }: Experiment): Promise<void> {
  for (const run of runs) {
    const { trained, saved, knobs } = run;
    run.resume(await (saved ? loadTrainer(engine, saved) : newTrainer(engine, state, knobs, data)));
    trained.dispose();
  }
}
