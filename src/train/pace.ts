/** Milliseconds of work that one submit should hold: a page stays live, a driver does not reset. */
const SUBMIT_MILLISECONDS = 50;

/** Finds how many steps make a submit of the wanted length. */
export class Pace {
  steps = 1;
  readonly #most: number;
  #last = performance.now();

  /** @param slots rows of the step table, of which two submits at most are under way */
  constructor(slots: number) {
    this.#most = Math.max(1, Math.floor(slots / 2));
  }

  /** Notes that `count` more steps are done. */
  note(count: number): void {
    const now = performance.now();
    const each = (now - this.#last) / count;
    this.#last = now;
    // At most doubled at a time: the first steps include compilation.
    this.steps = Math.max(1, Math.min(Math.floor(SUBMIT_MILLISECONDS / each), 2 * this.steps, this.#most));
  }
}
