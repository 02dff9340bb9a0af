import { costOf } from 'wgrad';
import type { Run } from '../run.js';

/** Shortest time between two counts, which take time themselves. */
const MILLISECONDS = 1000;

/** The cost of training, counted now and then. */
export class Cost {
  /** Floating-point operations of one step of one run. */
  flops = 0;
  /** Bytes that all runs hold. */
  memory = 0;
  #due = 0;

  /** Counts, if the last count is old enough or `fresh` is true. */
  count(runs: readonly Run[], fresh: boolean): void {
    if (!fresh && performance.now() < this.#due) return;
    try {
      const costs = [...new Set(runs.map(({ trained }) => trained))].map((each) => costOf(each));
      this.flops = costs[0]?.flops ?? 0;
      this.memory = costs.reduce((sum, { memory }) => sum + memory, 0);
    } catch {
      // The device was just lost: the next one to need it will notice.
    }
    this.#due = performance.now() + MILLISECONDS;
  }
}
