import { drawBoundary } from './boundary.js';
import { element } from './element.js';
import { drawLosses } from './loss-chart.js';
import type { Run } from './run.js';
import { showNumbers } from './show.js';

/** The boundary is asked for no more often than this, and takes a fifth of the time at most. */
const BOUNDARY_MILLISECONDS = 200;

const losses = element('loss', HTMLCanvasElement);
const boundary = element('boundary', HTMLCanvasElement);

/** What the page shows of a run. */
export class Picture {
  readonly #run: Run;
  #logits: Float32Array | undefined;
  #due = 0;
  #milliseconds: number | undefined;

  constructor(run: Run) {
    this.#run = run;
  }

  /** Draws the run as it is; `fresh` asks the network for its answers however short ago it was. */
  async draw({ fresh }: { fresh: boolean }): Promise<void> {
    const { data, history, last, trainer } = this.#run;
    const asked = performance.now();
    if (fresh || asked > this.#due || !this.#logits) {
      this.#logits = await this.#run.logits();
      const answered = performance.now();
      this.#due = answered + Math.max(BOUNDARY_MILLISECONDS, 4 * (answered - asked));
      drawBoundary(boundary, this.#logits, data);
    }
    drawLosses(losses, history);
    // One epoch's time jumps; the page shows what it has been lately.
    if (last) this.#milliseconds = 0.9 * (this.#milliseconds ?? last.stepMilliseconds) + 0.1 * last.stepMilliseconds;
    showNumbers(last, trainer.stepsTaken, this.#milliseconds);
  }
}
