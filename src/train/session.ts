import { EngineError } from '../errors/engine-error.js';
import type { Engine } from '../graph/engine.js';
import type { Executor, MetricRow, Program } from '../graph/executor.js';
import type { HostContext } from '../graph/step.js';
import type { Model } from '../nn/layer.js';
import type { LossTensors } from '../nn/loss.js';
import { TracedModel } from '../nn/traced-model.js';
import type { Tensor } from '../ops/tensor.js';
import type { Checkpoint, Position } from './checkpoint.js';
import { meanOf, type Totals, totalOf } from './metric-totals.js';
import type { StepMetrics } from './reports.js';
import type { CheckedOptions } from './trainer-options.js';

/** A run of steps whose metrics have not been read. */
interface Unread {
  readonly program: Program;
  step: number;
  /** Valid rows of each. */
  readonly counts: number[];
}

/** A step's metrics and how many examples they are a mean of. */
export interface CountedStep extends StepMetrics {
  readonly count: number;
}

/** What is compiled once. */
interface Compiled {
  readonly x: Tensor;
  readonly y: Tensor;
  readonly outputs: number;
  readonly loss: LossTensors;
  readonly program: Program;
  readonly penalty: Program | undefined;
}

/** The state of one training: memory, compiled step, and where it stands. Everything public is built on it. */
export class Session {
  readonly engine: Engine;
  readonly executor: Executor;
  readonly options: CheckedOptions;
  readonly model: TracedModel;
  readonly compiled: Compiled;
  hyper: Readonly<Record<string, number>>;
  steps = 0;
  position: Position = { epoch: 0, row: 0 };
  #good = { steps: 0, position: this.position };
  /** Steps have been recorded into an encoder that the caller may not have submitted. */
  awaitsSubmit = false;
  #unread: Unread[] = [];
  #disposed = false;

  /** Traces and compiles the step of a model, and sets its first state. */
  static async create(
    engine: Engine,
    model: Model,
    options: CheckedOptions,
    checkpoint?: Checkpoint,
  ): Promise<Session> {
    engine.check();
    const { features, batchSize, loss, optimizer, regularizer } = options;
    const traced = new TracedModel({ model, loss, optimizer, regularizer });
    const x = traced.input('x', batchSize, features);
    const outputs = traced.output(x, true).cols;
    const classes = loss.targets === 'classes';
    const y = classes ? traced.input('labels', batchSize, 1, 'u32') : traced.input('targets', batchSize, outputs);
    const step = traced.step(x, y);
    const penalties = traced.penalties();
    const executor = engine.createExecutor();
    try {
      const [program, penalty] = await Promise.all([
        executor.compile(step, traced.scalars, { watch: true }),
        penalties.length
          ? executor.compile({ updates: [], metrics: penalties, outputs: [] }, traced.scalars, { ring: 'penalties' })
          : undefined,
      ]);
      const compiled = { x, y, outputs, loss: traced.metrics(x, y, true), program, penalty };
      const session = new Session(engine, executor, options, traced, compiled);
      session.#start(checkpoint);
      await session.settle();
      return session;
    } catch (error) {
      executor.dispose();
      throw error;
    }
  }

  private constructor(
    engine: Engine,
    executor: Executor,
    options: CheckedOptions,
    model: TracedModel,
    compiled: Compiled,
  ) {
    this.engine = engine;
    this.executor = executor;
    this.options = options;
    this.model = model;
    this.compiled = compiled;
    this.hyper = { ...model.hyper };
  }

  /** Parameters, then the optimiser's states. */
  get states(): readonly { readonly name: string; readonly tensor: Tensor }[] {
    return [...this.model.parameters, ...this.model.optimizerStates];
  }

  /** @throws EngineError if the session or its engine can no longer be used. */
  check(): void {
    if (this.#disposed) throw new EngineError('disposed', 'trainer: it was disposed; create a new one');
    this.engine.check();
  }

  /** What the host functions of a step see. */
  context(step: number, start: number, count: number): HostContext {
    return { seed: this.options.key, step, sample: 0, start, count, hyper: this.hyper };
  }

  /** Contexts of the next steps, on `counts` rows each, from row `start` of the data. */
  contexts(counts: readonly number[], start: number): HostContext[][] {
    let row = start;
    return counts.map((count, i) => {
      const context = this.context(this.steps + i, row, count);
      row += count;
      return [context];
    });
  }

  /** Trains on batches of `counts` rows that `before` fetches. */
  run(counts: readonly number[], before?: Program): void {
    this.compiled.program.run(this.contexts(counts, this.position.row), before);
    this.took(counts);
  }

  /** Notes that steps have been started; returns the first one's number. */
  took(counts: readonly number[]): number {
    const { program } = this.compiled;
    const first = this.steps;
    const last = this.#unread.at(-1);
    const run =
      last?.program === program && last.step + last.counts.length === first
        ? last
        : { program, step: first, counts: [] };
    if (run !== last) this.#unread.push(run);
    run.counts.push(...counts);
    const excess = Math.max(run.counts.length - program.slots, 0);
    run.counts.splice(0, excess);
    run.step += excess;
    this.steps += counts.length;
    return first;
  }

  /** @throws EngineError of kind `limit` if a step that may not have been submitted would lose its row of the step table */
  reserve(where: string): void {
    const { slots } = this.compiled.program;
    const unread = this.#unread.reduce((sum, { counts }) => sum + counts.length, 0);
    if (!this.awaitsSubmit || unread < slots) return;
    throw new EngineError(
      'limit',
      `${where}: the step table holds ${slots} steps and is full; submit the encoders, then await metrics()`,
    );
  }

  /**
   * Reads what has been measured since the last time, and remembers the state if all of it is finite.
   * @throws EngineError of kind `diverged` after going back to the last good state
   */
  async read(): Promise<CountedStep[]> {
    this.check();
    const unread = this.#unread;
    this.#unread = [];
    this.awaitsSubmit = false;
    const now = { steps: this.steps, position: this.position };
    const reads = unread.map(async ({ program, step, counts }) => {
      program.keep(counts.length);
      const rows = await program.metrics(counts.length);
      return rows.map(([row], i) => ({ step: step + i, count: counts[i], row }));
    });
    const rows = (await Promise.all(reads)).flat();
    await this.settle();
    const bad = rows.find(({ row }) => row.bad !== undefined);
    if (bad) throw this.#diverged(bad.step, bad.row);
    this.#good = now;
    return rows.map(({ step, count, row }) => ({ step, count, ...this.mean(this.total([row.values]), count) }));
  }

  /** Sums the metrics of steps. */
  total(steps: readonly (readonly Float32Array[])[]): Totals {
    return totalOf(steps);
  }

  /** Means over `count` examples of what `total` summed. */
  mean(totals: Totals, count: number): { loss: number; accuracy?: number } {
    return meanOf(totals, count, this.compiled.loss);
  }

  /** The penalty of the parameters as they are. */
  async penalty(): Promise<number> {
    this.check();
    const { penalty } = this.compiled;
    if (!penalty) return 0;
    penalty.run([[this.context(this.steps, 0, 1)]]);
    const [[{ values }]] = await penalty.metrics(1);
    return values.reduce((sum, [value]) => sum + value, 0);
  }

  /** Waits until everything that has been started is accepted. @throws EngineError if something was not */
  async settle(): Promise<void> {
    this.check();
    await this.executor.settle();
    this.check();
  }

  #start(checkpoint: Checkpoint | undefined): void {
    const { parameters } = this.model;
    for (const [i, { name, tensor }] of this.states.entries()) {
      const fresh = () =>
        i < parameters.length ? this.model.initial(i, this.options.key) : new Float32Array(tensor.rows * tensor.cols);
      this.executor.write(tensor, checkpoint?.states.get(name) ?? fresh());
    }
    if (checkpoint) {
      this.steps = checkpoint.steps;
      this.position = checkpoint.position;
      this.hyper = { ...this.hyper, ...checkpoint.hyper };
    }
    this.executor.keep();
    this.#good = { steps: this.steps, position: this.position };
  }

  #diverged(step: number, { bad }: MetricRow): EngineError {
    this.executor.restore();
    this.#unread = [];
    this.steps = this.#good.steps;
    this.position = this.#good.position;
    return new EngineError(
      'diverged',
      `training: ${bad} is not finite after step ${step}; the trainer is back at step ${this.steps}, lower the learning rate and go on`,
    );
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.executor.dispose();
  }
}
