import { EngineError } from '../errors/engine-error.js';
import type { BufferRun, Engine, Executor } from '../graph/engine.js';
import type { HostContext } from '../graph/step.js';
import { TracedModel, type Training } from '../nn/traced-model.js';
import type { Tensor } from '../ops/tensor.js';
import { makeOnce } from '../promises/make-once.js';
import type { Key } from '../random/philox.js';
import type { StoredModel } from './checkpoint.js';
import { compileOutputs, type Forward, type Outputs, runOnRows } from './predict.js';

/** A model on symbolic tensors, for its outputs alone. */
export interface TracedForward {
  readonly model: TracedModel;
  /** The inputs of a batch, and of a single row. */
  readonly x: Tensor;
  readonly row: Tensor;
  readonly outputs: number;
  /** True if a layer draws random numbers. */
  readonly isRandom: boolean;
}

/** Rows of a batch: a GPU computes many as fast as one, the CPU does not. */
const MOST_ROWS = { webgpu: 256, reference: 8 };
/** Bytes that the widest layer of a batch may take. */
const MOST_BYTES = 2 ** 26;

/**
 * Returns a model traced on batches, whatever size training used. @param batchSize default: a size that suits the engine and
 * the widths of the layers
 */
export function traceForward(engine: Engine, training: Training, features: number, batchSize?: number): TracedForward {
  const model = new TracedModel(training);
  const row = model.input('row', 1, features);
  const outputs = model.output(row, false, true).cols;
  const widest = Math.max(features, ...model.parameters.map(({ tensor }) => tensor.cols));
  const rows = batchSize ?? Math.min(MOST_ROWS[engine.info.backend], Math.ceil(MOST_BYTES / (4 * widest)));
  const x = model.input('x', rows, features);
  return { model, x, row, outputs, isRandom: model.isRandom };
}

/** The memory and the programs of a model that is used: its parameters and its outputs, and nothing of its training. */
export class Inference implements Forward {
  readonly engine: Engine;
  readonly executor: Executor;
  readonly model: TracedModel;
  readonly members = [0];
  readonly options: { readonly features: number; readonly batchSize: number };
  readonly compiled: { readonly x: Tensor };
  readonly isRandom: boolean;
  readonly #stored: Pick<StoredModel, 'steps' | 'hyper'>;
  readonly #key: Key;
  #forward: { readonly outputs: Outputs; readonly buffers: BufferRun | undefined } | undefined;
  readonly #samples = makeOnce(() => compileOutputs(this, true, 'samples'));
  /** A batch for one row: it takes a fraction of the time of a whole batch where the CPU computes. */
  readonly #row: Forward;
  readonly #rowOutputs = makeOnce(() => compileOutputs(this.#row, false, 'row'));
  #disposed = false;

  get hyper(): StoredModel['hyper'] {
    return this.#stored.hyper;
  }

  /** Compiles the outputs of a model and sets its parameters. */
  static async create(engine: Engine, traced: TracedForward, stored: StoredModel, key: Key): Promise<Inference> {
    engine.check();
    const made = new Inference(engine, traced, stored, key);
    try {
      await made.#open(traced, stored.states);
      return made;
    } catch (error) {
      made.dispose();
      throw error;
    }
  }

  private constructor(engine: Engine, { model, x, row, isRandom }: TracedForward, stored: StoredModel, key: Key) {
    this.engine = engine;
    this.executor = engine.createExecutor();
    this.model = model;
    this.options = { features: x.cols, batchSize: x.rows };
    this.compiled = { x };
    this.isRandom = isRandom;
    this.#stored = stored;
    this.#key = key;
    this.#row = {
      ...this,
      options: { features: x.cols, batchSize: 1 },
      compiled: { x: row },
      check: () => this.check(),
      writeInput: (leaf, data) => this.writeInput(leaf, data),
      contexts: (step, start, batch) => this.contexts(step, start, batch),
    };
  }

  async #open({ model, x }: TracedForward, states: StoredModel['states']): Promise<void> {
    const { executor } = this;
    const compiling = compileOutputs(this, false, 'prediction');
    const between = { x, context: this.contexts(this.#stored.steps, 0, { count: x.rows }) };
    const [outputs, buffers] = await Promise.all([compiling, executor.onBuffers?.(compiling, between)]);
    for (const parameter of model.parameters) {
      const { name, tensor } = parameter;
      const data = states.get(model.averageOf(parameter) ?? '')?.data ?? states.get(name)?.data;
      executor.write(tensor, data ?? parameter.initial(this.#key));
    }
    for (const { name, tensor, initial } of model.layerStates) {
      executor.write(tensor, states.get(name)?.data ?? initial(this.#key));
    }
    await executor.settle();
    this.#forward = { outputs, buffers };
  }

  /** @throws EngineError if the model or its engine can no longer be used. */
  check(): void {
    if (this.#disposed) throw new EngineError('disposed', 'model: it was disposed; load it again with loadModel');
    this.engine.check();
  }

  writeInput(leaf: Tensor, data: Float32Array): void {
    this.executor.write(leaf, data);
  }

  contexts(step: number, start: number, { count }: { readonly count: number }): HostContext[] {
    return [{ seed: this.#key, step, sample: 0, start, count, hyper: this.#stored.hyper }];
  }

  /** Returns the outputs [rows, outputs] for x [rows, features], tight. */
  async outputs(x: Float32Array): Promise<Float32Array> {
    const isRow = x.length === this.options.features;
    const compile = isRow ? this.#rowOutputs : async () => this.#opened.outputs;
    const [outputs] = await this.#run(isRow ? this.#row : this, compile, x, [0]);
    return outputs;
  }

  /** Returns samples of the outputs with dropout at work, by the masks of `predictSamples`. */
  samples(x: Float32Array, count: number, step = this.#stored.steps): Promise<Float32Array[]> {
    const samples = Array.from({ length: count }, (_, i) => i + 1);
    return this.#run(this, this.#samples, x, samples, step);
  }

  async #run(
    forward: Forward,
    compile: () => Promise<Outputs>,
    x: Float32Array,
    samples: readonly number[],
    step = 0,
  ): Promise<Float32Array[]> {
    try {
      const results = await runOnRows(forward, await compile(), x, step, samples);
      return results.map(([own]) => own);
    } catch (error) {
      this.check(); // it may have been disposed of meanwhile
      throw error;
    }
  }

  get #opened() {
    if (!this.#forward) throw new Error('inference: it was not opened');
    return this.#forward;
  }

  /** The program between buffers; undefined on the reference engine. */
  get buffers(): BufferRun | undefined {
    return this.#opened.buffers;
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.executor.dispose();
  }
}
