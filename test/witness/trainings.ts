import {
  createTrainer,
  dense,
  type Engine,
  l2,
  meanSquaredError,
  relu,
  sequential,
  softmaxCrossEntropy,
  tanh,
} from '../../src/index.js';
import { batchesOf, type Name, OPTIMIZERS } from './cases.js';
import type { Accuracy } from './float32.js';
import type { Network, Parameters } from './network64.js';
import { type Allowance, allowance, type Trajectory, type Trajectory64, train64 } from './trajectory.js';

/** Trains wgrad on the network's batches; also says where it started. */
export async function trainWgrad(
  engine: Engine,
  network: Network,
  name: Name,
): Promise<Trajectory & { start: Parameters }> {
  const { features, hidden, outputs, activation, batchSize, loss, strength } = network;
  const layers = [dense(hidden), activation === 'relu' ? relu() : tanh(), dense(outputs)];
  using trainer = await createTrainer(engine, sequential(layers), {
    input: [features],
    batchSize,
    loss: loss === 'softmaxCrossEntropy' ? softmaxCrossEntropy() : meanSquaredError(),
    optimizer: OPTIMIZERS[name][0],
    regularizer: l2(strength, { convention: 'sum' }),
    seed: 4,
  });
  const start = (await trainer.weights()).map(({ data }) => data);
  const objectives: number[] = [];
  let { penalty } = await trainer.metrics();
  for (const { x, y } of batchesOf(network)) {
    trainer.step({ x, y });
    const measured = await trainer.metrics();
    objectives.push(measured.steps[0].loss + penalty); // the loss is of before the update, and so must the penalty be
    penalty = measured.penalty;
  }
  return { start, objectives, parameters: (await trainer.weights()).map(({ data }) => data) };
}

/** The same training by the textbook, and how far engines of that accuracy may be from it. */
export function textbook(
  network: Network,
  name: Name,
  start: Parameters,
  accuracy: Accuracy,
): { truth: Trajectory64; allowed: Allowance } {
  const training = { network, rule: OPTIMIZERS[name][1], start, batches: batchesOf(network) };
  const truth = train64(training);
  return { truth, allowed: allowance(training, accuracy, truth) };
}
