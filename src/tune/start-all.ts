import { checkPositiveInteger } from '../errors/arguments.js';
import type { Proposal, SearchState, Strategy } from './strategy.js';

/** Returns a strategy that starts all trials at once and trains them to the end. */
export function startAll(
  kind: string,
  options: Strategy['options'],
  propose: (state: SearchState) => readonly Proposal[],
): Strategy {
  return {
    kind,
    options,
    next(state) {
      if (state.trials.length === 0) return { start: propose(state), epochs: state.epochs };
      const epochs = epochsLeft(state);
      return epochs > 0 ? { epochs } : undefined;
    },
  };
}

/** Returns the epochs for which all running trials may still be trained; 0 if none runs. */
export function epochsLeft({ trials, epochs }: SearchState): number {
  const running = trials.filter(({ status }) => status === 'running');
  return running.length === 0 ? 0 : epochs - running.reduce((most, trial) => Math.max(most, trial.epochs), 0);
}

/** Returns the number of configurations to begin with. @throws TypeError or RangeError naming `where` if there is none */
export function checkPopulation(where: string, population: number | undefined): number {
  if (population === undefined) {
    throw new TypeError(`${where}: population must be given, the number of configurations to try`);
  }
  return checkPositiveInteger(where, 'population', population);
}
