import {
  adam,
  adamw,
  createTrainer,
  dense,
  dropout,
  type Engine,
  gelu,
  l2,
  meanSquaredError,
  relu,
  sequential,
  sgd,
  softmaxCrossEntropy,
  type Trainer,
  tanh,
} from 'wgrad';
import type { Knobs, State } from '../contract/state.js';
import { type LoadedData, outputsOf } from './data/loaded-data.js';

const ACTIVATIONS = { relu, tanh, gelu };

/** The model and the options of a run. */
export function trainingOf(state: State, knobs: Knobs, data: LoadedData) {
  const { learningRate } = knobs;
  const optimizers = {
    sgd: () => sgd({ learningRate }),
    momentum: () => sgd({ learningRate, momentum: 0.9 }),
    adam: () => adam({ learningRate }),
    adamw: () => adamw({ learningRate, weightDecay: 0.01 }),
  };
  const layers = state.hidden.flatMap((units, layer) => [
    dense(units),
    ACTIVATIONS[state.activation](),
    dropout(knobs.dropout[layer]),
  ]);
  return {
    model: sequential([...layers, dense(outputsOf(data))]),
    options: {
      input: [data.train.features],
      batchSize: state.batch,
      loss: data.classes ? softmaxCrossEntropy() : meanSquaredError(),
      optimizer: optimizers[state.optimizer](),
      regularizer: l2(knobs.l2),
    },
  };
}

/** Returns a trainer at step 0; those of all runs of a state have the same weights, and get the same batches. */
export function newTrainer(engine: Engine, state: State, knobs: Knobs, data: LoadedData): Promise<Trainer> {
  const { model, options } = trainingOf(state, knobs, data);
  return createTrainer(engine, model, { ...options, seed: state.seed });
}
