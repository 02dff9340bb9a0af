import {
  createTrainer,
  dense,
  type Engine,
  meanSquaredError,
  type Optimizer,
  sequential,
  sgd,
} from '../../src/index.js';

/** Rows of a batch. */
export const ROWS = 4;
export const batch = (seed: number, scale = 1, rows = ROWS) => ({
  x: Float32Array.from({ length: rows * 3 }, (_, i) => scale * Math.sin(seed + i * i)),
  y: Float32Array.from({ length: rows }, (_, i) => Math.cos(seed + i)),
});
/** A gradient in the hundreds, and a rate with which its update overflows at once. */
export const steep = { ...batch(3), y: new Float32Array(ROWS).fill(100) };
export const OVERFLOW = 3e38;

/** The whole complaint. */
export const message = (what: string, step: number, back: number) =>
  `EngineError of kind diverged: training: ${what} is not finite after step ${step}; the trainer is back at step ${back}, lower the learning rate and go on`;

/** Layers without activation, so that a large rate grows without bound. */
export const create = (engine: Engine, optimizer: Optimizer = sgd({ learningRate: 0.1 }), layers = 1) =>
  createTrainer(engine, sequential(Array.from({ length: layers }, (_, i) => dense(i === layers - 1 ? 1 : 4))), {
    input: [3],
    batchSize: ROWS,
    loss: meanSquaredError(),
    optimizer,
  });
