import type { JobFacts, Opened, Order } from '../../contract/protocol.js';
import type { Surroundings } from '../open-files.js';

type OpenOrder = Extract<Order, { kind: 'open' }>;

/** Reads dropped files, one drop after another, while everything else goes on. */
export class Reading {
  readonly #onRead: (opened: Opened) => void;
  readonly #onFailed: (error: unknown) => void;
  readonly #onProgress: () => void;
  #last: Promise<void> = Promise.resolve();
  #waiting = 0;
  #progress = 0;

  /** @param onProgress called when the facts have changed */
  constructor(on: { read: (opened: Opened) => void; failed: (error: unknown) => void; progress: () => void }) {
    this.#onRead = on.read;
    this.#onFailed = on.failed;
    this.#onProgress = on.progress;
  }

  /** The facts, while files are read. */
  get facts(): JobFacts | undefined {
    return this.#waiting > 0 ? { job: 'open', progress: this.#progress } : undefined;
  }

  /** Reads files after those that came before. @param around returns what there is when their turn comes */
  read(order: OpenOrder, around: () => Surroundings): void {
    this.#waiting++;
    this.#last = this.#last
      .then(() => this.#open(order, around()))
      .then(this.#onRead, this.#onFailed)
      .then(() => {
        this.#waiting--;
        this.#onProgress();
      });
  }

  async #open(order: OpenOrder, around: Surroundings): Promise<Opened> {
    this.#progress = 0;
    const { openFiles } = await import('../open-files.js');
    return openFiles(order, around, (share) => {
      const percent = Math.floor(100 * share) / 100;
      if (percent === this.#progress) return;
      this.#progress = percent;
      this.#onProgress();
    });
  }
}
