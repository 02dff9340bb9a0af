import { checkOptions, show } from '../errors/arguments.js';
import { EngineError } from '../errors/engine-error.js';
import type { Engine } from '../graph/engine.js';
import { type Batch, checkBatchArrays, isGpuBuffer } from './batch.js';
import { DataCache } from './data-cache.js';
import type { Dataset } from './dataset.js';
import { Evaluator } from './evaluate.js';
import { checkFitOptions, type FitOptions, fitEpochs } from './fit.js';
import { encodeBatch, submitBatch } from './gpu-batch.js';
import { changeHyperParameters, type HyperParameters } from './hyper-parameters.js';
import { type Numbers, readMatrix } from './matrix.js';
import { Predictor } from './predict.js';
import type { EpochReport, Evaluation, Metrics, StepReport } from './reports.js';
import type { Session } from './session.js';

/** A parameter's values: weights [features, units], biases [1, units], tight row-major. */
export interface Weights {
  readonly name: string;
  readonly shape: readonly [rows: number, cols: number];
  readonly data: Float32Array;
}

const sessions = new WeakMap<Trainer, Session>();

/** The inside of a trainer, for the rooms that verify and tune. */
export function sessionOf(trainer: Trainer): Session {
  const session = sessions.get(trainer);
  if (!session) throw new TypeError(`trainer must be made by createTrainer or loadTrainer, got ${show(trainer)}`);
  return session;
}

/** Trains one network; made by `createTrainer` or `loadTrainer`. */
export class Trainer {
  readonly #session: Session;
  readonly #data: DataCache;
  readonly #evaluator: Evaluator;
  readonly #predictor: Predictor;

  /** Use `createTrainer` or `loadTrainer`. */
  constructor(session: Session) {
    this.#session = session;
    this.#data = new DataCache(session);
    this.#evaluator = new Evaluator(session, this.#data);
    this.#predictor = new Predictor(session);
    sessions.set(this, session);
  }

  get engine(): Engine {
    return this.#session.engine;
  }

  /** Optimiser steps taken. */
  get stepsTaken(): number {
    return this.#session.steps;
  }

  /** GPU dispatches of one step; 0 on the reference engine. `fit` adds one that fetches the batch. */
  get dispatchesPerStep(): number {
    return this.#session.compiled.program.dispatches;
  }

  /** The hyper-parameters as they stand, by name: `learningRate`, `l2.0` (of dense layer 0), `dropout.1`, ... */
  get hyperParameters(): Readonly<Record<string, number>> {
    return { ...this.#session.hyper };
  }

  /**
   * Starts one step of training on a batch and returns its number, counted from 0; `metrics` tells how it went.
   * @throws TypeError, RangeError or EngineError of kind `data` naming what in the batch is wrong, before anything starts
   */
  step(batch: Batch): number {
    const session = this.#session;
    session.check();
    checkOptions('step', batch, ['x', 'y', 'rows']);
    if (isGpuBuffer(batch.x) || isGpuBuffer(batch.y)) return submitBatch(session, batch);
    if (batch.rows !== undefined)
      throw new TypeError('step: rows is only for GPUBuffers; arrays have their own length');
    const { options, compiled, executor } = session;
    const count = checkBatchArrays('step', batch, {
      ...options,
      outputs: compiled.outputs,
      classes: options.loss.targets === 'classes',
    });
    session.reserve('step');
    executor.write(compiled.x, batch.x as Float32Array);
    executor.write(compiled.y, batch.y as Uint32Array | Float32Array);
    compiled.program.run([[session.context(session.steps, 0, count)]]);
    return session.took([count]);
  }

  /**
   * Records one step of training on a batch of GPUBuffers into your encoder and returns its number, counted from 0. Submit
   * encoders in the order in which their steps were recorded, and before you await `metrics`.
   * @throws EngineError of kind `limit` if the step table is full, `unsupported` on the reference engine
   */
  encode(encoder: GPUCommandEncoder, batch: Batch): number {
    this.#session.check();
    checkOptions('encode', batch, ['x', 'y', 'rows']);
    return encodeBatch(this.#session, encoder, batch);
  }

  /**
   * What the steps since the last call measured, and the penalty as it is now.
   * @throws EngineError of kind `diverged` if a loss or a parameter was not finite: the trainer is back at the last good state
   */
  async metrics(): Promise<Metrics> {
    const counted = await this.#session.read();
    return { steps: counted.map(({ count: _, ...step }) => step), penalty: await this.#session.penalty() };
  }

  /**
   * Trains for `epochs` passes over the data and yields a report after each, and after each step with `steps: true`.
   * An epoch that was stopped before is finished first.
   * @throws TypeError or RangeError at once if the data or an option do not fit; EngineError of kind `aborted` when the
   * signal is, `diverged` after going back to the last good state
   */
  fit(data: Dataset, options: FitOptions & { steps: true }): AsyncGenerator<EpochReport | StepReport, void, undefined>;
  fit(data: Dataset, options: FitOptions): AsyncGenerator<EpochReport, void, undefined>;
  fit(data: Dataset, options: FitOptions): AsyncGenerator<EpochReport | StepReport, void, undefined> {
    this.#session.check();
    const { validation } = checkFitOptions(options);
    this.#checkData('fit', 'data', data);
    const { batchSize } = this.#session.options;
    if (data.examples < batchSize) {
      throw new RangeError(`fit: batchSize ${batchSize} is larger than the data (${data.examples} examples)`);
    }
    if (validation !== undefined) this.#checkData('fit', 'validation', validation);
    return fitEpochs({ session: this.#session, data: this.#data, evaluator: this.#evaluator }, data, options);
  }

  /** The mean loss, the accuracy and the penalty over `data`, without dropout. */
  async evaluate(data: Dataset): Promise<Evaluation> {
    this.#session.check();
    this.#checkData('evaluate', 'data', data);
    return this.#evaluator.evaluate(data);
  }

  /**
   * The model's outputs [rows, outputs] for x [rows, features], tight, without dropout; logits where the loss takes logits.
   * @throws TypeError, RangeError or EngineError of kind `data` if x is not such an array of finite numbers
   */
  async predict(x: Numbers): Promise<Float32Array> {
    this.#session.check();
    const types = 'a Float32Array, an array of numbers or an array of rows';
    const { features } = this.#session.options;
    const { data } = readMatrix(x, { where: 'predict', name: 'x', columnsName: 'features', columns: features, types });
    return this.#predictor.predict(data);
  }

  /** Every parameter's values. */
  async weights(): Promise<Weights[]> {
    this.#session.check();
    const { model, executor } = this.#session;
    const data = await executor.read(model.parameters.map(({ tensor }) => tensor));
    await this.#session.settle();
    return model.parameters.map(({ name, tensor: { rows, cols } }, i) => ({
      name,
      shape: [rows, cols],
      data: data[i],
    }));
  }

  /**
   * Changes hyper-parameters from the next step on that has not been started; returns that step's number. Nothing is
   * compiled. @throws TypeError or RangeError naming what is out of range or not in this model
   */
  set(changes: HyperParameters): number {
    this.#session.check();
    this.#session.hyper = changeHyperParameters(this.#session.hyper, changes);
    return this.#session.steps;
  }

  /**
   * Everything that training needs to go on from here bit for bit on the same adapter, as the bytes of a safetensors file.
   * @throws EngineError of kind `diverged` rather than save what is not finite
   */
  async save(): Promise<Uint8Array> {
    const session = this.#session;
    session.check();
    const { model, options, steps, position, hyper, states, executor } = session;
    const { seed, shuffleSeed } = options;
    const data = await executor.read(states.map(({ tensor }) => tensor));
    await session.settle();
    const bad = data.findIndex((values) => !values.every(Number.isFinite));
    if (bad >= 0) {
      await session.read(); // says at which step, and goes back
      throw new EngineError('diverged', `save: ${states[bad].name} is not finite`);
    }
    const { describeTraining, writeCheckpoint } = await import('./checkpoint.js');
    return writeCheckpoint({
      config: describeTraining(model.training, options),
      seed,
      shuffleSeed,
      steps,
      position,
      hyper,
      states: new Map(
        states.map(({ name, tensor: { rows, cols } }, i) => [name, { shape: [rows, cols], data: data[i] }]),
      ),
    });
  }

  /** Frees the trainer's memory; the engine stays. */
  dispose(): void {
    this.#session.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #checkData(where: string, name: string, data: Dataset): void {
    const { options, compiled } = this.#session;
    if (!isDataset(data)) throw new TypeError(`${where}: ${name} must be made by dataset({ x, y }), got ${show(data)}`);
    if (data.features !== options.features) {
      throw new RangeError(
        `${where}: ${name} has ${data.features} features, the model's input has ${options.features}`,
      );
    }
    options.loss.check(compiled.outputs, data.classes, data.outputs);
  }
}

/** Whether something came from `dataset`. */
function isDataset(value: unknown): value is Dataset {
  return typeof value === 'object' && value !== null && 'examples' in value && 'features' in value && 'scale' in value;
}
