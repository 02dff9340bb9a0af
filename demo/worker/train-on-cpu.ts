import { createReferenceEngine, type Trainer } from 'wgrad';
import type { Frame } from '../contract/protocol.js';
import type { State } from '../contract/state.js';
import { loadData } from './data/load-data.js';
import { dataFacts, type LoadedData } from './data/loaded-data.js';
import { task } from './jobs/task.js';
import { OwnFiles } from './own-files.js';
import { newTrainer, takeSteps } from './training.js';
import { answer } from './views/answer.js';

const GRID = { columns: 32, rows: 24 };
/** Most steps: the GPU, which starts at step 0, must get there before its own pictures are shown. */
const MOST_STEPS = 100;
/** Steps before the first picture of trained networks: after fewer they look untrained. */
const FIRST_STEPS = 12;
/** Shortest time between two pictures; each takes about as long as ten steps. */
const MILLISECONDS = 200;

export interface TrainOnCpuOptions {
  /** Returns true while the networks are to train; otherwise they wait. */
  readonly isToPlay: () => boolean;
  /** Returns true when nobody needs them any more. */
  readonly isOver: () => boolean;
  /** Called with the data, then with each picture and the steps taken. */
  readonly told: (frame: Frame, steps: number) => void;
}

/** Trains the networks of a state on the CPU, step by step, and tells their answers. */
export async function trainOnCpu(state: State, options: TrainOnCpuOptions): Promise<void> {
  const data = await loadData(state, new OwnFiles());
  options.told({ data: dataFacts(data, data.available) }, 0);
  const engine = createReferenceEngine();
  const runs: AskedRun[] = [];
  try {
    for (const knobs of state.runs) {
      runs.push({ id: knobs.id, network: await newTrainer(engine, state, knobs, data) });
      await task(); // lets messages in
    }
    await trainAll(runs, Math.min(MOST_STEPS, state.steps || MOST_STEPS), data, options);
  } finally {
    for (const { network } of runs) network.dispose();
  }
}

interface AskedRun {
  readonly id: number;
  readonly network: Trainer;
}

async function trainAll(
  runs: readonly AskedRun[],
  most: number,
  data: LoadedData,
  { isToPlay, isOver, told }: TrainOnCpuOptions,
): Promise<void> {
  let [shown, due] = [-1, 0];
  while (!isOver()) {
    const steps = runs[0].network.stepsTaken;
    const canTrain = steps < most && isToPlay();
    const isDue = steps > shown && (!canTrain || steps >= FIRST_STEPS) && performance.now() >= due;
    if (isDue) {
      const view = await answer({ data, runs }, GRID);
      if (isOver() || (view.kind !== 'plane' && view.kind !== 'line')) return;
      told({ view: { ...view, onCpu: steps } }, steps);
      shown = steps;
      due = performance.now() + MILLISECONDS;
    }
    if (canTrain) for (const { network } of runs) await takeSteps(network, data.train, 1);
    else await new Promise((resolve) => setTimeout(resolve, MILLISECONDS / 4));
    await task();
  }
}
