import { type Dataset, EngineError, type Trainer } from 'wgrad';
import type { RunFacts } from '../contract/protocol.js';
import type { Knobs } from '../contract/state.js';
import { type LoadedData, measuredPart } from './data/loaded-data.js';
import { History } from './history.js';
import { Marks } from './marks.js';
import { firstSpacing, nextMeasurement } from './measuring.js';
import { same } from './reconcile.js';
import { weightsHash } from './weights-hash.js';

let made = 0;

/** One of the runs: its trainer, its knobs, and what it has measured. */
export class Run {
  readonly id = ++made;
  readonly history: History;
  knobs: Knobs;
  trainer: Trainer;
  hash: string | undefined;
  diverged: string | undefined;
  /** What it goes on from when the device is lost; nothing: from step 0. */
  saved: Uint8Array | undefined;
  /** When it was saved, or made. */
  savedAt = performance.now();
  readonly #marks = new Marks();
  #ratesTurnedAt = -1;
  readonly #data: LoadedData;
  /** One object, so that it stays on the GPU. */
  readonly #measured: Dataset;
  readonly #batch: number;
  readonly #spacing: number;

  constructor(trainer: Trainer, knobs: Knobs, data: LoadedData, batch: number) {
    this.trainer = trainer;
    this.knobs = knobs;
    this.#data = data;
    this.#batch = batch;
    this.#measured = measuredPart(data);
    this.#spacing = firstSpacing(this.#measured.examples + data.validation.examples, batch);
    this.history = new History(this.#spacing);
  }

  get steps(): number {
    return this.trainer.stepsTaken;
  }

  /** No step has been taken with the dropout rates as they are. */
  get hasNewRates(): boolean {
    return this.#ratesTurnedAt === this.steps;
  }

  /** Steps until it is to be measured; 0: now. */
  get untilMeasured(): number {
    if (this.history.lastStep < 0) return 0;
    return nextMeasurement(this.history.lastStep, this.#spacing) - this.steps;
  }

  /** Takes steps; where that diverges the run is back at a good state and says so. */
  async train(steps: number): Promise<void> {
    this.hash = undefined;
    try {
      const options = { epochs: Number.MAX_SAFE_INTEGER, maxSteps: steps };
      for await (const _ of this.trainer.fit(this.#data.train, options));
    } catch (error) {
      if (!(error instanceof EngineError) || error.kind !== 'diverged') throw error;
      this.diverged = error.message;
      this.history.cut(this.steps);
    }
  }

  /** Measures training and validation without dropout. */
  async measure(): Promise<void> {
    const train = await this.trainer.evaluate(this.#measured);
    const validation = await this.trainer.evaluate(this.#data.validation);
    const { loss, accuracy = Number.NaN, penalty } = train;
    this.history.add([this.steps, loss, validation.loss, accuracy, validation.accuracy ?? Number.NaN, penalty]);
  }

  /** Turns knobs from the next step on; nothing is compiled. */
  turn(knobs: Knobs): void {
    const { l2, dropout, learningRate } = knobs;
    this.trainer.set({ l2, dropout, learningRate });
    if (this.steps > 0) this.#marks.add(this.steps, this.knobs, knobs);
    if (!same(dropout, this.knobs.dropout)) this.#ratesTurnedAt = this.steps;
    this.knobs = knobs;
    this.diverged = undefined;
  }

  /** Goes on with another trainer of the same run, at an earlier step. */
  resume(trainer: Trainer): void {
    this.trainer = trainer;
    const { l2, dropout, learningRate } = this.knobs;
    trainer.set({ l2, dropout, learningRate });
    this.history.cut(this.steps > 0 ? this.steps : -1);
    this.#marks.cut(this.steps);
    this.hash = undefined;
  }

  async save(): Promise<void> {
    this.savedAt = performance.now();
    this.saved = await this.trainer.save();
  }

  /** What is done when it stands still: it is saved, and shows which weights it has. */
  async settle(): Promise<void> {
    await this.save();
    this.hash = await weightsHash(this.trainer);
  }

  /** Everything about it, and the rows of its history that have not been told. */
  facts(): RunFacts {
    const { id, steps, hash, diverged } = this;
    return {
      id,
      steps,
      epochs: (steps * this.#batch) / this.#data.train.examples,
      marks: this.#marks.facts(),
      history: this.history.news(),
      hash,
      diverged,
    };
  }

  dispose(): void {
    this.trainer.dispose();
  }
}
