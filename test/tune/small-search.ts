import { logUniform, random, type Search, type SearchOptions, type SearchRung } from '../../src/tune.js';
import { all, DATA, OTHER, smallModel, smallTraining } from '../train/small-population.js';

export { smallModel };

/** Options of a search of three trials and three epochs. */
export const small = (more: Partial<SearchOptions> = {}): SearchOptions => ({
  ...smallTraining(),
  space: { l2: logUniform(1e-4, 1e-1), learningRate: logUniform(0.01, 0.2) },
  strategy: random(),
  population: 3,
  budget: { epochs: 3 },
  train: DATA,
  ...('folds' in more ? {} : { validation: OTHER }),
  seed: 2n ** 63n + 7n,
  ...more,
});

export const drain = (run: Search): Promise<SearchRung[]> => all(run);

/** Returns the findings without those that depend on the clock. */
export function found({ result }: Search) {
  const { seconds: _, trials, ...rest } = result;
  const timeless = trials.map(({ seconds: _, rungs, ...trial }) => ({
    ...trial,
    rungs: rungs.map(({ seconds: _, ...rung }) => rung),
  }));
  return { ...rest, trials: timeless };
}
