import type { WorkerRow } from './fleet-rows.js';
import { MOST_FAILURES, type SearchTables } from './search-tables.js';

/** The tables are looked at no more often, but for results. */
const LOOK_MILLISECONDS = 500;
const MINUTE = 60_000;
/** The time that other workers have to come after the first one did. */
const SETTLE_MILLISECONDS = 2000;

/** A job whose worker is missing at two looks so far apart goes to another: one that lost its connection makes another meanwhile. */
const GRACE_MILLISECONDS = 3000;

/** Watches the workers of a search: puts jobs of those that are gone back into the queue, and counts. */
export class FleetWatch {
  readonly #tables: SearchTables;
  readonly #tell: (sentence: string) => void;
  #looked = 0;
  #workers: readonly WorkerRow[] = [];
  /** Jobs without a living worker, and when that was seen first. */
  #abandoned = new Map<string, number>();
  #lastFailure = 0;
  readonly #failures = new Map<string, number>();
  readonly #failed = new Map<string, string>();
  /** When jobs of the last minute ended. */
  #ended: number[] = [];

  constructor(tables: SearchTables, tell: (sentence: string) => void) {
    this.#tables = tables;
    this.#tell = tell;
  }

  /** Every worker there ever was. */
  get workers(): readonly WorkerRow[] {
    return this.#workers;
  }

  /** The workers that take jobs. */
  get present(): readonly WorkerRow[] {
    return this.#workers.filter(({ alive, refused }) => alive && refused === null);
  }

  /** The jobs that failed too often, with the last message of each. */
  get failed(): ReadonlyMap<string, string> {
    return this.#failed;
  }

  /** Jobs that ended in the last minute. */
  get jobsAMinute(): number {
    return this.#ended.length;
  }

  /** Counts a job that has ended. */
  count(): void {
    const now = Date.now();
    this.#ended = [...this.#ended.filter((at) => now - at < MINUTE), now];
  }

  /**
   * Returns the number of workers that take part, as soon as `expected` do; or fewer, but at least one, if no more come soon.
   * @param pause waits between two looks
   */
  async untilPresent(expected = Number.POSITIVE_INFINITY, pause: () => Promise<void>): Promise<number> {
    let since = Date.now();
    let before = 0;
    let isTold = false;
    for (;;) {
      await this.look();
      const { length } = this.present;
      if (length >= expected) return length;
      if (before === 0 && length > 0) since = Date.now();
      before = length;
      if (Date.now() - since > SETTLE_MILLISECONDS) {
        if (length > 0) return length;
        if (!isTold) this.#tell('No worker takes part yet: start some with wgrad work and the same address.');
        isTold = true;
      }
      await pause();
    }
  }

  /** Looks at the tables, unless it has just done so and need not look `again`. */
  async look(again = false): Promise<void> {
    if (!again && Date.now() - this.#looked < LOOK_MILLISECONDS) return;
    this.#looked = Date.now();
    await this.#lookAtWorkers();
    await this.#takeBack();
    for (const { id, job, worker, message } of await this.#tables.failures(this.#lastFailure)) {
      this.#lastFailure = id;
      const times = (this.#failures.get(job) ?? 0) + 1;
      this.#failures.set(job, times);
      this.#tell(
        `A job of ${worker === null ? 'a worker' : `worker ${worker}`} failed, ${times} of ${MOST_FAILURES}: ${message}`,
      );
      if (times >= MOST_FAILURES) this.#failed.set(job, message);
    }
  }

  async #lookAtWorkers(): Promise<void> {
    const before = new Map(this.#workers.map((worker) => [worker.id, worker]));
    this.#workers = await this.#tables.workers();
    for (const { id, name, adapter, refused, alive } of this.#workers) {
      const known = before.get(id);
      const who = `Worker ${id}, ${name} on ${adapter},`;
      if (alive && refused !== null && known?.refused !== refused) this.#tell(`${who} is refused: ${refused}`);
      else if (alive && refused === null && !known?.alive) this.#tell(`${who} takes part.`);
      else if (!alive && known?.alive && refused === null) this.#tell(`${who} is gone.`);
    }
  }

  /** Gives the jobs of workers that are gone to others. */
  async #takeBack(): Promise<void> {
    const now = Date.now();
    const before = this.#abandoned;
    const abandoned = await this.#tables.abandoned();
    this.#abandoned = new Map(abandoned.map(({ id }) => [id, before.get(id) ?? now]));
    for (const { id, worker } of abandoned) {
      if (now - (before.get(id) ?? now) < GRACE_MILLISECONDS) continue;
      await this.#tables.fail(id, worker, 'lost', 'its worker is gone');
      this.#abandoned.delete(id);
    }
  }
}
