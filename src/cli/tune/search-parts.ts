import { asynchronousHalving } from '../../fleet/asynchronous-halving.js';
import { balancedWeights } from '../../index.js';
import {
  type Configuration,
  gaussianProcess,
  grid,
  hyperband,
  populationBased,
  random,
  type SearchModel,
  type SearchOptions,
  type Strategy,
  sobol,
  spaceFromJson,
  successiveHalving,
  tpe,
} from '../../tune.js';
import { buildTraining } from '../train/model.js';
import { TUNE_VALUES, type TuneConfig } from './config.js';
import type { TuningData } from './data.js';
import type { StrategyName } from './options.js';
import { configOfTrial } from './winner-command.js';

/** Returns the model and the options of a search. @throws UsageError naming the distribution that is wrong */
export function searchParts(
  config: TuneConfig,
  data: Pick<TuningData, 'train' | 'validation'>,
): { model: SearchModel; options: SearchOptions } {
  const model = (configuration: Configuration) =>
    buildTraining(configOfTrial(config, configuration), data.train, config.space).model;
  return { model, options: { ...optionsOf(config, data), space: readSpace(config.space) } };
}

/** Returns a space from JSON. @throws UsageError naming the distribution that is wrong */
export function readSpace(json: TuneConfig['space']): ReturnType<typeof spaceFromJson> {
  return inSpace(() => spaceFromJson(json));
}

/** Returns what `read` does. @throws UsageError where `read` refuses a distribution of the space */
export function inSpace<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw asSpaceRefusal(error);
  }
}

/** Returns an error that refuses a distribution of the space as a UsageError, and any other as it is. */
export function asSpaceRefusal(error: unknown): unknown {
  const said = /^(?:spaceFromJson: (?:space\.)?|search: space\.)(.*)/s.exec((error as Error).message);
  return said ? TUNE_VALUES.refuse(`--space: ${said[1]}`) : error;
}

/** Returns the options of the search. */
function optionsOf(
  config: TuneConfig,
  { train, validation }: Pick<TuningData, 'train' | 'validation'>,
): Omit<SearchOptions, 'space' | 'signal'> {
  const { folds, metric, patience, members, strategy } = config;
  const { options } = buildTraining(config.train, train, config.space);
  return {
    ...options,
    strategy: strategyOf(config),
    population: OWN_NUMBER.includes(strategy) ? undefined : members,
    budget: { epochs: config.train.epochs },
    train,
    ...(validation ? { validation } : { folds }),
    ...(config.train.balance && {
      weights: balancedWeights(train),
      validationWeights: validation && balancedWeights(validation),
    }),
    metric,
    patience: patience ?? undefined,
    seed: config.train.seed,
  };
}

/** Strategies that know how many configurations they try. */
const OWN_NUMBER: readonly StrategyName[] = ['grid', 'hyperband'];

function strategyOf({ strategy, members, space }: TuneConfig): Strategy {
  if (strategy === 'random') return random();
  if (strategy === 'sobol') return sobol();
  if (strategy === 'halving') return successiveHalving();
  if (strategy === 'hyperband') return hyperband();
  if (strategy === 'tpe') return tpe();
  if (strategy === 'gaussian-process') return gaussianProcess();
  if (strategy === 'population-based') return populationBased();
  if (strategy === 'asynchronous-halving') return asynchronousHalving();
  const fixed = Object.values(space)
    .flat()
    .map((entry) => valuesOf(entry));
  const choices = fixed.reduce<number>((product, values) => product * (values ?? 1), 1);
  const axes = fixed.filter((values) => values === undefined).length;
  // As many points as fit into the members; every value of a choice is tried.
  let points = 1;
  while (axes > 0 && choices * (points + 1) ** axes <= members) points++;
  return grid(points);
}

/** Returns the number of values of an entry that a grid cannot thin out; undefined for a range. */
function valuesOf(entry: unknown): number | undefined {
  if (typeof entry !== 'object' || entry === null) return 1;
  const { kind, values } = entry as Readonly<Record<string, unknown>>;
  if (Array.isArray(values)) return values.length;
  return kind === 'fixed' ? 1 : undefined;
}
