import {
  createTrainer,
  type Dataset,
  type Engine,
  type HyperParameters,
  type Population,
  type Trainer,
  trainingFromConfig,
} from 'wgrad';
import { configOf, type Knobs, type State } from '../contract/state.js';
import { type LoadedData, outputsOf } from './data/loaded-data.js';

/** Returns the model and the options of a run. */
export function trainingOf(state: State, knobs: Knobs, data: LoadedData) {
  const { features } = data.train;
  return trainingFromConfig(
    configOf(state, knobs, { features, outputs: outputsOf(data), classes: data.classes !== undefined }),
  );
}

/** Returns a trainer at step 0. All runs of a state start from the same weights and get the same batches. */
export function newTrainer(engine: Engine, state: State, knobs: Knobs, data: LoadedData): Promise<Trainer> {
  const { model, options } = trainingOf(state, knobs, data);
  return createTrainer(engine, model, { ...options, seed: state.seed });
}

/** Returns the hyper-parameters of a run, as networks know them. */
export function hyperOf(
  { parts }: Pick<State, 'parts'>,
  { l2, l1 = 0, dropout, learningRate }: Knobs,
): HyperParameters {
  return { l2, dropout, learningRate, ...(parts?.l1 && { l1 }) };
}

/** Takes steps, over as many epochs as they need. @throws EngineError of kind `diverged` if a loss is not finite */
export async function takeSteps(trainer: Trainer | Population, train: Dataset, steps: number): Promise<void> {
  await trainer.fit(train, { epochs: Number.MAX_SAFE_INTEGER, maxSteps: steps });
}
