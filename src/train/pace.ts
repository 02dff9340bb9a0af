/** Returns the batches of a pass over `examples` rows; the last may be shorter. */
export function batchesOf(examples: number, batchSize: number, from = 0): { row: number; count: number }[] {
  return Array.from({ length: Math.ceil((examples - from) / batchSize) }, (_, i) => {
    const row = from + i * batchSize;
    return { row, count: Math.min(batchSize, examples - row) };
  });
}

/** Milliseconds of work that one submit should hold: a page stays live, a driver does not reset. */
const SUBMIT_MILLISECONDS = 50;
/** Milliseconds of work between two looks at the metrics: each also copies the states that are known to be good. */
const READ_MILLISECONDS = 250;

/** Finds how many steps make a submit, and a run of submits that is read at once, of the wanted lengths. */
export class Pace {
  #steps = 1;
  #submit = 1;
  readonly #most: number;
  #last = performance.now();

  /** @param slots rows of the step table, of which two runs at most are under way */
  constructor(slots: number) {
    this.#most = Math.max(1, Math.floor(slots / 2));
  }

  /** Steps from one reading to the next. */
  get steps(): number {
    return this.#steps;
  }

  /** Steps of one submit. */
  get submit(): number {
    return this.#submit;
  }

  /** Notes that `count` more steps are done. */
  note(count: number): void {
    const now = performance.now();
    const each = (now - this.#last) / count;
    this.#last = now;
    // At most doubled at a time: the first steps include compilation.
    const most = Math.min(2 * this.#steps, this.#most);
    this.#steps = Math.max(1, Math.min(Math.floor(READ_MILLISECONDS / each), most));
    this.#submit = Math.max(1, Math.min(Math.floor(SUBMIT_MILLISECONDS / each), this.#steps));
  }
}

/** Returns a list in pieces of `size`; the last may be shorter. */
export function chunks<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));
}
