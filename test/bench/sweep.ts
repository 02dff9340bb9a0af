import type { Contender, Repeatable, Training } from './contender.js';
import type { Problem } from './network.js';

/** Hyper-parameters of a model of a sweep; weights, batches and seeds are shared. */
export interface SweepModel {
  /** λ of (λ/2)·Σw². */
  readonly l2: number;
  readonly dropout: number;
  readonly learningRate: number;
}

/** Models that are trained in one way; a run of it trains each of them. */
export interface SweepTraining extends Repeatable {
  /** Weights and biases of one of them. */
  parameters(model: number): Promise<ArrayLike<number>[]>;
}

/** A way in which an engine trains a sweep. */
export interface Sweeper {
  readonly engine: string;
  readonly how: string;
  /** True if models are trained one by one, so that a few of them tell the time of all. */
  readonly oneByOne: boolean;
  start(problem: Problem, models: readonly SweepModel[]): Promise<SweepTraining>;
}

const spread = (low: number, high: number, count: number) =>
  Array.from({ length: count }, (_, i) => low * (high / low) ** (i / (count - 1)));

/**
 * λ and learning rates over the decades in which networks of this kind learn, and the usual rates of dropout: a grid of
 * 64.
 */
const GRID = spread(1e-5, 1e-2, 4).flatMap((l2) =>
  [0.2, 0.35, 0.5, 0.65].flatMap((dropout) =>
    spread(0.005, 0.1, 4).map((learningRate): SweepModel => ({ l2, dropout, learningRate })),
  ),
);

/** `count` models of a sweep: points of the grid, again and again beyond 64. */
export const sweepOf = (count: number): SweepModel[] => Array.from({ length: count }, (_, i) => GRID[i % GRID.length]);

/** The places of `few` models of `count`, from the first to the last, evenly. */
export function fewOf(count: number, few: number): number[] {
  if (count <= few) return [...Array(count).keys()];
  return Array.from({ length: few }, (_, i) => Math.round((i * (count - 1)) / (few - 1)));
}

/** Each model in a training of its own, one after another; each is waited for, as a result of it is. */
export function oneByOne(contender: Contender): Sweeper {
  return {
    engine: contender.name,
    how: 'one by one',
    oneByOne: true,
    start: async (problem, models) => {
      const trainings: Training[] = [];
      for (const model of models) {
        const network = { ...problem.network, ...model };
        trainings.push(await contender.train({ ...problem, network }, 'resident'));
      }
      return inTurn(trainings);
    },
  };
}

/** Trainings as one work, each run in its turn. */
export function inTurn(trainings: readonly Training[]): SweepTraining {
  return {
    run: async (count) => {
      for (const training of trainings) await training.run(count);
    },
    parameters: (model) => trainings[model].parameters(),
    dispose: () => {
      for (const training of trainings) training.dispose();
    },
  };
}
