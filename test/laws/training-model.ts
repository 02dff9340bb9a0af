import {
  createTrainer,
  dataset,
  dense,
  dropout,
  type Engine,
  type HyperParameters,
  l2,
  relu,
  sequential,
  sgd,
  softmaxCrossEntropy,
  type Trainer,
} from '../../src/index.js';
import { permutation } from '../../src/random/permutation.js';
import { Random } from '../ops/random.js';

const FEATURES = 3;
const EXAMPLES = 10;
const BATCH = 4;
const SEED = 5;

const random = new Random(1);
const x = random.floats(EXAMPLES * FEATURES);
const y = Uint32Array.from({ length: EXAMPLES }, () => random.pick([0, 1, 2]));
/** The training examples: an epoch is three steps, the last one short. */
export const DATA = dataset({ x, y, features: FEATURES, classes: 3 });

/** Hyper-parameters as `set` takes them. */
export type Settings = Required<Pick<HyperParameters, 'learningRate' | 'momentum' | 'weightDecay' | 'l2' | 'dropout'>>;

/** A step: the examples it saw, and how they were learned from. */
interface Taken {
  readonly rows: readonly number[];
  readonly settings: Settings;
}

/** All that a trainer's state depends on. */
export interface Training {
  readonly taken: readonly Taken[];
  readonly settings: Settings;
  readonly epoch: number;
  readonly row: number;
}

/** The model of a trainer: enough to predict its answers, without numbers of its own. */
export interface TrainerModel {
  training: Training;
  /** Steps since metrics were read. */
  unread: number;
  /** The last save, and the training it holds. */
  saved: { readonly bytes: Uint8Array; readonly training: Training };
  disposed: boolean;
  /** The engine's device is lost. */
  lost: boolean;
}

export const FRESH: Training = {
  taken: [],
  settings: { learningRate: 0.1, momentum: 0.9, weightDecay: 0.01, l2: [0.01, 0.01], dropout: 0.4 },
  epoch: 0,
  row: 0,
};

/** The trainer that everything is about. */
export function createFresh(engine: Engine): Promise<Trainer> {
  const { learningRate, momentum, weightDecay } = FRESH.settings;
  return createTrainer(engine, sequential([dense(5), relu(), dropout(0.4), dense(3)]), {
    input: [FEATURES],
    batchSize: BATCH,
    loss: softmaxCrossEntropy(),
    optimizer: sgd({ learningRate, momentum, weightDecay }),
    regularizer: l2(0.01),
    seed: SEED,
  });
}

/** These examples as a batch. */
export function batchOf(rows: readonly number[]) {
  return {
    x: Float32Array.from(rows.flatMap((row) => [...x.subarray(row * FEATURES, (row + 1) * FEATURES)])),
    y: Uint32Array.from(rows, (row) => y[row]),
  };
}

/** A training after one more step on these examples. */
export function afterStep(training: Training, rows: readonly number[]): Training {
  return { ...training, taken: [...training.taken, { rows, settings: training.settings }] };
}

/** A training after the next step of a `fit`, which reads the examples in the order of the epoch. */
export function afterFitStep(training: Training): Training {
  const { epoch, row } = training;
  const rows = [...permutation(EXAMPLES, [SEED, 0], epoch).subarray(row, row + BATCH)];
  const end = row + rows.length;
  return { ...afterStep(training, rows), ...(end < EXAMPLES ? { row: end } : { epoch: epoch + 1, row: 0 }) };
}

/** The hyper-parameters by their own names. */
export function hyperOf({ learningRate, momentum, weightDecay, l2, dropout }: Settings): Record<string, number> {
  const [first, second] = Array.isArray(l2) ? l2 : [l2, l2];
  const [rate] = Array.isArray(dropout) ? dropout : [dropout];
  return { learningRate, momentum, weightDecay, 'dense0.l2': first, 'dense1.l2': second, 'dropout0.dropout': rate };
}

/** A trainer that took the steps of a training one by one, and did nothing else. */
export async function twinOf(engine: Engine, { taken, settings }: Training): Promise<Trainer> {
  const twin = await createFresh(engine);
  for (const step of taken) {
    twin.set(step.settings);
    twin.step(batchOf(step.rows));
  }
  twin.set(settings);
  return twin;
}
