import type { Engine } from 'wgrad';
import type { Frame, SearchPlan } from '../contract/protocol.js';
import type { Experiment } from './experiment.js';
import type { MapSearch } from './search.js';

/** A long task, a search or a verification. Orders are obeyed while it runs, but nothing trains. */
export class SideTask {
  readonly #tell: (frame: Frame) => void;
  readonly #onEnd: (error?: unknown) => void;
  #running: { readonly stop: AbortController; readonly done: Promise<void> } | undefined;
  #search: MapSearch | undefined;

  /** @param onEnd called with the error, if any, when a task has ended */
  constructor(tell: (frame: Frame) => void, onEnd: (error?: unknown) => void) {
    this.#tell = tell;
    this.#onEnd = onEnd;
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  /** Starts a search for the best λ and p. @throws TypeError or RangeError if the plan cannot be searched */
  async search(engine: Engine, experiment: Experiment, plan: SearchPlan): Promise<void> {
    const { MapSearch } = await import('./search.js');
    const search = new MapSearch(engine, experiment, plan, this.#tell);
    await this.#start((signal) => search.run(signal));
    this.#search = search;
  }

  /** Sends the page the result of the last search as a file. */
  exportSearch(format: 'csv' | 'json'): void {
    if (this.#search) this.#tell({ files: [this.#search.file(format)] });
  }

  /** Starts to verify the GPU on a copy of the selected run. */
  async verify(engine: Engine, { selected }: Experiment): Promise<void> {
    const { verifyRun } = await import('./verify.js');
    await this.#start((signal) => verifyRun(engine, selected, signal, this.#tell));
  }

  /** Stops the task; resolves when it has ended. */
  async stop(): Promise<void> {
    this.#running?.stop.abort();
    await this.#running?.done;
  }

  async #start(run: (signal: AbortSignal) => Promise<void>): Promise<void> {
    await this.stop();
    const stop = new AbortController();
    const end = (error?: unknown) => {
      this.#running = undefined;
      this.#onEnd(error);
    };
    this.#running = { stop, done: run(stop.signal).then(() => end(), end) };
  }
}
