import { throwIfAborted } from '../errors/abort-signal.js';
import { OutOfTime } from '../errors/out-of-time.js';
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
  /** After this time no check is started, and the one under way is given up. */
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

  /** Whether the time is over. */
  get isOver(): boolean {
    return this.seconds >= this.#options.seconds;
  }

  /** Notes what is not checked, and why if it is not the time. */
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
  readonly rest = async (): Promise<void> => {
    if (performance.now() - this.#rested > BUSY_MILLISECONDS) {
      await new Promise((resolve) => setTimeout(resolve));
      this.#rested = performance.now();
    }
    throwIfAborted(this.#where, this.#options.signal);
    if (this.isOver) throw new OutOfTime();
  };
}
