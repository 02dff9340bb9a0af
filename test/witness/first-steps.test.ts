import { expect, test } from 'vitest';
import {
  adam,
  adamw,
  createTrainer,
  dense,
  type Engine,
  type Initializer,
  meanSquaredError,
  type Optimizer,
  sequential,
  sgd,
} from '../../src/index.js';
import { bothEngines } from './both-engines.js';

const engines = await bothEngines();

const ones: Initializer = { kind: 'ones', options: {}, fill: (out) => out.fill(1) };

/** Trains y = θx from θ = 1 on x = 1, y = 0: the loss is θ² and its gradient 2θ. Returns θ after each of three steps. */
async function train(engine: Engine, optimizer: Optimizer): Promise<number[]> {
  using trainer = await createTrainer(engine, sequential([dense(1, { bias: false, initializer: ones })]), {
    input: [1],
    batchSize: 1,
    loss: meanSquaredError(),
    optimizer,
  });
  const thetas: number[] = [];
  for (let step = 0; step < 3; step++) {
    trainer.step({ x: Float32Array.of(1), y: Float32Array.of(0) });
    thetas.push((await trainer.weights())[0].data[0]);
  }
  return thetas;
}

const learningRate = 1 / 8;
const momentum = 1 / 2;

/**
 * g, v and θ are binary fractions of few digits, which float32 computes exactly.
 *
 *     g = 2θ, v = v/2 + g
 *     momentum: θ - v/8          g = 2, 1.5, 0.875            v = 2, 2.5, 2.125
 *     Nesterov: θ - (g + v/2)/8  g = 2, 1.25, 0.65625         v = 2, 2.25, 1.78125
 *     SGDW: θ - v/8 - θ/16       g = 2, 1.375, 0.6953125      v = 2, 2.375, 1.8828125
 */
const EXACT: readonly [name: string, optimizer: Optimizer, thetas: readonly number[]][] = [
  ['gradient descent', sgd({ learningRate }), [0.75, 0.5625, 0.421875]],
  ['momentum', sgd({ learningRate, momentum }), [0.75, 0.4375, 0.171875]],
  ['Nesterov', sgd({ learningRate, momentum, nesterov: true }), [0.625, 0.328125, 0.134765625]],
  ['SGDW', sgd({ learningRate, momentum, weightDecay: 1 / 2 }), [0.6875, 0.34765625, 0.090576171875]],
];

test.each(EXACT)('%s makes the steps that one makes by hand', async (_, optimizer, thetas) => {
  for (const engine of engines) expect(await train(engine, optimizer)).toEqual(thetas);
});

const moments = { learningRate, beta1: 1 / 2, beta2: 3 / 4, epsilon: 2 };

/**
 *     g = 2θ, m = m/2 + g/2, v = 3v/4 + g²/4, m̂ = m / (1 - 1/2^t), v̂ = v / (1 - (3/4)^t)
 *     Adam: θ - (1/8) · m̂ / (√v̂ + 2); AdamW: the same from θ - θ/16, g being that of θ
 *     step 1: g = 2, m = 1, v = 1, m̂ = 1 / (1/2), v̂ = 1 / (1/4): θ = 1 - (1/8) · 2 / (2 + 2) = 15/16, AdamW 14/16
 *     step 2 of Adam: g = 15/8, m = 23/16, v = 417/256, m̂ = m / (3/4), v̂ = v / (7/16)
 *     step 3: m̂ = m / (7/8), v̂ = v / (37/64); all in decimals of 40 digits
 */
const ROUNDED: readonly [name: string, optimizer: Optimizer, thetas: readonly number[]][] = [
  ['Adam', adam(moments), [15 / 16, 0.876530543885, 0.817417832226]],
  ['AdamW', adamw({ ...moments, weightDecay: 1 / 2 }), [14 / 16, 0.760962257938, 0.657818575158]],
];

/**
 * In units u = 2^-23. Relative to the step: m 2, the root of v 1.5 and its own 5, its correction 2, the sum 1, the division
 * 2.5, the rate 2: 16, of a step below 1/16, is 1u. Decay and difference 3u, as θ <= 1: 4u a step. An error e of θ so far is
 * at most 2e in g, m̂ and √v̂, which is a norm of the g; as √v̂ + 2 > 3 and m̂ / (√v̂ + 2) <= 1/2, it is at most
 * (2e / 3) · (1 + 1/2) = e in the direction and e/8 in the step. Three times e <- 1.125e + 4u from 0 is 13.6u.
 */
const BOUND = 14 * 2 ** -23;

test.each(ROUNDED)('%s makes the steps that one makes by hand', async (_, optimizer, thetas) => {
  for (const engine of engines) {
    const got = await train(engine, optimizer);
    for (const [i, theta] of thetas.entries()) expect(Math.abs(got[i] - theta)).toBeLessThanOrEqual(BOUND);
  }
});
