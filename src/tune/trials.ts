import { createTrainer } from '../train/create-trainer.js';
import { groupsOf, hyperOf, keyOf, type Opening, openGroups } from './open-groups.js';
import type { SavedGroup, SavedNetwork } from './saved-search.js';
import type { CheckedSearch } from './search-options.js';
import type { Configuration } from './space.js';
import type { CheckedRound } from './strategy.js';
import { bestOf, judgedEpoch, type Trial, waited } from './trial.js';
import type { TrialGroup } from './trial-group.js';

/** The trials of a search, and the groups in which the running ones train. */
export class Trials {
  readonly #opening: Opening;
  readonly #search: CheckedSearch;
  #all: Trial[] = [];
  #groups: TrialGroup[] = [];
  /** The network of the best trial that trains no more. */
  #network: SavedNetwork | undefined;

  constructor(opening: Opening) {
    this.#opening = opening;
    this.#search = opening.search;
  }

  /** All trials there ever were, by id. */
  get all(): readonly Trial[] {
    return this.#all;
  }

  /** True while at least one trial runs. */
  get areRunning(): boolean {
    return this.#groups.length > 0;
  }

  /** The network of the best trial that trains no more, where it has been saved. */
  get network(): SavedNetwork | undefined {
    return this.#network;
  }

  /** The trial with the lowest score of those that were neither dropped nor diverged; of equal ones the first. */
  get best(): Trial | undefined {
    return bestOf(this.#all.filter(({ status }) => status !== 'dropped' && status !== 'diverged'));
  }

  /** Goes on with saved trials. */
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

  /** Reads the states of all groups into the host's memory; they go on as they were. */
  async park(): Promise<SavedGroup[]> {
    const saved: SavedGroup[] = [];
    for (const { key, ids, epochs, base, turns } of this.#groups) {
      saved.push({ key, ids, epochs, base, parked: await turns.park() });
    }
    return saved;
  }

  /** Begins a round: ends or drops what is not kept, copies what copies start from, starts what is new. */
  async begin({ keep, start }: CheckedRound): Promise<void> {
    const first = this.#all.length;
    const asked = start.map(({ config, from }, i) => ({ id: first + i, config, from }));
    for (const { config, from } of asked) if (from !== undefined) this.#checkCopy(config, from);
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
    for (const { id, config, from } of asked) {
      const parent = from === undefined ? undefined : this.#all[from];
      this.#all.push({
        id,
        config,
        status: 'running',
        parent: parent?.id,
        epochs: parent?.epochs ?? 0,
        rungs: [],
        seconds: 0,
      });
    }
    this.#groups.push(...opened);
    for (const group of this.#groups) group.base = group.epochs;
  }

  /** Trains one epoch of every group that has not had more than `done` in this round. */
  async train(done: number): Promise<void> {
    for (const group of [...this.#groups]) {
      if (group.epochs - group.base > done) continue;
      const trained = await group.trainEpoch(group.ids.map((id) => this.#all[id]));
      for (const trial of trained) this.#all[trial.id] = trial;
      await this.#keepBest(group);
      const stay = group.ids.flatMap((id, from) => (this.#all[id].status === 'running' ? [{ id, from }] : []));
      await this.#goOnWith(group, stay);
    }
  }

  /** Ends the training of all. */
  async finish(): Promise<void> {
    for (const group of this.#groups) await this.#retire(group, [...group.ids.keys()]);
  }

  /** Returns the network of a trial as a trainer's file; with folds, one that is trained now on all examples. */
  async networkOf(trial: Trial): Promise<Uint8Array<ArrayBuffer>> {
    const { id } = trial;
    if (this.#network?.id === id) return this.#network.bytes;
    const { folds, patience, modelOf, training, train, weights, seed } = this.#search;
    if (folds === 0) {
      const group = this.#groups.find(({ ids }) => ids.includes(id));
      if (!group) throw new Error(`search: the network of trial ${id} is gone`);
      return group.networkOf(
        group.ids.indexOf(id),
        modelOf(trial.config),
        patience !== undefined && waited(trial.rungs) > 0,
      );
    }
    using trainer = await createTrainer(this.#opening.engine, modelOf(trial.config), { ...training, seed });
    trainer.set(hyperOf(this.#search, trial.config));
    await trainer.fit(train, { epochs: judgedEpoch(trial, patience)?.epoch ?? trial.epochs, weights });
    const bytes = await trainer.save();
    if (!this.areRunning) this.#network = { id, bytes };
    return bytes;
  }

  /** Frees the memory of all groups. */
  dispose(): void {
    for (const group of this.#groups) group.dispose();
    this.#groups = [];
  }

  #checkCopy(config: Configuration, from: number): void {
    if (keyOf(this.#search, config) === keyOf(this.#search, this.#all[from].config)) return;
    throw new RangeError(
      `search: strategy ${this.#search.strategy.kind}: a copy of trial ${from} must have the same model, got another`,
    );
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
    const best = bestOf(this.#all.filter(({ status }) => status === 'finished' || status === 'stopped early'));
    const place = group.ids.indexOf(best?.id ?? -1);
    if (!best || place < 0 || best.id === this.#network?.id) return;
    this.#network = { id: best.id, bytes: await group.networkOf(place, this.#search.modelOf(best.config)) };
  }
}
