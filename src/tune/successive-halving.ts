import { checkChoice, checkNumber, checkOptions, checkPositiveInteger } from '../errors/arguments.js';
import { checkPoints, type GridPoints, gridProposals } from './grid.js';
import { randomProposals } from './random.js';
import { sobolProposals } from './sobol.js';
import { epochsLeft, type Proposal, type Round, type SearchState, type Strategy } from './strategy.js';
import { ranked, type Trial } from './trial.js';

/** The source of the first configurations. */
export type Sampler = 'random' | 'sobol' | 'grid';

/** The rungs of a halving. */
export interface HalvingOptions {
  /** One in `eta` goes on; an integer of at least 2. Default 3. */
  eta?: number | undefined;
  /** The fewest epochs after which a trial may be dropped, at least 1. Default 1. */
  minEpochs?: number | undefined;
}

/** Options of `successiveHalving`. */
export interface SuccessiveHalvingOptions extends HalvingOptions {
  /** Default 'random'. */
  sampler?: Sampler | undefined;
  /** Points of the sampler 'grid', as for `grid`. Default 6. */
  points?: GridPoints | undefined;
}

/**
 * Successive halving: all configurations are trained for `minEpochs` epochs; the best floor(n / eta) of n, but at least one,
 * go on to minEpochs · eta epochs, and so on, until the last ones have had all epochs of the search. Those that were stopped
 * early take up places without being trained; those that diverged have lost. Of equal ones the first goes on.
 * The search ends before that if nothing that is still in training is good enough to go on.
 * Source: Jamieson and Talwalkar, "Non-stochastic best arm identification and hyperparameter optimization" (2016),
 * algorithm 1, with rungs at powers of eta as Li et al., "Hyperband" (2018), have them.
 * @throws TypeError or RangeError if an option is out of range or unknown
 */
export function successiveHalving(options: SuccessiveHalvingOptions = {}): Strategy {
  const where = 'successiveHalving';
  checkOptions(where, options, ['eta', 'minEpochs', 'sampler', 'points']);
  const { eta, minEpochs } = checkHalving(where, options);
  const { sampler = 'random', points } = options;
  checkChoice(where, 'sampler', sampler, ['random', 'sobol', 'grid']);
  if (points !== undefined) {
    if (sampler !== 'grid') throw new TypeError(`${where}: points is only for the sampler 'grid'`);
    checkPoints(where, points);
  }
  const propose: Record<Sampler, (state: SearchState) => Proposal[]> = {
    random: (state) => randomProposals(where, state),
    sobol: (state) => sobolProposals(where, state),
    grid: (state) => gridProposals(where, state, points),
  };
  return {
    kind: where,
    options: { eta, minEpochs, sampler, points },
    next(state) {
      if (state.trials.length > 0) return nextRung(state, eta, minEpochs);
      return { start: propose[sampler](state), epochs: Math.min(minEpochs, state.epochs) };
    },
  };
}

/** Returns the rungs of a halving with their defaults. @throws TypeError or RangeError naming `where` and the option */
export function checkHalving(where: string, { eta = 3, minEpochs = 1 }: HalvingOptions): Required<HalvingOptions> {
  checkNumber(where, 'eta', eta, { min: 2, integer: true });
  checkPositiveInteger(where, 'minEpochs', minEpochs);
  return { eta, minEpochs };
}

function nextRung(state: SearchState, eta: number, minEpochs: number): Round | undefined {
  const left = epochsLeft(state);
  if (left === 0) return undefined;
  const done = state.epochs - left;
  let rung = minEpochs;
  while (rung <= done) rung *= eta;
  const keep = survivorsOf(state.trials, { eta, rung: minEpochs, done });
  if (keep.length === 0) return undefined;
  return { keep, epochs: Math.min(rung - done, left) };
}

/**
 * Returns the ids, ascending, of the running ones that go on among trials that began together and have had `done` epochs.
 * @param halving the first rung, and the share that goes on after each
 */
export function survivorsOf(
  trials: readonly Trial[],
  { eta, rung, done }: { readonly eta: number; readonly rung: number; readonly done: number },
): number[] {
  // Counted from all that began, so that those that diverged lose, as the worst, before any other does.
  let places = trials.length;
  for (let passed = rung; passed <= done; passed *= eta) places = Math.max(1, Math.floor(places / eta));
  const contenders = trials.filter(({ status }) => status === 'running' || status === 'stopped early');
  const going = ranked(contenders).slice(0, places);
  return going.flatMap(({ status, id }) => (status === 'running' ? [id] : [])).sort((a, b) => a - b);
}
