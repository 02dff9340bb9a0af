import { type Batch, checkBatchArrays, isGpuBuffer } from '../data/batch.js';
import { checkDataset, type Dataset } from '../data/dataset.js';
import { type Numbers, readMatrix } from '../data/matrix.js';
import { checkOptions } from '../errors/arguments.js';
import { EngineError } from '../errors/engine-error.js';
import type { HyperParameters } from '../nn/hyper-parameters.js';
import { changeHyperParameters } from './change-hyper-parameters.js';
import { DataCache } from './data-cache.js';
import type { EarlyStopping } from './early-stopping.js';
import { checkEarlyStopping, type EarlyStoppingOptions } from './early-stopping-options.js';
import { checkWeights, Evaluator, type MemberWeights } from './evaluate.js';
import { type CheckedFitOptions, checkFitOptions, type FitOptions, fitEpochs, stepMetrics } from './fit.js';
import { encodeBatch, submitBatch } from './gpu-batch.js';
import { Predictor } from './predict.js';
import type { EpochReport, Evaluation, PerMember, PopulationMetrics, StepReport } from './reports.js';
import type { Session, ShapedStates } from './session.js';

/** A parameter's values: weights [features, units], biases [1, units], tight row-major. */
export interface Weights {
  readonly name: string;
  readonly shape: readonly [rows: number, cols: number];
  readonly data: Float32Array;
}

/** Options of `fit` in which weights are given for each member. */
export interface MemberFitOptions extends FitOptions {
  weights?: MemberWeights;
  validationWeights?: MemberWeights;
}

/** A report of `fit`, measures by member. */
export type MemberReport = PerMember<EpochReport> | PerMember<StepReport>;

/** What a trainer and a population do, with the members that one session has in memory; a trainer has one. */
export class Members {
  readonly session: Session;
  readonly #data: DataCache;
  readonly #evaluator: Evaluator;
  readonly #predictor: Predictor;

  constructor(session: Session) {
    this.session = session;
    this.#data = new DataCache(session);
    this.#evaluator = new Evaluator(session, this.#data);
    this.#predictor = new Predictor(session);
  }

  /** Starts one step of all members on a batch; returns its number. */
  step(batch: Batch): number {
    const { session } = this;
    session.check();
    checkOptions('step', batch, ['x', 'y', 'rows']);
    if (isGpuBuffer(batch.x) || isGpuBuffer(batch.y)) return submitBatch(session, batch);
    if (batch.rows !== undefined)
      throw new TypeError('step: rows is only for GPUBuffers; arrays have their own length');
    const { options, compiled } = session;
    const count = checkBatchArrays('step', batch, {
      ...options,
      outputs: compiled.outputs,
      classes: options.loss.targets === 'classes',
    });
    session.reserve('step');
    session.writeInput(compiled.x, batch.x as Float32Array);
    session.writeInput(compiled.y, batch.y as Uint32Array | Float32Array);
    session.run([{ count }]);
    return session.steps - 1;
  }

  /** Records one step on a batch of buffers; returns its number. */
  encode(encoder: GPUCommandEncoder, batch: Batch): number {
    this.session.check();
    checkOptions('encode', batch, ['x', 'y', 'rows']);
    return encodeBatch(this.session, encoder, batch);
  }

  async metrics(): Promise<PopulationMetrics> {
    const { session } = this;
    const [measured, penalty] = await Promise.all([session.read(), session.penalties()]);
    return { steps: measured.map((step) => stepMetrics(session, step)), penalty };
  }

  /** Trains; checks everything before it returns. */
  fit(data: Dataset, options: MemberFitOptions): AsyncGenerator<MemberReport, void, undefined> {
    const { session } = this;
    const checked = this.checkFit(data, options);
    const parts = { session, data: this.#data, evaluator: this.#evaluator };
    const train = async function* () {
      const stopping = checked.earlyStopping && (await stoppingOf(session, checked.earlyStopping));
      yield* fitEpochs(parts, data, checked, stopping);
      await stopping?.finish();
    };
    return train();
  }

  /** Returns the options of `fit`, checked. @throws TypeError or RangeError naming what is wrong */
  checkFit(data: Dataset, options: MemberFitOptions): CheckedFitOptions {
    const { session } = this;
    session.check();
    const { weights, validationWeights, ...rest } = options;
    const { batchSize } = session.options;
    const checked = checkFitOptions(rest);
    const { validation } = checked;
    this.#checkData('fit', 'data', data);
    if (data.examples < batchSize) {
      throw new RangeError(`fit: batchSize ${batchSize} is larger than the data (${data.examples} examples)`);
    }
    if (validation !== undefined) this.#checkData('fit', 'validation', validation);
    checkFitWeights(data, options);
    return { ...checked, memberWeights: weights, memberValidationWeights: validationWeights };
  }

  /** Loss, accuracy and penalty over `data`, without dropout. */
  async evaluate(data: Dataset, weights?: MemberWeights): Promise<PerMember<Evaluation>> {
    this.session.check();
    this.#checkData('evaluate', 'data', data);
    if (weights) checkWeights('evaluate', 'weights', weights, data);
    return this.#evaluator.evaluate(data, weights);
  }

  /** The outputs [rows, outputs] of every member for x [rows, features]. */
  async predict(x: Numbers): Promise<Float32Array[]> {
    this.session.check();
    const types = 'a Float32Array, an array of numbers or an array of rows';
    const { features } = this.session.options;
    const { data } = readMatrix(x, { where: 'predict', name: 'x', columnsName: 'features', columns: features, types });
    return this.#predictor.predict(data);
  }

  /** Every parameter's values. */
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
    const hyper = changeHyperParameters(where, session.members[member].hyper, changes);
    session.members = session.members.map((each, i) => (i === member ? { ...each, hyper } : each));
    return session.steps;
  }

  /** What `loadTrainer` goes on from, with the states that there are or those of `as`. @throws EngineError of kind `diverged` rather than save what is not finite */
  async save(member: number, as?: ShapedStates): Promise<Uint8Array> {
    const { session } = this;
    session.check();
    const { model, options, steps, position } = session;
    const { seed, shuffleSeed, hyper } = session.members[member];
    const states = as ?? (await session.statesOf(member));
    for (const [name, { data }] of states) {
      if (data.every(Number.isFinite)) continue;
      await session.read(); // says at which step, and goes back
      throw new EngineError('diverged', `save: ${name} is not finite`);
    }
    const { describeTraining, writeCheckpoint } = await import('./checkpoint.js');
    return writeCheckpoint({
      config: describeTraining(model.training, options),
      seed,
      shuffleSeed,
      steps,
      position: { epoch: position.epoch, row: position.row },
      hyper,
      states,
    });
  }

  dispose(): void {
    this.session.dispose();
  }

  #checkData(where: string, name: string, data: Dataset): void {
    const { options, compiled } = this.session;
    checkDataset(where, name, data);
    if (data.features !== options.features) {
      throw new RangeError(
        `${where}: ${name} has ${data.features} features, the model's input has ${options.features}`,
      );
    }
    options.loss.check(compiled.outputs, data.classes, data.outputs);
  }
}

/** Refuses weights of examples that do not fit the data. @throws TypeError or RangeError naming them */
function checkFitWeights(data: Dataset, { weights, validationWeights, validation }: MemberFitOptions): void {
  if (weights) checkWeights('fit', 'weights', weights, data);
  if (!validationWeights) return;
  if (!validation) throw new TypeError('fit: validationWeights are those of a validation set, and there is none');
  checkWeights('fit', 'validationWeights', validationWeights, validation);
}

/** What stops members early and keeps their best states; loaded by those who ask for it. */
async function stoppingOf(session: Session, options: EarlyStoppingOptions): Promise<EarlyStopping> {
  const { bestStatesOf, EarlyStopping } = await import('./early-stopping.js');
  return new EarlyStopping(session.members.length, checkEarlyStopping('fit', options), await bestStatesOf(session));
}
