import { createTrainer, type Engine, type Seed, sequential, type Trainer } from '../../src/index.js';
import { examplesFor } from './examples.js';
import { networkOf, type Recipe, validRows } from './recipe.js';

/** A trainer of a recipe's network. */
export function trainerFrom(engine: Engine, recipe: Recipe, seed: Seed = 0): Promise<Trainer> {
  const { layers, rows, cols, count: _, ...training } = networkOf(recipe);
  return createTrainer(engine, sequential(layers), { input: [cols], batchSize: rows, seed, ...training });
}

/** Takes steps on random batches, whose seeds are the numbers of the steps. */
export function takeSteps(trainer: Trainer, recipe: Recipe, steps: number): void {
  const network = networkOf(recipe);
  for (let step = 0; step < steps; step++) {
    const { x, targets } = examplesFor(network, trainer.stepsTaken);
    const first = <T extends Float32Array | Uint32Array>(data: T) =>
      data.subarray(0, (data.length / recipe.rows) * validRows(recipe)) as T;
    trainer.step({ x: first(x), y: first(targets) });
  }
}
