import {
  adam,
  createTrainer,
  type Dataset,
  dense,
  dropout,
  type Engine,
  type EpochReport,
  l2,
  relu,
  sequential,
  softmaxCrossEntropy,
  type Trainer,
} from 'wgrad';
import { gridPlaces } from './boundary.js';
import type { Knobs, Start } from './controls.js';
import { History } from './history.js';
import { POINTS, twoMoons } from './moons.js';

/** One training from its start: the trainer, its data, what it has measured. */
export class Run {
  readonly data: { train: Dataset; validation: Dataset };
  readonly history = new History();
  readonly trainer: Trainer;
  last: EpochReport | undefined;
  #epochs: AsyncGenerator<EpochReport> | undefined;

  private constructor(trainer: Trainer, data: { train: Dataset; validation: Dataset }) {
    this.trainer = trainer;
    this.data = data;
  }

  /** λ and the rates may be 0: the penalty and the masks are in the step all the same, so that they can be turned on. */
  static async create(engine: Engine, { width, seed }: Start, knobs: Knobs): Promise<Run> {
    const hidden = () => [dense(width), relu(), dropout(knobs.dropout)];
    const trainer = await createTrainer(engine, sequential([...hidden(), ...hidden(), dense(2)]), {
      input: [2],
      batchSize: POINTS / 2,
      loss: softmaxCrossEntropy(),
      regularizer: l2(knobs.l2),
      optimizer: adam({ learningRate: knobs.learningRate }),
      seed,
    });
    return new Run(trainer, twoMoons(seed));
  }

  /** Trains epoch after epoch until `deadline`, one at least. */
  async advance(deadline: number): Promise<void> {
    const { train, validation } = this.data;
    this.#epochs ??= this.trainer.fit(train, { epochs: Number.MAX_SAFE_INTEGER, validation });
    try {
      do {
        const { value } = await this.#epochs.next();
        if (!value) return;
        this.last = value;
        this.history.add(value);
      } while (performance.now() < deadline);
    } catch (error) {
      this.#epochs = undefined; // a generator that threw is over; the trainer may go on
      throw error;
    }
  }

  /** Changes λ and the rates from the next step on. */
  set(knobs: Knobs): void {
    this.trainer.set({ ...knobs });
    this.history.change();
  }

  /** The network's logits at the places of the grid. */
  logits(): Promise<Float32Array> {
    return this.trainer.predict(gridPlaces);
  }

  dispose(): void {
    this.trainer.dispose();
  }
}
