import { createReferenceEngine } from 'wgrad';
import type { State } from '../../contract/state.js';
import type { ViewFacts } from '../../contract/view-facts.js';
import type { LoadedData } from '../data/loaded-data.js';
import { newTrainer } from '../training.js';
import { answer } from './answer.js';

const GRID = { columns: 32, rows: 24 };

/** Returns the answers at step 0, computed on the CPU: they can be seen while the kernels of the GPU are compiled. */
export async function preview(state: State, data: LoadedData): Promise<ViewFacts> {
  using trainer = await newTrainer(createReferenceEngine(), state, state.runs[0], data);
  return await answer({ data, runs: state.runs.map((_, id) => ({ id, trainer })) }, GRID); // all runs start alike
}
