import { loadTrainer, type Trainer } from '../../index.js';
import type { EpochReport } from '../../train/reports.js';

/** The epochs without a better validation loss so far, and the best epoch. */
export interface Wait {
  /** From 1; 0 if no validation loss was finite. */
  readonly best: number;
  readonly waited: number;
}

/** Returns how long a training has waited for a better validation loss. */
export function waitOf(epochs: readonly Pick<EpochReport, 'validationLoss'>[]): Wait {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const [i, { validationLoss = Number.NaN }] of epochs.entries()) {
    if (validationLoss < least) [best, least] = [i + 1, validationLoss];
  }
  return { best, waited: epochs.length - best };
}

/** Keeps the state of the best epoch as a file, so that a checkpoint can hold it, and tells when training is to stop. */
export class BestSoFar {
  /** Epochs without a better validation loss after which training stops; null for never. */
  readonly #patience: number | null;
  #file: Uint8Array | undefined;
  /** Steps taken at the best epoch, if this run has seen it. */
  #steps: number | undefined;

  /** @param file the state of the best epoch of a resumed run */
  constructor(patience: number | null, file: Uint8Array | undefined) {
    this.#patience = patience;
    this.#file = file;
  }

  /** The state of the best epoch; undefined if nothing is to be restored. */
  get file(): Uint8Array | undefined {
    return this.#file;
  }

  /** Keeps the state after an epoch if it is the best one. */
  async note(trainer: Trainer, epochs: readonly EpochReport[]): Promise<void> {
    if (this.#patience === null || waitOf(epochs).waited > 0) return;
    this.#file = await trainer.save();
    this.#steps = trainer.stepsTaken;
  }

  /** Returns true if training is to stop. */
  isOver(epochs: readonly EpochReport[]): boolean {
    return this.#patience !== null && waitOf(epochs).waited >= this.#patience;
  }

  /** Returns a trainer with the state of the best epoch in place of `trainer`, which it disposes of; or that itself if it has it. */
  async restore(trainer: Trainer): Promise<Trainer> {
    if (!this.#file || trainer.stepsTaken === this.#steps) return trainer;
    const { engine } = trainer;
    trainer.dispose();
    return loadTrainer(engine, this.#file);
  }
}
