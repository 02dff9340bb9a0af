import { EngineError } from '../errors/engine-error.js';
import type { Engine } from '../graph/engine.js';
import { type HyperParameters, isHyperParameter } from '../nn/hyper-parameters.js';
import { checkEngine, createTrainer } from '../train/create-trainer.js';
import { prepareMembers } from '../train/prepare-members.js';
import type { Configuration } from './configuration.js';
import { type Folds, foldsOf } from './folds.js';
import { bestOf, judgedEpoch, waited } from './ranking.js';
import { toCSV } from './search-csv.js';
import { type CheckedSearch, checkSearchOptions, type SearchModel, type SearchOptions } from './search-options.js';
import type { SearchResult } from './search-result.js';
import { stateRandom } from './state-random.js';
import type { Proposal, Round } from './strategy.js';
import type { Trial, TrialEpoch, TrialStatus } from './trial.js';
import { TrialGroup, type TrialReport } from './trial-group.js';
import { type ParkedPart, Turns } from './turns.js';

/** What a search yields after every epoch. */
export interface SearchRung {
  /** Of the strategy, from 0. */
  readonly round: number;
  /** Epochs of the round that are done, and how many there are. */
  readonly epoch: number;
  readonly epochs: number;
  /** Every trial there is, by id. */
  readonly trials: readonly Trial[];
  /** The best one so far, if there is one. */
  readonly best: Trial | undefined;
  /** Wall time of the search. */
  readonly seconds: number;
}

/** The network of a trial that trains no more, as `loadTrainer` reads it. */
export interface SavedNetwork {
  readonly id: number;
  readonly bytes: Uint8Array;
}

/** What a search stands on between two epochs, but for the states of its networks. */
export interface SearchPlace {
  readonly rounds: number;
  /** The round under way. */
  readonly round: { readonly epochs: number; readonly done: number } | undefined;
  readonly groups: readonly { key: string; ids: readonly number[]; epochs: number; base: number }[];
  readonly seconds: number;
}

/**
 * A search for good hyper-parameters. Iterate over it to run it: it yields after every epoch. Leaving the loop, or its
 * signal, stops it; iterating again goes on. What has been found is always in `result`.
 */
export class Search implements AsyncIterable<SearchRung> {
  readonly #engine: Engine;
  readonly #search: CheckedSearch;
  readonly #folds: Folds | undefined;
  #trials: Trial[] = [];
  #groups: TrialGroup[] = [];
  #rounds = 0;
  #round: { readonly epochs: number; done: number } | undefined;
  #complete = false;
  /** Of the best trial that trains no more. */
  #network: SavedNetwork | undefined;
  #seconds = 0;
  #resume: Uint8Array | undefined;
  #running = false;
  /** It is running, and not between two epochs. */
  #working = false;
  /** What was asked for between two epochs, one after another; the next epoch waits for it. */
  #asked: Promise<unknown> = Promise.resolve();
  #disposed = false;

  /** Use `search`. */
  constructor(engine: Engine, search: CheckedSearch) {
    this.#engine = engine;
    this.#search = search;
    this.#folds = search.folds > 0 ? foldsOf(search.train.examples, search.folds, search.key) : undefined;
    this.#resume = search.resume;
  }

  /** What has been found so far. */
  get result(): SearchResult {
    const { space, strategy, metric, folds, epochs, seed } = this.#search;
    const trials = this.#trials.map((trial) => ({ ...trial, rungs: [...trial.rungs] }));
    const best = this.#best();
    return {
      format: 'wgrad search 1',
      complete: this.#complete,
      adapter: this.#engine.info.adapter,
      seconds: this.#seconds,
      seed: String(seed),
      metric: typeof metric === 'function' ? 'custom' : metric,
      folds,
      epochs,
      strategy: { kind: strategy.kind, options: strategy.options },
      space: space.toJSON(),
      trials,
      best: best?.id ?? null,
      bestConfig: best?.config ?? null,
      oneStandardError: best && folds > 0 ? (this.#oneStandardError(best)?.id ?? null) : null,
    };
  }

  /** As `result`, for `JSON.stringify`. */
  toJSON(): SearchResult {
    return this.result;
  }

  /** A line a trial and epoch. */
  toCSV(): string {
    return toCSV(this.result);
  }

  /**
   * Runs the search, or goes on with it.
   * @throws EngineError of kind `aborted` when the signal is, `lost` with the device (resume from what `save` returned), and
   * whatever the strategy throws
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<SearchRung, void, undefined> {
    if (this.#running) throw new TypeError('search: it is running already');
    this.#check();
    this.#running = true;
    let started = performance.now();
    /** Adds up time; what the caller does between two epochs is not the search's. */
    const tick = () => {
      const now = performance.now();
      this.#seconds += (now - started) / 1000;
      started = Number.POSITIVE_INFINITY;
    };
    try {
      this.#working = true;
      await this.#asked;
      await this.#takeUp();
      while (!this.#complete) {
        this.#check();
        this.#checkAborted();
        this.#round ??= await this.#nextRound();
        if (!this.#round) {
          await this.#finish();
          break;
        }
        const { epochs } = this.#round;
        while (this.#round.done < epochs && this.#groups.length > 0) {
          await this.#epoch(this.#round.done);
          const epoch = ++this.#round.done;
          tick();
          const { trials } = this.result;
          const best = this.#best();
          this.#working = false;
          yield { round: this.#rounds, epoch, epochs, trials, best: best && trials[best.id], seconds: this.#seconds };
          this.#working = true;
          await this.#asked;
          started = performance.now();
          this.#check();
          this.#checkAborted();
        }
        this.#round = undefined;
        this.#rounds++;
      }
    } catch (error) {
      throw this.#causeOf(error);
    } finally {
      if (started < Number.POSITIVE_INFINITY) tick();
      if (this.#disposed) this.#release(); // what was opened since
      this.#working = false;
      this.#running = false;
    }
  }

  /** Does something between two epochs, when all that was asked for before is done. */
  #between<T>(where: string, run: () => Promise<T>): Promise<T> {
    this.#check();
    if (this.#working) throw new TypeError(`search: ${where}: an epoch is under way; call it between two`);
    const done = this.#asked
      .then(async () => {
        this.#check();
        await this.#takeUp();
        return await run();
      })
      .catch((error: unknown) => {
        throw this.#causeOf(error);
      });
    this.#asked = done.catch(() => {}); // whoever asked is told
    return done;
  }

  /**
   * All that `resume` needs to go on from here to the same result, bit for bit on the same adapter; only while the search
   * does not run, which between two epochs it does not.
   */
  async save(): Promise<Uint8Array> {
    return this.#between('save', () => this.#write());
  }

  async #write(): Promise<Uint8Array> {
    const { writeSearch } = await import('./saved-search.js');
    const parked: ParkedPart[][] = [];
    for (const { turns } of this.#groups) parked.push(await turns.park());
    const place: SearchPlace = {
      rounds: this.#rounds,
      round: this.#round && { ...this.#round },
      groups: this.#groups.map(({ key, ids, epochs, base }) => ({ key, ids, epochs, base })),
      seconds: this.#seconds,
    };
    return writeSearch(this.result, place, parked, this.#network, this.#search);
  }

  /**
   * The best network so far as a trainer's file, which `loadTrainer` goes on from. After a cross-validation it is a network
   * that is trained now, on all examples, with the configuration and the epochs of the best trial.
   * @throws EngineError of kind `unsupported` before there is any
   */
  async bestNetwork(): Promise<Uint8Array> {
    return this.#between('bestNetwork', () => this.#findNetwork());
  }

  async #findNetwork(): Promise<Uint8Array> {
    const best = this.#best();
    if (!best) throw new EngineError('unsupported', 'search: no trial has been judged yet');
    if (this.#network?.id === best.id) return this.#network.bytes;
    const { bytes } = await this.#networkOf(best);
    if (this.#complete) this.#network = { id: best.id, bytes };
    return bytes;
  }

  /** Frees the memory of the search; the engine stays, and so does `result`. A search that is complete has freed it. */
  dispose(): void {
    this.#disposed = true;
    this.#release();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #check(): void {
    if (this.#disposed) throw new EngineError('disposed', 'search: it was disposed; create a new one');
    this.#engine.check();
  }

  /** What a caller is told of an error: when the search was disposed or its device lost, that, not what came of it. */
  #causeOf(error: unknown): unknown {
    try {
      this.#check();
    } catch (cause) {
      return cause;
    }
    return error;
  }

  #checkAborted(): void {
    const { signal } = this.#search;
    if (!signal?.aborted) return;
    const done = this.#trials.reduce((sum, { rungs }) => sum + rungs.length, 0);
    throw new EngineError('aborted', `search: aborted in round ${this.#rounds}, after ${done} epochs of all trials`, {
      cause: signal.reason,
    });
  }

  /** Goes on from a file, once. */
  async #takeUp(): Promise<void> {
    const bytes = this.#resume;
    if (!bytes) return;
    const { readSearch } = await import('./saved-search.js');
    const saved = readSearch(bytes, this.#search);
    const groups: TrialGroup[] = [];
    try {
      for (const [i, group] of saved.place.groups.entries()) {
        const configs = group.ids.map((id) => saved.result.trials[id].config);
        const turns = await this.#open(configs, group.ids, saved.parked[i]);
        groups.push(new TrialGroup(this.#search, this.#folds, { ...group, turns }));
        this.#check(); // it may have been disposed since
      }
    } catch (error) {
      for (const group of groups) group.dispose();
      throw error;
    }
    this.#resume = undefined;
    this.#groups = groups;
    this.#trials = [...saved.result.trials];
    this.#complete = saved.result.complete;
    this.#rounds = saved.place.rounds;
    this.#round = saved.place.round && { ...saved.place.round };
    this.#seconds = saved.place.seconds;
    this.#network = saved.network;
  }

  /** Asks the strategy, and does what it says. */
  async #nextRound(): Promise<{ epochs: number; done: number } | undefined> {
    const { space, strategy, population, epochs, key } = this.#search;
    const { trials } = this.result;
    const random = stateRandom(key, this.#rounds);
    const round = strategy.next({ space, population, epochs, trials, round: this.#rounds, random });
    if (!round) return undefined;
    const { keep, start, more } = this.#checkRound(round);
    await this.#rearrange(keep, start);
    for (const group of this.#groups) group.base = group.epochs;
    return { epochs: more, done: 0 };
  }

  #checkRound({ keep, start = [], epochs }: Round): { keep: Set<number>; start: readonly Proposal[]; more: number } {
    const where = `search: strategy ${this.#search.strategy.kind}`;
    const running = this.#trials.filter(({ status }) => status === 'running').map(({ id }) => id);
    const unknown = [...(keep ?? []), ...start.flatMap(({ from }) => from ?? [])].find((id) => !running.includes(id));
    if (unknown !== undefined)
      throw new RangeError(`${where}: trial ${unknown} does not run, running are ${running.join(', ') || 'none'}`);
    const kept = new Set(keep ?? running);
    const going = new Set([...kept, ...start.flatMap(({ from }) => from ?? [])]);
    const longest = Math.max(0, ...this.#trials.filter(({ id }) => going.has(id)).map((trial) => trial.epochs));
    if (!Number.isSafeInteger(epochs) || epochs < 1 || longest + epochs > this.#search.epochs) {
      const most = this.#search.epochs - longest;
      throw new RangeError(`${where}: the epochs of a round must be an integer in [1, ${most}], got ${epochs}`);
    }
    if (kept.size === 0 && start.length === 0) throw new RangeError(`${where}: a round must keep or start a trial`);
    return { keep: kept, start, more: epochs };
  }

  /** Drops what is not kept, copies what copies start from, starts what is new. */
  async #rearrange(keep: ReadonlySet<number>, start: readonly Proposal[]): Promise<void> {
    const first = this.#trials.length;
    const fresh: { id: number; config: Configuration }[] = [];
    const copies = start.map(({ config, from }, i) => ({ id: first + i, config, from }));
    for (const { id, config, from } of copies) {
      if (from === undefined) fresh.push({ id, config });
      else this.#checkCopy(config, from);
    }
    const opened = await this.#openFresh(fresh);
    for (const group of [...this.#groups]) {
      const stay = group.ids.flatMap((id, from) => (keep.has(id) ? [{ id, from }] : []));
      const come = copies.flatMap(({ id, config, from }) =>
        from !== undefined && group.ids.includes(from)
          ? [{ id, from: group.ids.indexOf(from), changes: hyperOf(config) }]
          : [],
      );
      await this.#keepOnly(group, [...stay, ...come]).catch((error: unknown) => {
        for (const each of opened) each.dispose();
        throw error;
      });
    }
    this.#trials = this.#trials.map((trial) =>
      trial.status === 'running' && !keep.has(trial.id) ? { ...trial, status: 'dropped' } : trial,
    );
    for (const { id, config, from } of copies) {
      const parent = from === undefined ? undefined : this.#trials[from];
      this.#trials.push({
        id,
        config,
        status: 'running',
        ...(parent && { parent: parent.id }),
        epochs: parent?.epochs ?? 0,
        rungs: [],
        seconds: 0,
      });
    }
    this.#groups.push(...opened);
  }

  /** A group goes on with some of its trials, or ends. */
  async #keepOnly(group: TrialGroup, stay: Parameters<TrialGroup['replace']>[0]): Promise<void> {
    if (stay.length === 0) {
      group.dispose();
      this.#groups = this.#groups.filter((each) => each !== group);
      return;
    }
    const same = stay.length === group.ids.length && stay.every(({ id, from }, i) => from === i && group.ids[i] === id);
    if (!same) await group.replace(stay);
  }

  #checkCopy(config: Configuration, from: number): void {
    const { strategy } = this.#search;
    const parent = this.#trials[from].config;
    if (this.#keyOf(config) === this.#keyOf(parent)) return;
    throw new RangeError(
      `search: strategy ${strategy.kind}: a copy of trial ${from} must have the same model, got another`,
    );
  }

  /** Groups of new trials, one for each architecture. */
  async #openFresh(fresh: readonly { id: number; config: Configuration }[]): Promise<TrialGroup[]> {
    const byKey = new Map<string, { id: number; config: Configuration }[]>();
    for (const trial of fresh) {
      const key = this.#keyOf(trial.config);
      byKey.set(key, [...(byKey.get(key) ?? []), trial]);
    }
    const groups: TrialGroup[] = [];
    try {
      for (const [key, trials] of byKey) {
        const ids = trials.map(({ id }) => id);
        const turns = await this.#open(
          trials.map(({ config }) => config),
          ids,
        );
        groups.push(new TrialGroup(this.#search, this.#folds, { key, ids, turns, epochs: 0, base: 0 }));
        this.#check(); // it may have been disposed since
      }
    } catch (error) {
      for (const group of groups) group.dispose();
      throw error;
    }
    return groups;
  }

  /** Opens a member for each configuration and fold. */
  async #open(configs: readonly Configuration[], ids: readonly number[], parked?: readonly ParkedPart[]) {
    const { training, modelOf, seed, folds, memory, metric } = this.#search;
    const members = configs.flatMap((config) =>
      Array.from({ length: Math.max(folds, 1) }, () => ({ ...hyperOf(config), seed })),
    );
    const options = { ...training, members, shuffleSeed: seed, ...(memory !== undefined && { memory }) };
    const where = `search: trial${ids.length > 1 ? 's' : ''} ${ids.length > 3 ? `${ids[0]} to ${ids[ids.length - 1]}` : ids.join(', ')}`;
    const prepared = prepareMembers(where, this.#engine, modelOf(configs[0]), options, folds > 0);
    const turns = await Turns.open(where, prepared, parked);
    if (metric !== 'accuracy' || turns.measuresAccuracy) return turns;
    turns.dispose();
    throw new RangeError(`search: metric 'accuracy' is for classes, and ${training.loss.kind} has none; use 'loss'`);
  }

  /** What the model is made of: trials with the same key may be members of one population. */
  #keyOf(config: Configuration): string {
    return JSON.stringify(this.#search.structural.map((name) => config[name]));
  }

  /** One epoch of every group that has not had it. */
  async #epoch(done: number): Promise<void> {
    for (const group of [...this.#groups]) {
      if (group.epochs - group.base > done) continue;
      const started = performance.now();
      let reports: (TrialReport | undefined)[];
      try {
        reports = await group.train();
      } catch (error) {
        if (error instanceof EngineError && error.kind === 'aborted') this.#checkAborted();
        throw error;
      }
      const seconds = (performance.now() - started) / 1000 / group.ids.length;
      await this.#note(group, reports, seconds);
    }
  }

  /** Notes what the trials of a group have measured; those that diverged or stop early leave it. */
  async #note(group: TrialGroup, reports: readonly (TrialReport | undefined)[], seconds: number): Promise<void> {
    const { patience } = this.#search;
    const better: number[] = [];
    const stopping: number[] = [];
    for (const [place, report] of reports.entries()) {
      const id = group.ids[place];
      const trial = this.#trials[id];
      const noted = { ...trial, epochs: group.epochs, seconds: trial.seconds + seconds };
      if (!report || !Number.isFinite(report.score)) {
        const step = group.turns.steps - 1;
        const diverged = group.divergedAt(place) ?? { step, what: 'the score' };
        this.#trials[id] = { ...noted, status: 'diverged', diverged };
        continue;
      }
      const rung: TrialEpoch = { epoch: group.epochs, seconds, ...report };
      const isBetter = patience === undefined || trial.score === undefined || report.score < trial.score;
      const rungs = [...trial.rungs, rung];
      this.#trials[id] = { ...noted, rungs, score: isBetter ? report.score : (trial.score ?? report.score) };
      if (patience === undefined) continue;
      if (isBetter) better.push(place);
      else if (waited(rungs) >= patience) stopping.push(place);
    }
    if (better.length > 0) await group.remember(better);
    if (stopping.length > 0) await this.#retire(group, stopping, 'stopped early');
    const stay = group.ids.flatMap((id, from) => (this.#trials[id].status === 'running' ? [{ id, from }] : []));
    await this.#keepOnly(group, stay);
  }

  /** Trials of a group train no more: the network of the best is saved. */
  async #retire(group: TrialGroup, places: readonly number[], status: TrialStatus): Promise<void> {
    if (this.#search.patience !== undefined) await group.recall(places);
    for (const place of places) {
      const id = group.ids[place];
      this.#trials[id] = { ...this.#trials[id], status };
    }
    if (this.#search.folds > 0) return;
    const best = bestOf(
      this.#trials.filter((trial) => trial.status === 'finished' || trial.status === 'stopped early'),
    );
    const place = group.ids.indexOf(best?.id ?? -1);
    if (best && places.includes(place)) this.#network = { id: best.id, bytes: await group.networkOf(place, false) };
  }

  async #finish(): Promise<void> {
    for (const group of this.#groups) await this.#retire(group, [...group.ids.keys()], 'finished');
    this.#check(); // it may have been disposed meanwhile
    this.#complete = true;
    this.#release();
  }

  #release(): void {
    for (const group of this.#groups) group.dispose();
    this.#groups = [];
  }

  /** The trial with the lowest score of those that were neither dropped nor diverged; of equal ones the first. */
  #best(): Trial | undefined {
    return bestOf(this.#trials.filter(({ status }) => status !== 'dropped' && status !== 'diverged'));
  }

  /** The trial with the largest λ whose score is within one standard error of the best one's. */
  #oneStandardError(best: Trial): Trial | undefined {
    const limit = (best.score ?? 0) + (judgedEpoch(best, this.#search.patience)?.standardError ?? 0);
    const able = this.#trials.filter(
      ({ status, config, score = Number.POSITIVE_INFINITY }) =>
        status !== 'dropped' && status !== 'diverged' && typeof config.l2 === 'number' && score <= limit,
    );
    return able.reduce<Trial | undefined>(
      (most, trial) => (most && Number(most.config.l2) >= Number(trial.config.l2) ? most : trial),
      undefined,
    );
  }

  async #networkOf(trial: Trial): Promise<SavedNetwork> {
    const { id } = trial;
    const { folds, patience, modelOf, training, train, seed } = this.#search;
    if (folds === 0) {
      const group = this.#groups.find(({ ids }) => ids.includes(id));
      if (!group) throw new Error(`search: the network of trial ${id} is gone`);
      const place = group.ids.indexOf(id);
      return { id, bytes: await group.networkOf(place, patience !== undefined && waited(trial.rungs) > 0) };
    }
    using trainer = await createTrainer(this.#engine, modelOf(trial.config), { ...training, seed });
    trainer.set(hyperOf(trial.config));
    for await (const _ of trainer.fit(train, { epochs: judgedEpoch(trial, patience)?.epoch ?? trial.epochs }));
    return { id, bytes: await trainer.save() };
  }
}

/** The hyper-parameters of training in a configuration. */
function hyperOf(config: Configuration): HyperParameters {
  return Object.fromEntries(Object.entries(config).filter(([name]) => isHyperParameter(name)));
}

/**
 * Prepares a search for the hyper-parameters with which `model` learns best; iterating over it runs it. All trials of one
 * architecture train side by side in the same dispatches, from the same initial weights, on the same batches.
 * @throws TypeError or RangeError naming the option that is wrong, before anything is allocated
 */
export function search(engine: Engine, model: SearchModel, options: SearchOptions): Search {
  checkEngine('search', engine);
  return new Search(engine, checkSearchOptions(model, options));
}
