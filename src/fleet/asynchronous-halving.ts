import { checkOptions } from '../errors/arguments.js';
import { randomProposals } from '../tune/random.js';
import { checkPopulation, type Round, type SearchState, type Strategy } from '../tune/strategy.js';
import { checkHalving, type HalvingOptions } from '../tune/successive-halving.js';
import { ranked, type Trial } from '../tune/trial.js';

/**
 * Asynchronous successive halving, for searches on several machines: whenever a worker is free, the best trial that is among
 * the best floor(n / eta) of the n that have had the epochs of a rung goes on to the next rung, from the highest rung down; if
 * there is none, a random configuration begins. Nothing waits for the slowest of a rung, so that some go on that would not have
 * gone on among all. Which trials go on depends on the order in which results come.
 * Source: Li et al., "A system for massively parallel hyperparameter tuning" (2020), algorithm 2.
 * @throws TypeError or RangeError if an option is out of range or unknown
 */
export function asynchronousHalving(options: HalvingOptions = {}): Strategy {
  const where = 'asynchronousHalving';
  checkOptions(where, options, ['eta', 'minEpochs']);
  const { eta, minEpochs } = checkHalving(where, options);
  return {
    kind: where,
    options: { eta, minEpochs },
    asynchronous: true,
    next(state) {
      const rungs = rungsOf(state.epochs, eta, minEpochs);
      const promoted = promotion(state, rungs, eta);
      if (promoted) return promoted;
      if (state.trials.length < checkPopulation(where, state.population)) {
        return { train: [], start: randomProposals(where, { ...state, population: 1 }), epochs: rungs[0] };
      }
      return state.busy.length > 0 ? { train: [], epochs: 1 } : undefined;
    },
  };
}

/** Returns the epochs of the rungs: minEpochs · eta^k, and the last one all epochs. */
function rungsOf(epochs: number, eta: number, minEpochs: number): number[] {
  const rungs: number[] = [];
  for (let rung = minEpochs; rung < epochs; rung *= eta) rungs.push(rung);
  return [...rungs, epochs];
}

/** Returns the training of the best trial that may go on, from the highest rung down. */
function promotion({ trials, busy }: SearchState, rungs: readonly number[], eta: number): Round | undefined {
  for (let k = rungs.length - 2; k >= 0; k--) {
    const there = trials.filter((trial) => hasReached(trial, rungs[k], rungs[k - 1] ?? 0));
    const best = ranked(there.map((trial) => ({ ...trial, score: scoreAt(trial, rungs[k]) })));
    const next = best
      .slice(0, Math.floor(there.length / eta))
      .find(({ id, epochs, status }) => status === 'running' && epochs === rungs[k] && !busy.includes(id));
    if (next) return { train: [next.id], epochs: rungs[k + 1] - rungs[k] };
  }
  return undefined;
}

/** Returns true if a trial has had the epochs of a rung, or ended on its way there. */
const hasReached = ({ epochs, status }: Trial, rung: number, before: number) =>
  epochs >= rung || (epochs > before && (status === 'diverged' || status === 'stopped early'));

/** Returns the score that a trial had at a rung; infinite if it diverged on its way there. */
function scoreAt({ rungs, status, score }: Trial, rung: number): number {
  const had = rungs.find(({ epoch }) => epoch === rung)?.score;
  return had ?? (status === 'stopped early' && score !== undefined ? score : Number.POSITIVE_INFINITY);
}
