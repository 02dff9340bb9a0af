import type { Engine } from '../../src/index.js';
import {
  gaussianProcess,
  hyperband,
  random,
  type Strategy,
  search,
  sobol,
  successiveHalving,
  tpe,
} from '../../src/tune.js';
import { type Found, foundBy, populationFor } from './search-figures.js';
import { modelOf, type SearchTask } from './search-tasks.js';

/** A strategy with a budget. */
export interface Way {
  readonly name: string;
  /** The budget, as a share of random search's. */
  readonly share: number;
  readonly strategy: Strategy;
  /** Configurations that it begins with; undefined where the strategy has its own number. */
  readonly population: number | undefined;
}

const ETA = 3;

/** Returns all ways of searching a task; the first is random search. */
export function waysOf(task: SearchTask): readonly Way[] {
  const { trials } = task;
  return [
    { name: 'random', share: 1, strategy: random(), population: trials },
    { name: 'Sobol', share: 1, strategy: sobol(), population: trials },
    ...thatLearn(task, 1),
    ...thatLearn(task, 1 / 3),
    { name: 'hyperband', share: 1 / 3, strategy: hyperband({ eta: ETA }), population: undefined },
  ];
}

function thatLearn({ trials, epochs }: SearchTask, share: number): readonly Way[] {
  return [
    { name: 'TPE', share, strategy: tpe(), population: trials * share },
    { name: 'Gaussian process', share, strategy: gaussianProcess(), population: trials * share },
    {
      name: 'halving',
      share,
      strategy: successiveHalving({ eta: ETA }),
      population: populationFor(trials * epochs * share, epochs, ETA),
    },
  ];
}

/** Searches a task in one way, on the data of a seed; returns the outcome. */
export async function foundIn(
  engine: Engine,
  task: SearchTask,
  { strategy, population }: Way,
  seed: number,
): Promise<Found> {
  const { epochs, options } = task;
  using run = search(engine, modelOf(task), {
    ...options,
    ...task.data(seed),
    strategy,
    ...(population !== undefined && { population }),
    budget: { epochs },
    patience: epochs, // none stops; the score of a trial is that of its best epoch
    seed,
  });
  for await (const _ of run);
  return foundBy(run.result.trials);
}
