import { sobolPoints } from './sobol-points.js';
import { checkPopulation, startAll } from './start-all.js';
import type { Proposal, SearchState, Strategy } from './strategy.js';

/**
 * Like `random`, but the configurations are scrambled Sobol points, which leave no part of the space out: best with a
 * `population` that is a power of 2. At most 21 dimensions.
 * Source: Joe and Kuo, "Constructing Sobol sequences with better two-dimensional projections" (2008).
 */
export function sobol(): Strategy {
  return startAll('sobol', {}, (state) => sobolProposals('sobol', state));
}

/** Configurations at scrambled Sobol points. @throws TypeError without a population, RangeError for 22 dimensions or more */
export function sobolProposals(where: string, { space, population, random }: SearchState): Proposal[] {
  const { dimensions } = space;
  const points = sobolPoints(where, dimensions.length, checkPopulation(where, population), random);
  return points.map((point) => ({
    config: space.configuration(dimensions.map(({ distribution }, i) => distribution.at(point[i]))),
  }));
}
