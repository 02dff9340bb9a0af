import { checkNumber, checkOptions, checkPositiveInteger, show } from '../errors/arguments.js';
import { randomProposals } from './random.js';
import type { Configuration } from './space.js';
import { checkDimensionName } from './space.js';
import { epochsLeft, type Proposal, type Round, type SearchState, type Strategy } from './strategy.js';
import { ranked } from './trial.js';

/** Options of `populationBased`. */
export interface PopulationBasedOptions {
  /** Epochs between two selections. Default 1. */
  every?: number | undefined;
  /** The share that is replaced, in (0, 0.5], and that of those they are replaced by copies of. Default 0.2. */
  fraction?: number | undefined;
  /** With this probability a hyper-parameter is drawn anew, otherwise it is perturbed; in [0, 1]. Default 0.25. */
  resample?: number | undefined;
  /** The hyper-parameters that copies change. Default: all those of training that the space has. */
  explore?: readonly string[] | undefined;
}

/**
 * Population-based training: as many random configurations as the search's `population` says are trained side by side;
 * every few epochs the worst of those in training make room for copies of some of the best, weights and all, with other
 * hyper-parameters. What is no hyper-parameter of training, such as `hidden`, stays as the copied network has it.
 * Those that diverge or are stopped early are not replaced.
 * Source: Jaderberg et al., "Population based training of neural networks" (2017), section 4.1: truncation selection.
 * @throws TypeError or RangeError if an option is out of range or unknown; when the search begins, if `explore` names what is
 * not in the space or cannot change in training, or there is no `population`
 */
export function populationBased(options: PopulationBasedOptions = {}): Strategy {
  const where = 'populationBased';
  const checked = checkPopulationBasedOptions(where, options);
  const { explore, ...rest } = checked;
  return {
    kind: where,
    options: { ...rest, explore },
    next(state) {
      if (state.trials.length === 0) {
        for (const name of explore ?? []) {
          checkDimensionName(where, `explore names ${show(name)}, which`, name, state.space.dimensions);
          if (state.changeable.includes(name)) continue;
          throw new RangeError(`${where}: explore names ${show(name)}, which a network in training cannot change`);
        }
        return { start: randomProposals(where, state), epochs: Math.min(checked.every, state.epochs) };
      }
      const left = epochsLeft(state);
      return left > 0 ? { ...select(state, checked), epochs: Math.min(checked.every, left) } : undefined;
    },
  };
}

type Checked = ReturnType<typeof checkPopulationBasedOptions>;

/** Returns the trials that go on, and those that copies start from. */
function select(state: SearchState, checked: Checked): Omit<Round, 'epochs'> {
  const running = ranked(state.trials.filter(({ status }) => status === 'running'));
  const count = running.length < 2 ? 0 : Math.max(1, Math.floor(running.length * checked.fraction));
  const kept = running.slice(0, running.length - count).map(({ id }) => id);
  const start = Array.from({ length: count }, (): Proposal => {
    const { id, config } = running[Math.floor(count * state.random())];
    return { config: explored(state, config, checked), from: id };
  });
  return { keep: kept.sort((a, b) => a - b), start };
}

/** A winner's configuration with other hyper-parameters. */
function explored({ space, random, changeable }: SearchState, config: Configuration, { resample, explore }: Checked) {
  const values = space.values(config);
  return space.configuration(
    space.dimensions.map(({ name, distribution }, i) => {
      if (!changeable.includes(name) || (explore && !explore.includes(name))) return values[i];
      return random() < resample ? distribution.at(random()) : distribution.perturb(values[i], random());
    }),
  );
}

/** Returns the options with their defaults. @throws TypeError or RangeError naming `where` and the option */
function checkPopulationBasedOptions(where: string, options: PopulationBasedOptions) {
  checkOptions(where, options, ['every', 'fraction', 'resample', 'explore']);
  const { every = 1, fraction = 0.2, resample = 0.25, explore } = options;
  checkPositiveInteger(where, 'every', every);
  checkNumber(where, 'fraction', fraction, { min: 0, max: 0.5, exclusive: 'min' });
  checkNumber(where, 'resample', resample, { min: 0, max: 1 });
  if (explore === undefined) return { every, fraction, resample, explore };
  if (!Array.isArray(explore)) throw new TypeError(`${where}: explore must be an array of names, got ${show(explore)}`);
  for (const name of explore) {
    if (typeof name !== 'string') throw new TypeError(`${where}: explore must hold names, got ${show(name)}`);
  }
  return { every, fraction, resample, explore: [...explore] };
}
