import { checkPopulation, type Proposal, type SearchState, type Strategy, startAll } from './strategy.js';

/**
 * Random search: as many configurations as the search's `population` says, each drawn from the space, all trained to the end.
 * Source: Bergstra and Bengio, "Random search for hyper-parameter optimization", JMLR 13 (2012).
 */
export function random(): Strategy {
  return startAll('random', {}, (state) => randomProposals('random', state));
}

/** Configurations drawn one after the other, each dimension by dimension. @throws TypeError without a population */
export function randomProposals(where: string, { space, population, random }: SearchState): Proposal[] {
  return Array.from({ length: checkPopulation(where, population) }, () => ({
    config: space.configuration(space.dimensions.map(({ distribution }) => distribution.at(random()))),
  }));
}
