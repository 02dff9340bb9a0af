import type { Frame } from '../contract/protocol.js';
import type { State } from '../contract/state.js';

/** Data of at most two features, whose small networks the CPU trains fast enough to be watched. */
const SMALL: readonly State['data'][] = ['moons', 'circles', 'spiral', 'xor', 'sine'];
const MOST_UNITS = 64;

/**
 * Trains the networks of the page's first state on the CPU while the kernels of the GPU are compiled, and tells of them. The GPU
 * takes the same steps afterwards, from the same weights and with the same batches.
 */
export class WarmUp {
  /** Steps whose picture was told. */
  steps = 0;
  readonly state: State;
  /** True if the page was told of the data. */
  hasData = false;
  /** Resolves when there is a picture of a trained network; at step 0 if it is not to train; also if there will be none. */
  readonly seen: Promise<void>;
  #isOver = false;

  static suits({ data, hidden }: State): boolean {
    return SMALL.includes(data) && hidden.every((units) => units <= MOST_UNITS);
  }

  constructor(state: State, isToPlay: () => boolean, tell: (frame: Frame) => void) {
    this.state = state;
    this.seen = new Promise((resolve) => {
      const options = {
        isToPlay,
        isOver: () => this.#isOver,
        told: (frame: Frame, steps: number) => {
          tell(frame);
          this.hasData ||= frame.data !== undefined;
          this.steps = steps;
          if (frame.view && (steps > 0 || !isToPlay())) resolve();
        },
      };
      // If this fails, the GPU has the same trouble and says so.
      import('./train-on-cpu.js').then(({ trainOnCpu }) => trainOnCpu(state, options)).then(resolve, () => resolve());
    });
  }

  stop(): void {
    this.#isOver = true;
  }
}
