import { type Numbers, readInputs } from '../data/matrix.js';
import { checkNumber, checkOptions, show } from '../errors/arguments.js';
import { EngineError } from '../errors/engine-error.js';
import type { Engine } from '../graph/engine.js';
import type { OutputMeaning } from '../nn/losses.js';
import type { Preparation } from '../table/preparation.js';
import { featureNames } from '../table/preparation.js';
import { type Annotated, type Annotations, classNames } from './annotations.js';
import { answersOf, probabilitiesOf } from './answers.js';
import { checkBetween } from './between-buffers.js';
import type { TrainingConfig } from './config-of.js';
import type { Inference } from './inference.js';
import type { Weights } from './members.js';
import { NOT_RANDOM } from './predict.js';
import { isRows, RowEncoder, type Rows } from './table-rows.js';

/** Options of `TrainedModel.encode`. */
export interface EncodeOptions {
  /** The rows of `x` to compute. Default: all that it holds. */
  rows?: number | undefined;
}

const inferences = new WeakMap<TrainedModel, Inference>();

/** Returns the memory and the programs of a model, for the rooms that export. */
export function inferenceOf(model: TrainedModel): Inference {
  const inference = inferences.get(model);
  if (!inference) throw new TypeError(`model must be made by loadModel, got ${show(model)}`);
  return inference;
}

/** A model that was trained and is used: made by `loadModel`. */
export class TrainedModel {
  /** Numbers in a row of inputs. */
  readonly features: number;
  /** Numbers in a row of outputs. */
  readonly outputs: number;
  /** The kind of the loss that the model was trained with, such as `softmaxCrossEntropy`. */
  readonly loss: string;
  /** The meaning of the outputs: numbers, logits for softmax or sigmoid, or margins. */
  readonly meaning: OutputMeaning;
  /** Model, loss and optimiser as plain data, for `trainingFromConfig`. */
  readonly config: TrainingConfig;
  /** Your own texts, from the option `metadata` of `save`. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The preparation of the table that the model was trained on. */
  readonly preparation: Preparation | undefined;
  /** The names of the classes, in the order of `predictProbabilities`. */
  readonly classes: readonly string[] | undefined;
  /** The names of the inputs, if there is a preparation. */
  readonly inputNames: readonly string[] | undefined;
  readonly #inference: Inference;
  readonly #of: Annotated;
  #rows: RowEncoder | undefined;

  /** Use `loadModel`. */
  constructor(
    inference: Inference,
    { config, annotations, ...of }: Annotated & { config: TrainingConfig; annotations: Annotations },
  ) {
    this.#inference = inference;
    inferences.set(this, inference);
    this.#of = of;
    this.features = of.features;
    this.outputs = of.outputs;
    this.loss = of.loss.kind;
    this.meaning = of.loss.meaning;
    this.config = config;
    this.metadata = annotations.metadata;
    this.preparation = annotations.preparation;
    this.classes = classNames(annotations);
    this.inputNames = this.preparation && featureNames(this.preparation.features);
  }

  get engine(): Engine {
    return this.#inference.engine;
  }

  /** The hyper-parameters as they stood when the model was saved; outputs depend on those of activations alone. */
  get hyperParameters(): Readonly<Record<string, number>> {
    return { ...this.#inference.hyper };
  }

  /**
   * Returns the outputs [rows, outputs] for x [rows, features], tight: those of the trainer's `predict`, bit for bit on the
   * same adapter; logits where the loss takes logits. For rows of a table returns the name of each row's likeliest class, or
   * a number in the table's units.
   * @throws TypeError, RangeError or EngineError of kind `data` naming what is wrong in x or in the rows
   */
  predict(x: Numbers): Promise<Float32Array>;
  predict(rows: Rows): Promise<(string | number)[]>;
  async predict(x: Numbers | Rows): Promise<Float32Array | (string | number)[]> {
    const outputs = await this.#inference.outputs(this.#inputs('predict', x));
    return isRows(x) ? answersOf(outputs, this.#of, this.#prepared('predict').target) : outputs;
  }

  /**
   * Returns the probability of every class [rows, classes], tight, for numbers or rows of a table: softmax of the outputs, or
   * their sigmoid with `binaryCrossEntropy`, whose single output gives two columns: 1 - p and p.
   * @throws TypeError if the model predicts numbers or margins; otherwise as `predict`
   */
  async predictProbabilities(x: Numbers | Rows): Promise<Float32Array> {
    const where = 'predictProbabilities';
    if (this.meaning === 'numbers' || this.meaning === 'margins') {
      const has = this.meaning === 'numbers' ? 'classes' : 'probabilities';
      throw new TypeError(`${where}: the model was trained with ${this.loss}, so it has no ${has}; use predict`);
    }
    return probabilitiesOf(await this.#inference.outputs(this.#inputs(where, x)), this.#of);
  }

  /**
   * Returns samples of the outputs with dropout and other random layers at work, as the function `predictSamples` does for a
   * trainer.
   * @throws RangeError if the model has no random layer; otherwise as `predict`
   */
  async predictSamples(x: Numbers | Rows, options: { samples: number; step?: number }): Promise<Float32Array[]> {
    const where = 'predictSamples';
    checkOptions(where, options, ['samples', 'step']);
    const word = { max: 0xffffffff, integer: true };
    const samples = checkNumber(where, 'samples', options.samples, { ...word, min: 1 });
    if (options.step !== undefined) checkNumber(where, 'step', options.step, { ...word, min: 0 });
    if (!this.#inference.isRandom) throw new RangeError(`${where}: ${NOT_RANDOM}`);
    return this.#inference.samples(this.#inputs(where, x), samples, options.step);
  }

  /**
   * Records the model into your encoder: `out` [rows, outputs] = outputs for `x` [rows, features], both tight f32 in buffers
   * of the usage STORAGE. Nothing is read back. Calls with buffers and a number of rows that were seen before make no new
   * object on the device.
   * @throws TypeError or RangeError naming the buffer that does not fit, before anything is recorded; EngineError of kind
   * `unsupported` on the reference engine, `validation` if WebGPU has refused a buffer of an earlier call
   */
  encode(encoder: GPUCommandEncoder, x: GPUBuffer, out: GPUBuffer, options: EncodeOptions = {}): void {
    const where = 'encode';
    this.#inference.check();
    checkOptions(where, options, ['rows']);
    const { buffers } = this.#inference;
    if (!buffers) {
      throw new EngineError(
        'unsupported',
        `${where}: GPUBuffers need an engine on WebGPU; this one is the CPU reference`,
      );
    }
    if (typeof encoder?.beginComputePass !== 'function') {
      throw new TypeError(`${where}: encoder must be a GPUCommandEncoder, got ${show(encoder)}`);
    }
    const rows = checkBetween(where, { x, out, rows: options.rows }, this);
    buffers.check(where);
    buffers.encode(encoder, x, out, rows);
  }

  /** Returns every parameter's values, as `trainer.weights()` does. */
  async weights(): Promise<Weights[]> {
    this.#inference.check();
    const { model, executor } = this.#inference;
    const data = await executor.read(model.parameters.map(({ tensor }) => tensor));
    return model.parameters.map(({ name, tensor: { rows, cols } }, i) => ({
      name,
      shape: [rows, cols],
      data: data[i],
    }));
  }

  /** Frees the model's memory; the engine stays. */
  dispose(): void {
    this.#inference.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #inputs(where: string, x: Numbers | Rows): Float32Array {
    this.#inference.check();
    if (isRows(x)) {
      this.#rows ??= new RowEncoder(this.#prepared(where), this.engine.log);
      return this.#rows.encode(where, x);
    }
    return readInputs(
      where,
      x,
      this.features,
      'a typed array, an array of numbers, an array of rows, objects or a table',
    );
  }

  #prepared(where: string): Preparation {
    if (this.preparation) return this.preparation;
    throw new TypeError(
      `${where}: rows of a table need a preparation, which the model's file does not have; give numbers [rows, ${this.features}]`,
    );
  }
}
