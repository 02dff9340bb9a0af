import { EngineError } from '../errors/engine-error.js';

/** The time is over: what is being measured cannot be finished. */
export class OutOfTime extends Error {}

/** The clock and the signal of one tuning. */
export class TimeLimit {
  readonly #limit: number;
  readonly #signal: AbortSignal | undefined;
  readonly #started = performance.now();

  constructor(seconds: number, signal: AbortSignal | undefined) {
    this.#limit = seconds;
    this.#signal = signal;
  }

  /** Seconds since the start. */
  get seconds(): number {
    return (performance.now() - this.#started) / 1000;
  }

  /** @throws EngineError of kind `aborted` if the signal is */
  checkSignal(): void {
    if (this.#signal?.aborted) {
      throw new EngineError('aborted', 'autotune: the signal was aborted', { cause: this.#signal.reason });
    }
  }

  /** @throws as `checkSignal`; OutOfTime if the time is over */
  check(): void {
    this.checkSignal();
    if (this.seconds >= this.#limit) throw new OutOfTime();
  }
}
