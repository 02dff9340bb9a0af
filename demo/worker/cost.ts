import { costOf } from 'wgrad';
import type { Run } from './run.js';

/** To count takes some time itself. */
const MILLISECONDS = 1000;

/** What training takes, counted anew now and then. */
export class Cost {
  /** Of one step of one run. */
  flops = 0;
  /** Bytes of all runs. */
  memory = 0;
  #due = 0;

  /** @param fresh counts anew however short ago that was */
  count(runs: readonly Run[], fresh: boolean): void {
    if (!fresh && performance.now() < this.#due) return;
    try {
      const costs = runs.map(({ trainer }) => costOf(trainer));
      this.flops = costs[0]?.flops ?? 0;
      this.memory = costs.reduce((sum, { memory }) => sum + memory, 0);
    } catch {
      // The device has just been lost: whatever needs it next finds out.
    }
    this.#due = performance.now() + MILLISECONDS;
  }
}
