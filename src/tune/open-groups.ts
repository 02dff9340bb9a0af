import type { Engine } from '../graph/engine.js';
import { type Described, isDescribed } from '../nn/described.js';
import { type HyperParameters, placesOf, startsOf } from '../nn/hyper-parameters.js';
import { prepareMembers } from '../train/prepare-members.js';
import type { Folds } from './folds.js';
import { type CheckedSearch, namesMissing } from './search-options.js';
import type { Configuration } from './space.js';
import { TrialGroup } from './trial-group.js';
import { type ParkedPart, Turns } from './turns.js';

/** A trial to be. */
export interface NewTrial {
  readonly id: number;
  readonly config: Configuration;
}

/** A group to be opened: fresh trials, or parked ones as they were. */
export interface NewGroup {
  readonly key: string;
  readonly trials: readonly NewTrial[];
  readonly epochs: number;
  readonly base: number;
  readonly parked?: readonly ParkedPart[];
}

/** The search that groups are opened for. */
export interface Opening {
  readonly engine: Engine;
  readonly search: CheckedSearch;
  readonly folds: Folds | undefined;
  /** @throws EngineError if the search was disposed, or its engine can no longer be used */
  check(): void;
}

/** Opens groups one after another; if one cannot be opened, all are freed. */
export async function openGroups(opening: Opening, asked: readonly NewGroup[]): Promise<TrialGroup[]> {
  const { search, folds, check } = opening;
  const groups: TrialGroup[] = [];
  try {
    for (const { parked, trials, ...group } of asked) {
      const turns = await openTurns(opening, trials, parked);
      groups.push(new TrialGroup(search, folds, { ...group, ids: trials.map(({ id }) => id), turns }));
      check(); // the search may have been disposed since
    }
  } catch (error) {
    for (const group of groups) group.dispose();
    throw error;
  }
  return groups;
}

/** Returns fresh trials, grouped by architecture. */
export function groupsOf(search: CheckedSearch, trials: readonly NewTrial[]): NewGroup[] {
  const byKey = new Map<string, NewTrial[]>();
  for (const trial of trials) {
    const key = keyOf(search, trial.config);
    byKey.set(key, [...(byKey.get(key) ?? []), trial]);
  }
  return [...byKey].map(([key, own]) => ({ key, trials: own, epochs: 0, base: 0 }));
}

/** Opens a member for each trial and fold. @throws RangeError if accuracy is asked for and the loss has none */
async function openTurns(
  { engine, search }: Opening,
  trials: readonly NewTrial[],
  parked: readonly ParkedPart[] | undefined,
): Promise<Turns> {
  const { training, modelOf, seed, folds, memory, metric } = search;
  const members = trials.flatMap(({ config }) =>
    Array.from({ length: Math.max(folds, 1) }, () => ({ ...hyperOf(search, config), seed })),
  );
  const where = `search: ${nameOf(trials.map(({ id }) => id))}`;
  const options = { ...training, members, shuffleSeed: seed, memory };
  const prepared = prepareMembers(where, engine, modelOf(trials[0].config), options, folds > 0);
  const turns = await Turns.open(where, prepared, parked);
  if (metric !== 'accuracy' || turns.measuresAccuracy) return turns;
  turns.dispose();
  throw new RangeError(`search: metric 'accuracy' is for classes, and ${training.loss.kind} has none; use 'loss'`);
}

const nameOf = (ids: readonly number[]) =>
  `trial${ids.length > 1 ? 's' : ''} ${ids.length > 3 ? `${ids[0]} to ${ids[ids.length - 1]}` : ids.join(', ')}`;

/**
 * Returns the architecture of a configuration's model as text: trials with the same text may train side by side, whatever
 * the hyper-parameters that their models start with.
 */
export function keyOf({ model, modelOf, tableOf }: CheckedSearch, config: Configuration): string {
  const layers = model ? [] : modelOf(config).layers.map(withoutStarts);
  const structural = namesMissing(config, tableOf(config));
  return JSON.stringify([...structural.map((name) => [name, config[name]]), ...layers]);
}

/** Returns a part without the options that hyper-parameters start with. */
function withoutStarts({ kind, options, starts = [] }: Described): unknown {
  const kept = Object.entries(options).filter(([name]) => !starts.includes(name));
  const plain = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(plain);
    return isDescribed(value) ? withoutStarts(value) : value;
  };
  return [kind, kept.map(([name, value]) => [name, plain(value)])];
}

/**
 * Returns the hyper-parameters of training in a configuration; where a function makes the model, those that its model starts
 * with too.
 */
export function hyperOf({ model, tableOf }: CheckedSearch, config: Configuration): HyperParameters {
  const table = tableOf(config);
  const own = Object.fromEntries(Object.entries(config).filter(([name]) => placesOf(table, name).length > 0));
  return model ? own : { ...startsOf(table), ...own };
}
