import { EngineError } from '../errors/engine-error.js';
import type { Section } from './report.js';

/** How far a verification has come. */
export interface VerifyProgress {
  readonly section: Section;
  /** What is checked next. */
  readonly name: string;
  /** Of this section's checks, how many are done, and how many there are. */
  readonly done: number;
  readonly total: number;
}

/** What keeps a verification in bounds. */
export interface CourseOptions {
  /** No check is started after this time. */
  readonly seconds: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: VerifyProgress) => void) | undefined;
}

/** How long the host may be kept from everything else at a stretch, where the work can be cut. */
const BUSY_MILLISECONDS = 30;

/** The course of one verification: its clock, its signal, its progress. */
export class Course {
  readonly omitted: string[] = [];
  readonly #where: string;
  readonly #options: CourseOptions;
  readonly #started = performance.now();
  #rested = performance.now();

  constructor(where: string, options: CourseOptions) {
    this.#where = where;
    this.#options = options;
  }

  /** Seconds since the start. */
  get seconds(): number {
    return (performance.now() - this.#started) / 1000;
  }

  /** Whether the time is over; then `name` is noted as left out. */
  isOver(name: string): boolean {
    if (this.seconds < this.#options.seconds) return false;
    this.omitted.push(name);
    return true;
  }

  /** Seconds left. */
  get left(): number {
    return this.#options.seconds - this.seconds;
  }

  progress(progress: VerifyProgress): void {
    this.#options.onProgress?.(progress);
  }

  /** Lets the host do something else now and then. @throws EngineError of kind `aborted` if the signal is */
  readonly rest = async (): Promise<void> => {
    if (performance.now() - this.#rested > BUSY_MILLISECONDS) {
      await new Promise((resolve) => setTimeout(resolve));
      this.#rested = performance.now();
    }
    const { signal } = this.#options;
    if (signal?.aborted) {
      throw new EngineError('aborted', `${this.#where}: the signal was aborted`, { cause: signal.reason });
    }
  };
}
