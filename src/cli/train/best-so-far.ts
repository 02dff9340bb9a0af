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

/**
 * Keeps the best state as a file, so that a checkpoint can hold it, and tells when training is to stop. The state before the
 * first epoch is the best one until an epoch has a better validation loss.
 */
export class BestSoFar {
  /** Epochs without a better validation loss after which training stops; null for never. */
  readonly #patience: number | null;
  #file: Uint8Array | undefined;
  /** The validation loss before the first epoch, if it was measured. */
  #untrained: number | undefined;
  /** Steps taken at the best epoch, if this run has seen it. */
  #steps: number | undefined;

  /** @param before the best state of a resumed run */
  constructor(patience: number | null, before: { best?: Uint8Array | undefined; untrained?: number | undefined } = {}) {
    this.#patience = patience;
    this.#file = before.best;
    this.#untrained = before.untrained;
  }

  /** The best state; undefined if nothing is to be restored. */
  get file(): Uint8Array | undefined {
    return this.#file;
  }

  /** The validation loss before the first epoch; undefined without early stopping. */
  get untrained(): number | undefined {
    return this.#untrained;
  }

  /** Keeps the state before the first epoch. @param loss measures its validation loss */
  async begin(trainer: Trainer, loss: () => Promise<number>): Promise<void> {
    if (this.#patience === null) return;
    this.#untrained = await loss();
    if (Number.isFinite(this.#untrained)) await this.#keep(trainer);
  }

  /** Keeps the state after an epoch if it is the best one. */
  async note(trainer: Trainer, epochs: readonly EpochReport[]): Promise<void> {
    if (this.#patience !== null && this.bestEpoch(epochs) === epochs.length) await this.#keep(trainer);
  }

  /** Returns the epoch that the best state is of, 0 for before the first; null if none is kept, and before an epoch has ended. */
  bestEpoch(epochs: readonly EpochReport[]): number | null {
    if (this.#patience === null || epochs.length === 0) return null;
    const { best } = waitOf(epochs);
    const least = epochs[best - 1]?.validationLoss ?? Number.POSITIVE_INFINITY;
    const { untrained = Number.NaN } = this;
    if (Number.isFinite(untrained) && !(least < untrained)) return 0;
    return best || null;
  }

  /** Returns true if training is to stop. */
  isOver(epochs: readonly EpochReport[]): boolean {
    return this.#patience !== null && waitOf(epochs).waited >= this.#patience;
  }

  /** Returns a trainer with the best state in place of `trainer`, which it disposes of; or that itself if it has it. */
  async restore(trainer: Trainer, epochs: readonly EpochReport[]): Promise<Trainer> {
    if (!this.#file || epochs.length === 0 || trainer.stepsTaken === this.#steps) return trainer;
    const { engine } = trainer;
    trainer.dispose();
    return loadTrainer(engine, this.#file);
  }

  async #keep(trainer: Trainer): Promise<void> {
    this.#file = await trainer.save();
    this.#steps = trainer.stepsTaken;
  }
}
