import { createPopulation, type Engine } from 'wgrad';
import type { EpochTime } from '../../contract/view-facts.js';
import type { Experiment } from '../experiment.js';
import { takeSteps, trainingOf } from '../training.js';

/** Networks of the first measurement, and at most of the second. */
const [FEW, MANY] = [2, 32];
/** Most steps of an epoch that are measured. */
const STEPS = 4;
/** Time that an epoch of the second measurement may take, as far as the first one tells. */
const MILLISECONDS = 300;

/**
 * Measures an epoch of a search with a few and with more networks side by side, in training and in validation. On a GPU that
 * many networks do not fill, they take hardly longer than a few.
 */
export async function timeEpoch({ state, data, selected }: Experiment, engine: Engine): Promise<EpochTime> {
  const { model, options } = trainingOf(state, selected.knobs, data);
  const steps = Math.ceil(data.train.examples / state.batch);
  const measured = Math.min(steps, STEPS);
  const timeOf = async (networks: number) => {
    const members = Array.from({ length: networks }, (_, seed) => ({ seed }));
    using population = await createPopulation(engine, model, { ...options, members });
    const epoch = async () => {
      const started = performance.now();
      await takeSteps(population, data.train, measured);
      const trained = performance.now();
      await population.evaluate(data.validation);
      return ((trained - started) * steps) / measured + performance.now() - trained;
    };
    await epoch(); // compiles
    return Math.min(await epoch(), await epoch()); // what else the machine did then does not count
  };
  const few = await timeOf(FEW);
  const networks = Math.min(MANY, Math.max(2 * FEW, Math.round((FEW * MILLISECONDS) / few)));
  const each = Math.max(0, ((await timeOf(networks)) - few) / (networks - FEW));
  return { fixed: Math.max(0, few - FEW * each), each };
}
