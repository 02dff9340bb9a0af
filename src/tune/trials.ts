import { createTrainer } from '../train/create-trainer.js';
import { groupsOf, hyperOf, keyOf, type Opening, openGroups } from './open-groups.js';
import type { SavedGroup, SavedNetwork } from './saved-search.js';
import type { CheckedSearch } from './search-options.js';
import type { CheckedRound, Proposal } from './strategy.js';
import { bestEnded, judgedEpoch, leadingOf, type Trial, waited } from './trial.js';
import type { TrialGroup } from './trial-group.js';

/** The trials of a search, wherever they train. */
export interface SearchTrials {
  /** All trials there ever were, by id. */
  readonly all: readonly Trial[];
  /** True while at least one trial runs. */
  readonly areRunning: boolean;
  /** Ids of the trials that are being trained between two calls. */
  readonly busy: readonly number[];
  /** The trial with the lowest score of those that were neither dropped nor diverged; of equal ones the first. */
  readonly best: Trial | undefined;
  /** The network of the best trial that trains no more, where it has been saved. */
  readonly network: SavedNetwork | undefined;
  /** Goes on with saved trials. */
  takeUp(trials: readonly Trial[], groups: readonly SavedGroup[], network: SavedNetwork | undefined): Promise<void>;
  /** Reads the states of all groups into the host's memory; they go on as they were. */
  park(): Promise<SavedGroup[]>;
  /** Begins a round: ends or drops what is not kept, copies what copies start from, starts what is new. */
  begin(round: CheckedRound): Promise<void>;
  /** Trains on in a round of which `done` epochs are done; returns the epochs that are done then. */
  train(done: number, epochs: number): Promise<number>;
  /** Ends the training of all. */
  finish(): Promise<void>;
  /** Returns the network of a trial as a trainer's file; with folds, one that is trained now on all examples. */
  networkOf(trial: Trial): Promise<Uint8Array<ArrayBuffer>>;
  /** Frees the memory of all groups. */
  dispose(): void;
}

/** The trials of a search, and the groups in which the running ones train in this process. */
export class Trials implements SearchTrials {
  readonly #opening: Opening;
  readonly #search: CheckedSearch;
  #all: Trial[] = [];
  #groups: TrialGroup[] = [];
  /** The network of the best trial that trains no more. */
  #network: SavedNetwork | undefined;

  constructor(opening: Opening) {
    const { kind, asynchronous } = opening.search.strategy;
    if (asynchronous)
      throw new TypeError(`search: ${kind} is for searches on several machines; use successiveHalving()`);
    this.#opening = opening;
    this.#search = opening.search;
  }

  get all(): readonly Trial[] {
    return this.#all;
  }

  get busy(): readonly number[] {
    return [];
  }

  get areRunning(): boolean {
    return this.#groups.length > 0;
  }

  get network(): SavedNetwork | undefined {
    return this.#network;
  }

  get best(): Trial | undefined {
    return leadingOf(this.#all);
  }

  async takeUp(
    trials: readonly Trial[],
    groups: readonly SavedGroup[],
    network: SavedNetwork | undefined,
  ): Promise<void> {
    const asked = groups.map(({ ids, ...group }) => ({ ...group, trials: ids.map((id) => trials[id]) }));
    this.#groups = await openGroups(this.#opening, asked);
    this.#all = [...trials];
    this.#network = network;
  }

  async park(): Promise<SavedGroup[]> {
    const saved: SavedGroup[] = [];
    for (const { key, ids, epochs, base, turns } of this.#groups) {
      saved.push({ key, ids, epochs, base, parked: await turns.park() });
    }
    return saved;
  }

  async begin({ keep, start }: CheckedRound): Promise<void> {
    const first = this.#all.length;
    const asked = start.map(({ config, from }, i) => ({ id: first + i, config, from }));
    checkCopies(this.#search, this.#all, start);
    const fresh = asked.filter(({ from }) => from === undefined);
    const opened = await openGroups(this.#opening, groupsOf(this.#search, fresh));
    try {
      for (const group of [...this.#groups]) {
        await this.#retireTrained(group, keep);
        const stay = group.ids.flatMap((id, from) => (keep.has(id) ? [{ id, from }] : []));
        const come = asked.flatMap(({ id, config, from = -1 }) =>
          group.ids.includes(from)
            ? [{ id, from: group.ids.indexOf(from), changes: hyperOf(this.#search, config) }]
            : [],
        );
        await this.#goOnWith(group, [...stay, ...come]);
      }
    } catch (error) {
      for (const each of opened) each.dispose();
      throw error;
    }
    this.#all = this.#all.map((trial) =>
      trial.status === 'running' && !keep.has(trial.id) ? { ...trial, status: 'dropped' } : trial,
    );
    this.#all.push(...newTrials(this.#all, start));
    this.#groups.push(...opened);
    for (const group of this.#groups) group.base = group.epochs;
  }

  /** Trains one epoch of every group that has not had more than `done` in this round. */
  async train(done: number): Promise<number> {
    for (const group of [...this.#groups]) {
      if (group.epochs - group.base > done) continue;
      const trained = await group.trainEpoch(group.ids.map((id) => this.#all[id]));
      for (const trial of trained) this.#all[trial.id] = trial;
      await this.#keepBest(group);
      const stay = group.ids.flatMap((id, from) => (this.#all[id].status === 'running' ? [{ id, from }] : []));
      await this.#goOnWith(group, stay);
    }
    return done + 1;
  }

  async finish(): Promise<void> {
    for (const group of this.#groups) await this.#retire(group, [...group.ids.keys()]);
  }

  async networkOf(trial: Trial): Promise<Uint8Array<ArrayBuffer>> {
    const { id } = trial;
    if (this.#network?.id === id) return this.#network.bytes;
    const { folds, patience, modelOf } = this.#search;
    if (folds === 0) {
      const group = this.#groups.find(({ ids }) => ids.includes(id));
      if (!group) throw new Error(`search: the network of trial ${id} is gone`);
      return group.networkOf(
        group.ids.indexOf(id),
        modelOf(trial.config),
        patience !== undefined && waited(trial.rungs) > 0,
      );
    }
    const bytes = await trainedOnAll(this.#opening, trial);
    if (!this.areRunning) this.#network = { id, bytes };
    return bytes;
  }

  dispose(): void {
    for (const group of this.#groups) group.dispose();
    this.#groups = [];
  }

  /** A group goes on with some of its trials, or ends. */
  async #goOnWith(group: TrialGroup, stay: Parameters<TrialGroup['replace']>[0]): Promise<void> {
    if (stay.length === 0) {
      group.dispose();
      this.#groups = this.#groups.filter((each) => each !== group);
      return;
    }
    const same = stay.length === group.ids.length && stay.every(({ id, from }, i) => from === i && group.ids[i] === id);
    if (!same) await group.replace(stay);
  }

  /** Ends the training of those of a group that are not kept because they have had all epochs. */
  async #retireTrained(group: TrialGroup, keep: ReadonlySet<number>): Promise<void> {
    if (group.epochs < this.#search.epochs) return;
    const places = group.ids.flatMap((id, place) => (keep.has(id) ? [] : [place]));
    if (places.length > 0) await this.#retire(group, places);
  }

  /** Ends the training of some trials of a group. */
  async #retire(group: TrialGroup, places: readonly number[]): Promise<void> {
    if (this.#search.patience !== undefined) await group.recall(places);
    for (const place of places) {
      const id = group.ids[place];
      this.#all[id] = { ...this.#all[id], status: 'finished' };
    }
    await this.#keepBest(group);
  }

  /** Saves the network of the best of all trials that trained to their end, if it is one of a group. */
  async #keepBest(group: TrialGroup): Promise<void> {
    if (this.#search.folds > 0) return;
    const best = bestEnded(this.#all);
    const place = group.ids.indexOf(best?.id ?? -1);
    if (!best || place < 0 || best.id === this.#network?.id) return;
    this.#network = { id: best.id, bytes: await group.networkOf(place, this.#search.modelOf(best.config)) };
  }
}

/** Returns the trials that a round starts. */
export function newTrials(all: readonly Trial[], start: readonly Proposal[]): Trial[] {
  return start.map(({ config, from }, i) => {
    const parent = from === undefined ? undefined : all[from];
    return {
      id: all.length + i,
      config,
      status: 'running',
      parent: parent?.id,
      epochs: parent?.epochs ?? 0,
      rungs: [],
      seconds: 0,
    };
  });
}

/** Refuses copies with another model than the trial that they start from. @throws RangeError naming the strategy */
export function checkCopies(search: CheckedSearch, all: readonly Trial[], start: readonly Proposal[]): void {
  for (const { config, from } of start) {
    if (from === undefined || keyOf(search, config) === keyOf(search, all[from].config)) continue;
    throw new RangeError(
      `search: strategy ${search.strategy.kind}: a copy of trial ${from} must have the same model, got another`,
    );
  }
}

/** Returns the network of a trial of a cross-validation, trained now on all examples. */
export async function trainedOnAll({ engine, search }: Opening, trial: Trial): Promise<Uint8Array<ArrayBuffer>> {
  const { patience, modelOf, training, train, weights, seed } = search;
  using trainer = await createTrainer(engine, modelOf(trial.config), { ...training, seed });
  trainer.set(hyperOf(search, trial.config));
  await trainer.fit(train, { epochs: judgedEpoch(trial, patience)?.epoch ?? trial.epochs, weights });
  return await trainer.save();
}
