import {
  createTrainer,
  dense,
  type Engine,
  type Loss,
  type Regularizer,
  sequential,
  sgd,
  type Trainer,
} from '../../src/index.js';
import { Random } from '../ops/random.js';
import { type Descent, descend, rateOf } from './descent-bound.js';
import type { LinearProblem } from './linear-problem.js';

export const FEATURES = 4;
export const EXAMPLES = 24;

/** Examples with features that are not centred, so that the bias and the weights depend on each other. */
export function examples(seed: number): { x: Float32Array; score: (row: number) => number } {
  const random = new Random(seed);
  const x = random.floats(EXAMPLES * FEATURES, -1, 1.5);
  const score = (row: number) =>
    [0.9, -0.6, 0.4, -1.1].reduce((sum, w, j) => sum + w * x[row * FEATURES + j], 0.7 + random.uniform(-0.5, 0.5));
  return { x, score };
}

/** The rows (x, 1) of features x. */
export function rowsOf(x: Float32Array): number[][] {
  return Array.from({ length: EXAMPLES }, (_, i) => [...x.subarray(i * FEATURES, (i + 1) * FEATURES), 1]);
}

/** The decay of weights and bias. */
export function decayOf(weights: number, bias = 0): number[] {
  return [...Array.from({ length: FEATURES }, () => weights), bias];
}

/** A linear model after training on all examples at once. */
export interface Trained extends Descent {
  /** The weights, then the bias. */
  readonly theta: readonly number[];
  readonly penalty: number;
}

/** Trains wgrad's linear model by gradient descent until float32 lets it come no closer to where the problem's J is least. */
export async function train(
  engine: Engine,
  problem: LinearProblem,
  loss: Loss,
  regularizer: Regularizer,
): Promise<Trained> {
  using trainer = await createTrainer(engine, sequential([dense(1)]), {
    input: [FEATURES],
    batchSize: EXAMPLES,
    loss,
    optimizer: sgd({ learningRate: rateOf(problem) }),
    regularizer,
    seed: 3,
  });
  const batch = {
    x: Float32Array.from(problem.rows.flatMap((row) => row.slice(0, FEATURES))),
    y: Float32Array.from(problem.targets),
  };
  const descent = descend(problem, await thetaOf(trainer));
  for (let step = 0; step < descent.steps; step++) trainer.step(batch);
  const { penalty } = await trainer.metrics();
  return { ...descent, theta: await thetaOf(trainer), penalty };
}

async function thetaOf(trainer: Trainer): Promise<number[]> {
  return (await trainer.weights()).flatMap(({ data }) => [...data]);
}

/** Returns the distance of two θ. */
export function distance(a: readonly number[], b: readonly number[]): number {
  return Math.hypot(...a.map((value, j) => value - b[j]));
}
