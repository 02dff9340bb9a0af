import type { Batch } from '../data/batch.js';
import type { Dataset } from '../data/dataset.js';
import type { Numbers } from '../data/matrix.js';
import { show } from '../errors/arguments.js';
import type { Engine } from '../graph/engine.js';
import type { HyperParameters } from '../nn/hyper-parameters.js';
import type { Annotations } from './annotations.js';
import type { FitReport } from './fit.js';
import type { FitOptions } from './fit-options.js';
import { type FitRun, fitRun } from './fit-run.js';
import { Members, type Weights } from './members.js';
import { type EpochReport, type Evaluation, type Metrics, ofFirst, type StepReport } from './reports.js';
import type { SaveOptions } from './save.js';
import type { Session } from './session.js';

const sessions = new WeakMap<Trainer, Session>();

/** Returns the session of a trainer, for the rooms that verify and tune. */
export function sessionOf(trainer: Trainer): Session {
  const session = sessions.get(trainer);
  if (!session) throw new TypeError(`trainer must be made by createTrainer or loadTrainer, got ${show(trainer)}`);
  return session;
}

/** Trains one network, a population of one; made by `createTrainer` or `loadTrainer`. */
export class Trainer {
  readonly #members: Members;
  readonly #session: Session;

  /** Use `createTrainer` or `loadTrainer`. */
  constructor(session: Session, annotations?: Annotations) {
    this.#session = session;
    this.#members = new Members(session, annotations);
    sessions.set(this, session);
  }

  get engine(): Engine {
    return this.#session.engine;
  }

  /** Optimiser steps taken. */
  get stepsTaken(): number {
    return this.#session.ledger.steps;
  }

  /** GPU dispatches of one step; 0 on the reference engine. `fit` adds one that fetches the batch. */
  get dispatchesPerStep(): number {
    return this.#session.compiled.program.dispatches;
  }

  /** The hyper-parameters as they stand, by name: `learningRate`, `dense0.l2`, `dropout1.dropout`, ... */
  get hyperParameters(): Readonly<Record<string, number>> {
    return { ...this.#session.members[0].hyper };
  }

  /**
   * Starts one step of training on a batch and returns its number, counted from 0; `metrics` tells how it went.
   * @throws TypeError, RangeError or EngineError of kind `data` naming what in the batch is wrong, before anything starts
   */
  step(batch: Batch): number {
    return this.#members.step(batch);
  }

  /**
   * Records one step of training on a batch of GPUBuffers into your encoder and returns its number, counted from 0. Submit
   * encoders in the order in which their steps were recorded, and before you await `metrics`.
   * @throws EngineError of kind `limit` if the step table is full, `unsupported` on the reference engine
   */
  encode(encoder: GPUCommandEncoder, batch: Batch): number {
    return this.#members.encode(encoder, batch);
  }

  /**
   * Returns the metrics of the steps since the last call, and the current penalty.
   * @throws EngineError of kind `diverged` if a loss or a parameter was not finite: the trainer is back at the last good state
   */
  async metrics(): Promise<Metrics> {
    const { steps, penalty } = await this.#members.metrics();
    return { steps: steps.map(ofFirst), penalty: penalty[0] };
  }

  /**
   * Trains for `epochs` passes over the data: `await` it for the reports of all epochs, or loop over it with `for await` for
   * each report when it is due, with `steps: true` after each step too. Training begins then. An epoch that was stopped before
   * is finished first. With `earlyStopping` the best weights are put back however it ends: also if you leave the loop.
   * @throws TypeError or RangeError at once if the data or an option do not fit; EngineError of kind `aborted` when the
   * signal is, `diverged` after going back to the last good state
   */
  fit(data: Dataset, options: FitOptions & { steps: true }): FitRun<EpochReport | StepReport>;
  fit(data: Dataset, options: FitOptions): FitRun<EpochReport>;
  fit(data: Dataset, options: FitOptions): FitRun<EpochReport | StepReport> {
    return fitRun(firstOf(this.#members.fit(data, options)));
  }

  /**
   * Returns the mean loss, the accuracy and the penalty over `data`, without dropout; with `weights`, one an example, the means
   * count every example as often as its weight says.
   */
  async evaluate(data: Dataset, { weights }: { weights?: Numbers } = {}): Promise<Evaluation> {
    return ofFirst(await this.#members.evaluate(data, weights));
  }

  /**
   * Returns the model's outputs [rows, outputs] for x [rows, features], tight, without dropout; logits where the loss takes logits.
   * @throws TypeError, RangeError or EngineError of kind `data` if x is not such an array of finite numbers
   */
  async predict(x: Numbers): Promise<Float32Array> {
    const [outputs] = await this.#members.predict(x);
    return outputs;
  }

  /** Returns every parameter's values. */
  weights(): Promise<Weights[]> {
    return this.#members.weights(0);
  }

  /**
   * Sets every parameter to what `weights()` of a trainer or of a loaded model returned, in any order. Optimiser states,
   * steps and the place in the data stay. Metrics that have not been read are lost.
   * @throws TypeError, RangeError or EngineError of kind `data` naming what is wrong; then nothing has changed
   */
  async setWeights(weights: readonly Weights[]): Promise<void> {
    this.#session.check();
    const { setWeights } = await import('./set-weights.js');
    await setWeights(this.#session, weights);
  }

  /**
   * Changes hyper-parameters from the next step on that has not been started; returns that step's number. Nothing is
   * compiled. @throws TypeError or RangeError naming what is out of range or not in this model
   */
  set(changes: HyperParameters): number {
    return this.#members.set(0, changes);
  }

  /**
   * Returns a safetensors file from which training goes on, bit for bit on the same adapter, and which `loadModel` reads.
   * @throws TypeError or RangeError naming an option that is wrong; EngineError of kind `diverged` if a state or a loss was
   * not finite, `unsupported` if a part of your own could not be made again: one whose `options` are no plain data, or whose `kind` is the library's
   */
  save(options?: SaveOptions): Promise<Uint8Array<ArrayBuffer>> {
    return this.#members.save(0, options);
  }

  /** Frees the trainer's memory; the engine stays. */
  dispose(): void {
    this.#members.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

async function* firstOf(reports: AsyncIterable<FitReport>): AsyncGenerator<EpochReport, void, undefined> {
  for await (const report of reports) yield ofFirst<EpochReport>(report as never);
}
