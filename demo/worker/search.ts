import { type Engine, EngineError } from 'wgrad';
import { choice, grid, type Search, type SearchRung, search, successiveHalving, type Trial } from 'wgrad/tune';
import type { Frame, SearchFacts, SearchPlan, TrialFacts } from '../contract/protocol.js';
import type { Experiment } from './experiment.js';
import { textFile } from './export-files.js';
import { trainingOf } from './training.js';

/** One trial in three goes on after a ninth and after a third of the epochs. */
const ETA = 3;

/** A search over λ and p with the data and the network of an experiment. */
export class MapSearch {
  readonly #plan: SearchPlan;
  readonly #search: Search;
  readonly #tell: (frame: Frame) => void;
  readonly #stop = new AbortController();
  #rung: Pick<SearchRung, 'round' | 'epoch' | 'epochs'> = { round: 0, epoch: 0, epochs: 0 };

  /** @throws TypeError or RangeError if the plan cannot be searched */
  constructor(engine: Engine, { state, data, selected }: Experiment, plan: SearchPlan, tell: (frame: Frame) => void) {
    const { model, options } = trainingOf(state, selected.knobs, data);
    this.#plan = plan;
    this.#tell = tell;
    const minEpochs = Math.max(1, Math.floor(plan.epochs / ETA ** 2));
    this.#search = search(engine, model, {
      ...options,
      space: { l2: choice(plan.l2), dropout: choice(plan.dropout) },
      strategy: plan.strategy === 'grid' ? grid() : successiveHalving({ sampler: 'grid', eta: ETA, minEpochs }),
      budget: { epochs: plan.epochs },
      train: data.train,
      validation: data.validation,
      seed: state.seed,
      signal: this.#stop.signal,
    });
  }

  /** Searches to the end or until the signal, and keeps the result. @throws EngineError of kind `lost`, and others */
  async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => this.#stop.abort());
    this.#tellFacts(true);
    try {
      for await (const rung of this.#search) {
        this.#rung = rung;
        this.#tellFacts(true);
      }
    } catch (error) {
      if (!(error instanceof EngineError) || error.kind !== 'aborted') throw error;
    } finally {
      this.#search.dispose();
      this.#tellFacts(false);
    }
  }

  /** Returns the whole result as a file. */
  file(format: 'csv' | 'json'): NonNullable<Frame['files']>[number] {
    if (format === 'csv') return textFile('wgrad-search.csv', 'text/csv', this.#search.toCSV());
    return textFile('wgrad-search.json', 'application/json', `${JSON.stringify(this.#search, undefined, 2)}\n`);
  }

  #tellFacts(running: boolean): void {
    const { trials, best, seconds, complete } = this.#search.result;
    const { l2, dropout } = this.#plan;
    const cellOf = ({ config }: Trial) =>
      l2.indexOf(Number(config.l2)) * dropout.length + dropout.indexOf(Number(config.dropout));
    const cells = l2.flatMap((l2) =>
      dropout.map((dropout): TrialFacts => ({ l2, dropout, status: 'waiting', epochs: [] })),
    );
    for (const trial of trials) cells[cellOf(trial)] = { ...cells[cellOf(trial)], ...trialFacts(trial) };
    const { round, epoch, epochs } = this.#rung;
    const facts: SearchFacts = {
      plan: this.#plan,
      running,
      complete,
      round,
      epoch,
      epochs,
      seconds,
      trials: cells,
      best: best === null ? undefined : cellOf(trials[best]),
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
