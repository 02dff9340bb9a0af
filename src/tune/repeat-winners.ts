import type { Dataset } from '../data/dataset.js';
import { checkNumber, checkOptions } from '../errors/arguments.js';
import { EngineError } from '../errors/engine-error.js';
import type { Engine } from '../graph/engine.js';
import { createPopulation } from '../train/create-population.js';
import type { MemberOptions } from '../train/prepare-members.js';
import { meanAndError } from './folds.js';
import { groupsOf, hyperOf, type NewTrial } from './open-groups.js';
import { type CheckedSearch, checkSearchOptions, type SearchModel, type SearchOptions } from './search-options.js';
import type { SearchResult } from './search-result.js';
import type { Configuration } from './space.js';
import { ranked, simplestWithin } from './trial.js';
import { scoreOf } from './trial-group.js';

/** Options of `repeatWinners`. */
export interface RepeatOptions {
  /** The number of the best trials to train again. Default 3. */
  winners?: number | undefined;
  /** Seeds that each is trained from, other ones than the search's; at least 2. Default 5. */
  seeds?: number | undefined;
}

/** A configuration, trained again from several seeds. */
export interface RepeatedTrial {
  /** The number of the trial in the search. */
  readonly trial: number;
  readonly config: Configuration;
  /** The score from each seed, smaller is better; of those that did not diverge. */
  readonly scores: readonly number[];
  /** Mean and standard deviation of the scores; null where too few seeds ended. */
  readonly mean: number | null;
  readonly deviation: number | null;
}

/** The winners of a search, trained again. */
export interface RepeatedWinners {
  /** In the order of their scores in the search. */
  readonly repeated: readonly RepeatedTrial[];
  /** The number of the trial with the lowest mean; null if none ended. */
  readonly best: number | null;
  /** With `l2` in the space: the trial with the largest λ whose mean is within one standard error of the lowest. */
  readonly oneStandardError: number | null;
}

/**
 * Trains the best configurations of a search again, each from several seeds, and returns how much their scores vary: initial
 * weights, masks and the order of the data differ. Those of one architecture train side by side, each as long as in the search.
 * Scores by which the winners were chosen flatter them; these do not.
 * @param options those of the search, with `validation`; folds have a standard error of their own
 * @param result the search's
 * @throws TypeError or RangeError naming the option that is wrong; EngineError of kind `aborted` when the signal is
 */
export async function repeatWinners(
  engine: Engine,
  model: SearchModel,
  options: SearchOptions,
  { trials }: Pick<SearchResult, 'trials'>,
  asked: RepeatOptions = {},
): Promise<RepeatedWinners> {
  const where = 'repeatWinners';
  checkOptions(where, asked, ['winners', 'seeds']);
  const { winners = 3, seeds = 5 } = asked;
  checkNumber(where, 'winners', winners, { min: 1, integer: true });
  checkNumber(where, 'seeds', seeds, { min: 2, integer: true });
  const search = checkSearchOptions(model, options);
  const { validation } = search;
  if (!validation) throw new TypeError(`${where}: folds have a standard error of their own; give validation`);
  const ended = trials.filter(({ status }) => status === 'finished' || status === 'stopped early');
  const best = ranked(ended).slice(0, winners);
  const scores = new Map<number, readonly number[]>();
  for (const group of groupsOf(search, best)) {
    for (const each of await sideBySide(group.trials, (some) =>
      train(engine, { ...search, validation }, some, seeds),
    )) {
      scores.set(each.id, each.scores);
    }
  }
  const repeated = best.map(({ id, config }) => ({ trial: id, config, ...momentsOf(scores.get(id) ?? []) }));
  return { repeated, ...chosenFrom(repeated) };
}

/** Returns what `run` does with all, or one after another where all do not fit the device together. */
async function sideBySide<T>(all: readonly NewTrial[], run: (some: readonly NewTrial[]) => Promise<T[]>): Promise<T[]> {
  try {
    return await run(all);
  } catch (error) {
    const doesNotFit = error instanceof EngineError && (error.kind === 'limit' || error.kind === 'memory');
    if (!doesNotFit || all.length === 1) throw error;
    const done: T[] = [];
    for (const one of all) done.push(...(await run([one])));
    return done;
  }
}

/** A search that judges by a validation set. */
interface Judged {
  readonly validation: Dataset;
}

/** Trains each configuration from every seed, side by side; returns the scores of those that did not diverge. */
async function train(engine: Engine, search: CheckedSearch & Judged, trials: readonly NewTrial[], seeds: number) {
  const { training, modelOf, memory, epochs, patience, metric, validation, weights, validationWeights } = search;
  const members = trials.flatMap(({ config }): MemberOptions[] =>
    Array.from({ length: seeds }, (_, i) => ({ ...hyperOf(search, config), seed: seedAfter(search, i) })),
  );
  const options = { ...training, members, order: 'own', memory } as const;
  using population = await createPopulation(engine, modelOf(trials[0].config), options);
  await population.fit(search.train, {
    epochs,
    weights,
    signal: search.signal,
    ...(patience !== undefined && {
      validation,
      validationWeights,
      earlyStopping: { patience, metric: metric === 'accuracy' ? 'accuracy' : 'loss' },
    }),
  });
  const { loss, accuracy } = await population.evaluate(validation, { weights: validationWeights });
  return trials.map(({ id }, t) => ({
    id,
    scores: Array.from({ length: seeds }, (_, i) => t * seeds + i)
      .filter((member) => population.diverged[member] === undefined)
      .map((member) => scoreOf(search, loss[member], accuracy?.[member]))
      .filter((score) => !Number.isNaN(score)),
  }));
}

/** Returns a seed that is none of the search's. */
function seedAfter({ seed }: CheckedSearch, i: number): bigint {
  return (BigInt(seed) + 1n + BigInt(i)) % 2n ** 64n;
}

function momentsOf(scores: readonly number[]): Pick<RepeatedTrial, 'scores' | 'mean' | 'deviation'> {
  if (scores.length < 2) return { scores, mean: scores[0] ?? null, deviation: null };
  const { mean, error } = meanAndError(scores);
  return { scores, mean, deviation: error * Math.sqrt(scores.length) };
}

function chosenFrom(repeated: readonly RepeatedTrial[]): Pick<RepeatedWinners, 'best' | 'oneStandardError'> {
  const meanOf = ({ mean }: RepeatedTrial) => mean ?? Number.POSITIVE_INFINITY;
  const [best] = repeated.filter(({ mean }) => mean !== null).toSorted((a, b) => meanOf(a) - meanOf(b));
  if (!best) return { best: null, oneStandardError: null };
  const limit = meanOf(best) + (best.deviation ?? 0) / Math.sqrt(best.scores.length);
  return { best: best.trial, oneStandardError: simplestWithin(limit, repeated, meanOf)?.trial ?? null };
}
