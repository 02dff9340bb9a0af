import { checkPositiveInteger } from '../errors/arguments.js';
import { type Observation, observed } from './places.js';
import { randomProposals } from './random.js';
import { SOBOL_DIMENSIONS, sobolProposals } from './sobol.js';
import { checkPopulation, type Proposal, type SearchState, type Strategy } from './strategy.js';

/** Options of strategies that learn from the trials so far. */
export interface BatchOptions {
  /**
   * Configurations that are tried before the first is chosen, at Sobol points. Default: a quarter of the search's
   * `population`, but at least two more than the space has dimensions.
   */
  start?: number | undefined;
  /**
   * Configurations that are chosen at a time and trained side by side: 1 learns most from each, more take less time. Default: an
   * eighth of the search's `population`.
   */
  batch?: number | undefined;
}

/** Returns the options that were given. @throws TypeError or RangeError naming `where` and the option */
export function checkBatchOptions(where: string, { start, batch }: BatchOptions): BatchOptions {
  if (start !== undefined) checkPositiveInteger(where, 'start', start);
  if (batch !== undefined) checkPositiveInteger(where, 'batch', batch);
  return { start, batch };
}

/**
 * Returns a strategy that tries as many configurations as the search's `population` says, all trained to the end: first Sobol
 * points (random ones where the space has more than 21 dimensions), then batch after batch what `propose` chooses.
 */
export function inBatches(
  kind: string,
  options: Strategy['options'] & BatchOptions,
  propose: (state: SearchState, observations: readonly Observation[], count: number) => readonly Proposal[],
): Strategy {
  return {
    kind,
    options,
    next(state) {
      const { space, epochs, trials } = state;
      const population = checkPopulation(kind, state.population);
      const dimensions = space.dimensions.length;
      if (trials.length === 0) {
        const { start = Math.max(Math.ceil(population / 4), dimensions + 2) } = options;
        const first = { ...state, population: Math.min(start, population) };
        return {
          start: dimensions > SOBOL_DIMENSIONS ? randomProposals(kind, first) : sobolProposals(kind, first),
          epochs,
        };
      }
      const { batch = Math.ceil(population / 8) } = options;
      const count = Math.min(batch, population - trials.length);
      if (count <= 0) return undefined;
      return { keep: [], start: propose(state, observed(space, trials), count), epochs };
    },
  };
}
