import { asFormatError, EngineError } from '../errors/engine-error.js';
import type { Engine } from '../graph/engine.js';
import type { AnnotationOptions } from '../train/annotations.js';
import { checkEngine } from '../train/create-trainer.js';
import { foldsOf } from './folds.js';
import type { Opening } from './open-groups.js';
import { type CheckedSearch, checkSearchOptions, type SearchModel, type SearchOptions } from './search-options.js';
import { resultOf, type SearchResult, toCSV } from './search-result.js';
import { checkRound, stateRandom } from './strategy.js';
import type { Trial } from './trial.js';
import { type SearchTrials, Trials } from './trials.js';

/** The state of a search after an epoch, as iterating over it yields it. */
export interface SearchRung {
  /** The number of the strategy's round, from 0. */
  readonly round: number;
  /** Epochs of the round that are done, and all there are. */
  readonly epoch: number;
  readonly epochs: number;
  /** Every trial there is, by id. */
  readonly trials: readonly Trial[];
  /** The best one so far, if there is one. */
  readonly best: Trial | undefined;
  /** Wall time of the search. */
  readonly seconds: number;
}

/**
 * A search for good hyper-parameters. Iterate over it to run it: it yields after every epoch. Leaving the loop, or its
 * signal, stops it; iterating again goes on. `result` always holds what has been found.
 */
export class Search implements AsyncIterable<SearchRung> {
  readonly #engine: Engine;
  readonly #search: CheckedSearch;
  readonly #trials: SearchTrials;
  #rounds = 0;
  /** The round under way. */
  #round: { readonly epochs: number; readonly done: number } | undefined;
  #complete = false;
  #seconds = 0;
  #resume: Uint8Array | undefined;
  #running = false;
  /** True while an epoch is under way. */
  #working = false;
  /** The last call made between two epochs: they run one after another, and the next epoch waits for them. */
  #asked: Promise<unknown> = Promise.resolve();
  #disposed = false;

  /** Use `search`. `open` makes the trials; by default they train in this process. */
  constructor(
    engine: Engine,
    search: CheckedSearch,
    open: (opening: Opening) => SearchTrials = (opening) => new Trials(opening),
  ) {
    this.#engine = engine;
    this.#search = search;
    this.#trials = open(openingOf(engine, search, () => this.#check()));
    this.#resume = search.resume;
  }

  /** The result so far. */
  get result(): SearchResult {
    const place = { complete: this.#complete, seconds: this.#seconds };
    return resultOf(this.#engine, this.#search, this.#trials, place);
  }

  /** Returns `result`, for `JSON.stringify`. */
  toJSON(): SearchResult {
    return this.result;
  }

  /** The result as CSV, one line per trial and epoch. */
  toCSV(): string {
    return toCSV(this.result);
  }

  /**
   * Runs the search, or goes on with it.
   * @throws EngineError of kind `aborted` when the signal is, `lost` with the device (resume from what `save` returned), and
   * whatever the strategy throws
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<SearchRung, void, undefined> {
    if (this.#running) throw new TypeError('search: it is already running');
    this.#check();
    this.#running = true;
    let started = performance.now();
    /** Adds up the search's own time; the caller's between two epochs does not count. */
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
        for (let { done } = this.#round; done < epochs && this.#trials.areRunning; ) {
          done = await this.#train(done, epochs);
          this.#round = { epochs, done };
          tick();
          const { trials } = this.result;
          const { best } = this.#trials;
          this.#working = false;
          yield {
            round: this.#rounds,
            epoch: done,
            epochs,
            trials,
            best: best && trials[best.id],
            seconds: this.#seconds,
          };
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
      if (this.#disposed) this.#trials.dispose(); // groups may have been opened since
      this.#working = false;
      this.#running = false;
    }
  }

  /** Runs a call between two epochs, after those asked for before it. */
  #between<T>(where: string, run: () => Promise<T>): Promise<T> {
    this.#check();
    if (this.#working) throw new TypeError(`search: ${where}: an epoch is under way; call it between two epochs`);
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
   * Returns the file with which `resume` goes on from here to the same result, bit for bit on the same adapter. To be
   * called between two epochs, or while the search does not run.
   */
  async save(): Promise<Uint8Array<ArrayBuffer>> {
    return this.#between('save', () => this.#write());
  }

  async #write(): Promise<Uint8Array<ArrayBuffer>> {
    const { writeSearch } = await import('./saved-search.js');
    const groups = await this.#trials.park();
    const { result } = this;
    const { network } = this.#trials;
    const place = { rounds: this.#rounds, round: this.#round, seconds: this.#seconds };
    return writeSearch({ result, place, groups, network }, this.#search);
  }

  /**
   * Returns the best network so far as a trainer's file, which `loadTrainer` goes on from. After a cross-validation that
   * network is trained now, on all examples, with the configuration and the epochs of the best trial.
   * @param options what the file is to hold beside the network, as in the trainer's `save`
   * @throws EngineError of kind `unsupported` before there is any; TypeError or RangeError naming an option that is wrong
   */
  async bestNetwork(options: AnnotationOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
    const where = 'bestNetwork';
    return this.#between(where, async () => {
      const { best } = this.#trials;
      if (!best)
        throw new EngineError(
          'unsupported',
          'search: no trial has been judged yet; the search runs in a loop: for await (const epoch of run)',
        );
      const bytes = await this.#trials.networkOf(best);
      const { annotateFile } = await import('../train/model-file.js');
      return annotateFile(where, bytes, options, this.#search.annotatedOf(best.config));
    });
  }

  /** Frees the memory of the search; the engine stays, and so does `result`. A search that is complete has freed it. */
  dispose(): void {
    this.#disposed = true;
    this.#trials.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #check(): void {
    if (this.#disposed) throw new EngineError('disposed', 'search: it was disposed; create a new one');
    this.#engine.check();
  }

  /** Returns the cause of an error: the search was disposed, or the device lost; otherwise the error itself. */
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
    const done = this.#trials.all.reduce((sum, { rungs }) => sum + rungs.length, 0);
    throw new EngineError('aborted', `search: aborted in round ${this.#rounds}, after ${done} epochs of all trials`, {
      cause: signal.reason,
    });
  }

  /** Goes on from a file, once. */
  async #takeUp(): Promise<void> {
    const bytes = this.#resume;
    if (!bytes) return;
    const { readSearch } = await import('./saved-search.js');
    const { result, place, groups, network } = readSearch(bytes, this.#search);
    await this.#trials.takeUp(result.trials, groups, network).catch((cause: unknown) =>
      asFormatError(() => {
        throw cause; // an argument that is wrong here was in the file
      }, 'search: resume: '),
    );
    this.#resume = undefined;
    this.#complete = result.complete;
    this.#rounds = place.rounds;
    this.#round = place.round;
    this.#seconds = place.seconds;
  }

  /** Asks the strategy for the next round and begins it; undefined if the search is over. */
  async #nextRound(): Promise<{ epochs: number; done: number } | undefined> {
    const { space, changeable, strategy, population, epochs, key } = this.#search;
    const { trials } = this.result;
    const { busy } = this.#trials;
    const random = stateRandom(key, this.#rounds);
    const round = strategy.next({ space, changeable, population, epochs, trials, busy, round: this.#rounds, random });
    if (!round) return undefined;
    const checked = checkRound(strategy, epochs, this.#trials.all, round);
    await this.#trials.begin(checked);
    return { epochs: checked.epochs, done: 0 };
  }

  async #train(done: number, epochs: number): Promise<number> {
    try {
      return await this.#trials.train(done, epochs);
    } catch (error) {
      if (error instanceof EngineError && error.kind === 'aborted') this.#checkAborted();
      throw error;
    }
  }

  async #finish(): Promise<void> {
    await this.#trials.finish();
    this.#check(); // it may have been disposed meanwhile
    this.#complete = true;
    this.#trials.dispose();
  }
}

/** Returns what groups of a search are opened with. */
export function openingOf(engine: Engine, search: CheckedSearch, check: Opening['check']): Opening {
  const { weights, key, train } = search;
  const labels = train.classes === undefined ? undefined : train.y;
  const folds = search.folds > 0 ? foldsOf(train.examples, search.folds, key, { labels, weights }) : undefined;
  return { engine, search, folds, check };
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
