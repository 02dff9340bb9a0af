import { checkOptions, show } from '../errors/arguments.js';
import { randomProposals } from './random.js';
import { epochsLeft, type SearchState, type Strategy } from './strategy.js';
import { checkHalving, type HalvingOptions, survivorsOf } from './successive-halving.js';

/** Options of `hyperband`. */
export type HyperbandOptions = HalvingOptions;

/** Trials that are compared with each other alone. */
interface Bracket {
  /** Trials that it starts. */
  readonly count: number;
  /** Epochs after which the first of them are dropped. */
  readonly rung: number;
}

/**
 * Hyperband: successive halving several times over, from many configurations that are dropped after few epochs to a few that
 * are all trained to the end, since nobody knows how early a bad one shows. All brackets train side by side; which configurations
 * go on is decided within each. The number of configurations follows from the epochs: 143 for 81 epochs and eta 3, 49 for 27.
 * Source: Li et al., "Hyperband: a novel bandit-based approach to hyperparameter optimization" (2018), algorithm 1.
 * @throws TypeError or RangeError if an option is out of range or unknown; when the search begins, if its `population` is
 * given and another number
 */
export function hyperband(options: HyperbandOptions = {}): Strategy {
  const where = 'hyperband';
  checkOptions(where, options, ['eta', 'minEpochs']);
  const { eta, minEpochs } = checkHalving(where, options);
  return {
    kind: where,
    options: { eta, minEpochs },
    next(state) {
      const brackets = bracketsOf(state.epochs, eta, minEpochs);
      if (state.trials.length === 0) {
        const population = brackets.reduce((sum, { count }) => sum + count, 0);
        if (state.population !== undefined && state.population !== population) {
          const got = show(state.population);
          throw new RangeError(`${where}: population must be left out, or ${population} for these epochs, got ${got}`);
        }
        return {
          start: randomProposals(where, { ...state, population }),
          epochs: nextRung(brackets, 0, eta, state.epochs),
        };
      }
      const left = epochsLeft(state);
      if (left === 0) return undefined;
      const done = state.epochs - left;
      const keep = survivors(state, brackets, eta, done);
      if (keep.length === 0) return undefined;
      return { keep, epochs: nextRung(brackets, done, eta, state.epochs) - done };
    },
  };
}

/** Returns the brackets, those that drop trials first before the others. Source: algorithm 1, lines 1 to 4. */
export function bracketsOf(epochs: number, eta: number, minEpochs: number): Bracket[] {
  let most = 0;
  while (minEpochs * eta ** (most + 1) <= epochs) most++;
  return Array.from({ length: most + 1 }, (_, i): Bracket => {
    const s = most - i;
    return { count: Math.ceil(((most + 1) / (s + 1)) * eta ** s), rung: Math.floor(epochs / eta ** s) };
  });
}

/** Returns the epochs after which the next trials are dropped, or all of them. */
function nextRung(brackets: readonly Bracket[], done: number, eta: number, epochs: number): number {
  const next = brackets.map(({ rung }) => {
    while (rung <= done) rung *= eta;
    return rung;
  });
  return Math.min(epochs, ...next);
}

function survivors({ trials }: SearchState, brackets: readonly Bracket[], eta: number, done: number): number[] {
  let first = 0;
  return brackets.flatMap(({ count, rung }) => {
    const own = trials.slice(first, first + count);
    first += count;
    return survivorsOf(own, { eta, rung, done });
  });
}
