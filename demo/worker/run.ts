import { type Dataset, EngineError, type Trainer } from 'wgrad';
import type { RunFacts } from '../contract/protocol.js';
import type { RunState, State } from '../contract/state.js';
import { inWords } from '../words/errors.js';
import { type LoadedData, measuredPart } from './data/loaded-data.js';
import { History } from './history.js';
import { Marks, type Turned } from './marks.js';
import { firstSpacing, nextMeasurement } from './measuring.js';
import { same } from './reconcile.js';
import { takeSteps } from './training.js';
import { weightsHash } from './weights-hash.js';

/** A run: its trainer, its knobs and its measurements. */
export class Run {
  readonly history: History;
  knobs: RunState;
  trainer: Trainer;
  hash: string | undefined;
  diverged: string | undefined;
  /** The last save, from which it goes on if the device is lost; without one it starts at step 0. */
  saved: Uint8Array | undefined;
  /** Time of the last save, at first of its making. */
  savedAt = performance.now();
  readonly #marks = new Marks();
  #ratesTurnedAt = -1;
  #data: LoadedData;
  /** Always the same object for the same data, so that it stays on the GPU. */
  #measured: Dataset;
  /** True if the last measurement is of other data. */
  #isStale = false;
  /** Number of edits of its examples so far. */
  #edits = 0;
  readonly #state: Pick<State, 'batch' | 'parts'>;
  readonly #spacing: number;

  constructor(trainer: Trainer, knobs: RunState, data: LoadedData, state: Pick<State, 'batch' | 'parts'>) {
    this.trainer = trainer;
    this.knobs = knobs;
    this.#data = data;
    this.#state = state;
    this.#measured = measuredPart(data);
    this.#spacing = firstSpacing(this.#measured.examples + data.validation.examples, state.batch);
    this.history = new History(this.#spacing);
  }

  /** Its identity, as in the state. */
  get id(): number {
    return this.knobs.id;
  }

  get steps(): number {
    return this.trainer.stepsTaken;
  }

  /** True until a step is taken with the current dropout rates. */
  get hasNewRates(): boolean {
    return this.#ratesTurnedAt === this.steps;
  }

  /** Steps until the next measurement; 0 means now. */
  get untilMeasured(): number {
    if (this.history.lastStep < 0) return 0;
    return nextMeasurement(this.history.lastStep, this.#spacing) - this.steps;
  }

  /** True if its measurements are of its present weights and data. */
  get isMeasured(): boolean {
    return this.history.lastStep === this.steps && !this.#isStale;
  }

  /** Goes on with other examples from the next step on. */
  learnFrom(data: LoadedData): void {
    this.#data = data;
    this.#measured = measuredPart(data);
    this.#isStale = true;
    this.hash = undefined;
    const before = this.#turned(this.knobs);
    this.#edits++;
    if (this.steps > 0) this.#marks.add(this.steps, before, this.#turned(this.knobs));
    else this.history.cut(-1);
  }

  /** Takes steps; if it diverges, it goes back to its last good state and says so. */
  async train(steps: number): Promise<void> {
    this.hash = undefined;
    try {
      await takeSteps(this.trainer, this.#data.train, steps);
    } catch (error) {
      if (!(error instanceof EngineError) || error.kind !== 'diverged') throw error;
      this.diverged = inWords(error);
      this.history.cut(this.steps);
    }
  }

  /** Measures training and validation examples without dropout. */
  async measure(): Promise<void> {
    this.#isStale = false;
    const train = await this.trainer.evaluate(this.#measured);
    const validation = await this.trainer.evaluate(this.#data.validation);
    const { loss, accuracy = Number.NaN, penalty } = train;
    this.history.add([this.steps, loss, validation.loss, accuracy, validation.accuracy ?? Number.NaN, penalty]);
  }

  /** Turns knobs from the next step on, without compiling. */
  turn(knobs: RunState): void {
    const { dropout } = knobs;
    this.#set(knobs);
    if (this.steps > 0) this.#marks.add(this.steps, this.#turned(this.knobs), this.#turned(knobs));
    if (!same(dropout, this.knobs.dropout)) this.#ratesTurnedAt = this.steps;
    this.knobs = knobs;
    this.diverged = undefined;
  }

  /** Goes on with another trainer of the same run, from an earlier step. */
  resume(trainer: Trainer): void {
    this.trainer = trainer;
    this.#set(this.knobs);
    this.history.cut(this.steps > 0 ? this.steps : -1);
    this.#marks.cut(this.steps);
    this.hash = undefined;
  }

  #set({ l2, l1 = 0, dropout, learningRate }: RunState): void {
    this.trainer.set({ l2, dropout, learningRate, ...(this.#state.parts?.l1 && { l1 }) });
  }

  #turned(knobs: RunState): Turned {
    return { ...knobs, edits: this.#edits };
  }

  async save(): Promise<void> {
    this.savedAt = performance.now();
    this.saved = await this.trainer.save();
  }

  /** Saves it, and computes the hash of its weights. */
  async settle(): Promise<void> {
    await this.save();
    this.hash = await weightsHash(this.trainer);
  }

  /** Returns its facts, with the rows of its history that the page does not know. */
  facts(): RunFacts {
    const { id, steps, hash, diverged } = this;
    return {
      id,
      steps,
      epochs: (steps * this.#state.batch) / this.#data.train.examples,
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
