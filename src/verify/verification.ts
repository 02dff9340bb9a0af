import { OutOfTime, throwIfAborted } from '../errors/engine-error.js';
import type { Section } from './report.js';

/** The progress of a verification. */
export interface VerifyProgress {
  readonly section: Section;
  /** The check to be made next. */
  readonly name: string;
  /** The number of this section's checks that are done, and of all. */
  readonly done: number;
  readonly total: number;
}

/** The limits of a verification. */
export interface VerificationOptions {
  /** Seconds after which no check is started, and the one under way is given up. */
  readonly seconds: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: VerifyProgress) => void) | undefined;
}

/** Milliseconds of work at a stretch, where it can be cut, before the host may do something else. */
const BUSY_MILLISECONDS = 30;

/** The clock, the signal and the progress of one verification. */
export class Verification {
  readonly omitted: string[] = [];
  readonly #where: string;
  readonly #options: VerificationOptions;
  readonly #started = performance.now();
  #yielded = performance.now();

  constructor(where: string, options: VerificationOptions) {
    this.#where = where;
    this.#options = options;
  }

  /** Seconds since the start. */
  get seconds(): number {
    return (performance.now() - this.#started) / 1000;
  }

  /** True once the time is over. */
  get isOver(): boolean {
    return this.seconds >= this.#options.seconds;
  }

  /** Notes a check that is left out, and the reason if it is not the time. */
  omit(name: string, reason?: string): void {
    this.omitted.push(reason === undefined ? name : `${name} (${reason})`);
  }

  progress(progress: VerifyProgress): void {
    this.#options.onProgress?.(progress);
  }

  /**
   * Lets the host do something else now and then.
   * @throws EngineError of kind `aborted` if the signal is, OutOfTime if the time is over
   */
  readonly yieldToHost = async (): Promise<void> => {
    if (performance.now() - this.#yielded > BUSY_MILLISECONDS) {
      await new Promise((resolve) => setTimeout(resolve));
      this.#yielded = performance.now();
    }
    throwIfAborted(this.#where, this.#options.signal);
    if (this.isOver) throw new OutOfTime();
  };
}
