import { asTargets } from '../data/as-targets.js';
import { type Batch, isGpuBuffer, readBatch } from '../data/batch.js';
import type { Dataset } from '../data/dataset.js';
import { type Numbers, readInputs } from '../data/matrix.js';
import { checkOptions } from '../errors/arguments.js';
import { EngineError } from '../errors/engine-error.js';
import activationKinds from '../nn/activations.js';
import { changeHyperParameters, type HyperParameters } from '../nn/hyper-parameters.js';
import type { Model } from '../nn/layer.js';
import type { Annotations } from './annotations.js';
import { DataCache } from './data-cache.js';
import { Evaluator, penaltiesOf } from './evaluate.js';
import { type FitReport, fitEpochs, stepMetrics } from './fit.js';
import {
  type CheckedFit,
  checkData,
  checkFitOptions,
  checkWeights,
  type FitOptions,
  type MemberWeights,
  weightsPerMember,
} from './fit-options.js';
import { trainOnBuffers } from './gpu-batch.js';
import { Predictor } from './predict.js';
import { type Evaluation, type PerMember, type PopulationMetrics, pickTotals } from './reports.js';
import type { SaveOptions } from './save.js';
import type { Session, ShapedStates } from './session.js';

/** A parameter's values: weights [features, units], biases [1, units], tight row-major. */
export interface Weights {
  readonly name: string;
  readonly shape: readonly [rows: number, cols: number];
  readonly data: Float32Array;
}

/** The methods that trainers and populations share, on the members of one session; a trainer has one member. */
export class Members {
  readonly session: Session;
  readonly #data: DataCache;
  readonly #evaluator: Evaluator;
  readonly #predictor: Predictor;
  /** The facts that the next file has about the model: those of the file it was loaded from, and names of its data's classes. */
  annotations: Annotations;

  constructor(session: Session, annotations: Annotations = { metadata: {} }) {
    this.session = session;
    this.annotations = annotations;
    this.#data = new DataCache(session);
    this.#evaluator = new Evaluator(session, this.#data);
    this.#predictor = new Predictor(session);
  }

  /** Starts one step of all members on a batch; returns its number. */
  step(batch: Batch): number {
    const { session } = this;
    session.check();
    checkOptions('step', batch, ['x', 'y', 'rows']);
    if (isGpuBuffer(batch.x) || isGpuBuffer(batch.y)) return trainOnBuffers('step', session, batch);
    if (batch.rows !== undefined)
      throw new TypeError('step: rows is only for GPUBuffers; arrays have their own length');
    const { options, compiled } = session;
    const { x, y, count } = readBatch('step', batch, {
      ...options,
      outputs: compiled.outputs,
      classes: options.loss.targets === 'classes',
      fault: options.loss.fault,
    });
    session.reserve('step');
    session.writeInput(compiled.x, x);
    session.writeInput(compiled.y, y);
    session.run([{ count }]);
    return session.ledger.steps - 1;
  }

  /** Records one step on a batch of buffers; returns its number. */
  encode(encoder: GPUCommandEncoder, batch: Batch): number {
    this.session.check();
    checkOptions('encode', batch, ['x', 'y', 'rows']);
    return trainOnBuffers('encode', this.session, batch, encoder);
  }

  async metrics(): Promise<PopulationMetrics> {
    const { session } = this;
    const [measured, penalty] = await Promise.all([session.ledger.read(), penaltiesOf(session)]);
    return { steps: measured.map((step) => stepMetrics(session, step)), penalty };
  }

  /** Trains and yields reports; checks everything before it returns. */
  fit(data: Dataset, options: FitOptions): AsyncGenerator<FitReport, void, undefined> {
    const { session } = this;
    const checked = this.checkFit(data, options);
    const { classNames: classes } = data;
    if (classes) this.annotations = { ...this.annotations, classes };
    return fitEpochs({ session, data: this.#data, evaluator: this.#evaluator }, checked);
  }

  /** Returns the options of `fit`, checked. @throws TypeError or RangeError naming what is wrong */
  checkFit(data: Dataset, options: FitOptions): CheckedFit {
    this.session.check();
    return checkFitOptions(this.session, data, options);
  }

  /** Returns loss, accuracy and penalty over `data`, without dropout. */
  async evaluate(data: Dataset, weights?: Numbers): Promise<PerMember<Evaluation>> {
    const each = this.checkEvaluation(data, weights);
    return this.#evaluator.evaluate(asTargets(data, this.session.options.loss.targets), each);
  }

  /** Returns the weights of an evaluation, one list per member. @throws TypeError or RangeError naming what is wrong */
  checkEvaluation(data: Dataset, weights?: Numbers): MemberWeights | undefined {
    const { session } = this;
    session.check();
    const each = weightsPerMember(session.members.length, 'evaluate', 'weights', weights);
    checkData(session, 'evaluate', 'data', data);
    if (each) checkWeights('evaluate', 'weights', each, data);
    return each;
  }

  /** Returns the outputs [rows, outputs] of every member for x [rows, features]. */
  async predict(x: Numbers): Promise<Float32Array[]> {
    this.session.check();
    return this.#predictor.predict(readInputs('predict', x, this.session.options.features));
  }

  /** Returns every parameter's values. */
  async weights(member: number): Promise<Weights[]> {
    const { session } = this;
    session.check();
    const { model, executor } = session;
    const tensors = model.parameters.map(({ tensor }) => tensor);
    const data = await executor.read(tensors, member);
    await session.settle();
    return model.parameters.map(({ name, tensor: { rows, cols } }, i) => ({
      name,
      shape: [rows, cols],
      data: data[i],
    }));
  }

  /** Changes a member's hyper-parameters from the next step on that has not been started; returns that step's number. */
  set(member: number, changes: HyperParameters, where = 'set'): number {
    const { session } = this;
    session.check();
    const hyper = changeHyperParameters(where, session.model.hyperTable, session.members[member].hyper, changes);
    session.setHyper(member, hyper);
    return session.ledger.steps;
  }

  /**
   * Returns a file of a member, with the current states and the session's model or those given.
   * @throws TypeError or RangeError naming an option that is wrong; EngineError of kind `diverged` if a state or a loss was
   * not finite, `unsupported` if the model could not be loaded again
   */
  async save(
    member: number,
    options: SaveOptions = {},
    as: { model?: Model; states?: ShapedStates | undefined } = {},
  ): Promise<Uint8Array<ArrayBuffer>> {
    const { session } = this;
    session.check();
    const { model, ledger } = session;
    const place = ledger.place();
    place.catch(() => {}); // awaited after the states
    const own = session.members[member];
    const states = as.states ?? (await session.statesOf(member));
    for (const [name, { data }] of states) {
      if (data.every(Number.isFinite)) continue;
      await ledger.read(); // names the step, and goes back
      throw new EngineError('diverged', `save: ${name} is not finite`);
    }
    const { steps, position } = await place;
    const { epoch, row, measured } = position;
    const totals = measured && { ...pickTotals(measured, [member]), steps: measured.steps };
    const { fileOf } = await import('./save.js');
    const training = { ...model.training, model: as.model ?? model.training.model };
    const standing = { steps, position: { epoch, row, measured: totals } };
    return fileOf(session, { ...own, ...standing, training, states }, options, this.annotations, activationKinds);
  }

  dispose(): void {
    this.session.dispose();
  }
}
