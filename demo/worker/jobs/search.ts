import type { Engine } from 'wgrad';
import { choice, grid, type Search, type SearchRung, search, successiveHalving, type Trial } from 'wgrad/tune';
import type { Frame, SearchFacts, SearchPlan, TrialFacts } from '../../contract/protocol.js';
import { ETA, firstRung } from '../../contract/search-work.js';
import type { Knobs } from '../../contract/state.js';
import type { Experiment } from '../experiment.js';
import { textFile } from '../exports/text-file.js';
import { isDeviceLost } from '../is-device-lost.js';
import { trainingOf } from '../training.js';
import type { Job, StopReason } from './job.js';
import { WinnerTest } from './winner-test.js';

/** Shortest time between two saves, which take a tenth of the time at most. */
const SAVE_MILLISECONDS = 10_000;

/** A search over λ and p with the data and the network of an experiment. A turn is an epoch of all cells. */
export class MapSearch implements Job {
  readonly name = 'search';
  isOver = false;
  readonly #plan: SearchPlan;
  readonly #tell: (frame: Frame) => void;
  readonly #stop = new AbortController();
  readonly #open: (engine: Engine, resume: Uint8Array | undefined) => Search;
  #engine: Engine;
  #search: Search;
  #rungs: AsyncIterator<SearchRung>;
  #rung: Pick<SearchRung, 'round' | 'epoch' | 'epochs'> = { round: 0, epoch: 0, epochs: 0 };
  #stopped: StopReason | undefined;
  /** The test of the winner, once the search is complete. */
  #winner: WinnerTest | undefined;
  readonly #experiment: Pick<Experiment, 'state' | 'data'>;
  readonly #knobs: Knobs;
  /** The last save, from which the search goes on if the device is lost; without one it starts again. */
  #saved: Uint8Array | undefined;
  #saveDue = performance.now() + SAVE_MILLISECONDS;

  /** @throws TypeError or RangeError if the plan cannot be searched */
  constructor(engine: Engine, experiment: Experiment, plan: SearchPlan, tell: (frame: Frame) => void) {
    const { state, data, selected } = experiment;
    this.#experiment = experiment;
    this.#knobs = selected.knobs;
    this.#plan = plan;
    this.#tell = tell;
    const { model, options } = trainingOf(state, selected.knobs, data);
    const minEpochs = firstRung(plan.epochs);
    const isGrid = plan.strategy === 'grid';
    this.#open = (on, resume) =>
      search(on, model, {
        ...options,
        space: { l2: choice(plan.l2), dropout: choice(plan.dropout) },
        strategy: isGrid ? grid() : successiveHalving({ sampler: 'grid', eta: ETA, minEpochs }),
        budget: { epochs: plan.epochs },
        train: data.train,
        validation: data.validation,
        seed: state.seed,
        signal: this.#stop.signal,
        ...(resume && { resume }),
      });
    this.#engine = engine;
    this.#search = this.#open(engine, undefined);
    this.#rungs = this.#search[Symbol.asyncIterator]();
    this.#tellFacts();
  }

  get progress(): number {
    const { epoch, epochs } = this.#winner?.facts ?? this.#rung;
    return epoch / Math.max(1, epochs);
  }

  async turn(engine: Engine): Promise<void> {
    try {
      if (this.#winner) return await this.#test(this.#winner, engine);
      if (engine !== this.#engine) this.#moveTo(engine);
      const { done, value } = await this.#rungs.next();
      if (done) {
        this.#choose();
        return;
      }
      this.#rung = value;
      this.#tellFacts();
      if (performance.now() >= this.#saveDue) await this.#save();
    } catch (error) {
      if (this.isOver) return; // it was stopped meanwhile
      if (!isDeviceLost(error)) this.#end();
      throw error;
    }
  }

  stop(reason: StopReason): void {
    if (this.isOver) return;
    this.#stopped = reason;
    this.#stop.abort();
    this.#end();
  }

  /** Returns the whole result as a file. */
  file(format: 'csv' | 'json'): NonNullable<Frame['files']>[number] {
    if (format === 'csv') return textFile('wgrad-search.csv', 'text/csv', this.#search.toCSV());
    return textFile('wgrad-search.json', 'application/json', `${JSON.stringify(this.#search, undefined, 2)}\n`);
  }

  /** Ends the search and begins to test its winner. */
  #choose(): void {
    const { state, data } = this.#experiment;
    const { best, trials } = this.#search.result;
    const winner = best === null ? undefined : trials[best];
    if (!winner) {
      this.#end();
      return;
    }
    const [l2, p] = [Number(winner.config.l2), Number(winner.config.dropout)];
    const knobs = { ...this.#knobs, l2, dropout: state.hidden.map(() => p) };
    this.#winner = new WinnerTest({ state, data, knobs, epochs: winner.rungs.length });
    this.#saved = undefined;
    this.#search.dispose();
    this.#tellFacts();
  }

  async #test(winner: WinnerTest, engine: Engine): Promise<void> {
    if (await winner.turn(engine)) this.#end();
    else this.#tellFacts();
  }

  #moveTo(engine: Engine): void {
    this.#engine = engine;
    this.#search.dispose();
    this.#search = this.#open(engine, this.#saved);
    this.#rungs = this.#search[Symbol.asyncIterator]();
  }

  async #save(): Promise<void> {
    const started = performance.now();
    this.#saved = await this.#search.save();
    const ended = performance.now();
    this.#saveDue = ended + Math.max(SAVE_MILLISECONDS, 10 * (ended - started));
  }

  #end(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.#saved = undefined;
    this.#search.dispose();
    this.#winner?.dispose();
    this.#tellFacts();
  }

  #tellFacts(): void {
    const { trials, best, seconds, complete } = this.#search.result;
    const { l2, dropout } = this.#plan;
    const cellOf = ({ config }: Trial) =>
      l2.indexOf(Number(config.l2)) * dropout.length + dropout.indexOf(Number(config.dropout));
    const cells = l2.flatMap((l2) =>
      dropout.map((dropout): TrialFacts => ({ l2, dropout, status: 'waiting', epochs: [] })),
    );
    for (const trial of trials) {
      const cell = cells[cellOf(trial)];
      Object.assign(cell, trialFacts(trial), this.isOver && trial.status === 'running' && { status: 'stopped early' });
    }
    const { round, epoch, epochs } = this.#rung;
    const facts: SearchFacts = {
      plan: this.#plan,
      running: !this.isOver,
      complete,
      stopped: this.#stopped,
      round,
      epoch,
      epochs,
      seconds,
      trials: cells,
      best: best === null ? undefined : cellOf(trials[best]),
      winner: this.#winner?.facts,
    };
    this.#tell({ search: facts });
  }
}

function trialFacts({ status, rungs }: Trial): Pick<TrialFacts, 'status' | 'epochs'> {
  return {
    status,
    epochs: rungs.map(({ trainLoss, validationLoss, validationAccuracy = Number.NaN }) => [
      trainLoss,
      validationLoss,
      validationAccuracy,
    ]),
  };
}
