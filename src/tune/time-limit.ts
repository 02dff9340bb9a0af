import { throwIfAborted } from '../errors/abort-signal.js';
import { OutOfTime } from '../errors/out-of-time.js';

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
    throwIfAborted('autotune', this.#signal);
  }

  /** @throws as `checkSignal`; OutOfTime if the time is over */
  check(): void {
    this.checkSignal();
    if (this.seconds >= this.#limit) throw new OutOfTime();
  }
}
