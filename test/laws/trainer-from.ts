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
    const valid = validRows(recipe) / recipe.rows;
    trainer.step({ x: x.subarray(0, x.length * valid), y: targets.subarray(0, targets.length * valid) });
  }
}
