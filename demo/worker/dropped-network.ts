import { configOf, type Engine, loadTrainer } from 'wgrad';
import type { RunState, State } from '../contract/state.js';
import type { LoadedData } from './data/loaded-data.js';
import { checkFits } from './fits-data.js';
import { Run } from './run.js';

/** Returns a run that goes on from a dropped network. @throws Error if that does not fit the data, which may be others by now */
export async function runFrom(
  bytes: Uint8Array,
  engine: Engine,
  knobs: RunState,
  { data, state }: { data: LoadedData; state: State },
): Promise<Run> {
  const trainer = await loadTrainer(engine, bytes);
  try {
    checkFits(configOf(trainer), data);
    const run = new Run(trainer, knobs, data, state);
    await run.save(); // it does not begin at step 0
    return run;
  } catch (error) {
    trainer.dispose();
    throw error;
  }
}
