import { EngineError } from '../errors/engine-error.js';
import type { Engine } from '../graph/engine.js';
import { type Executor, type MetricRow, NotRun, type Program } from '../graph/executor.js';
import type { HostContext } from '../graph/step.js';
import type { Model } from '../nn/layer.js';
import type { LossTensors } from '../nn/loss.js';
import type { TracedModel } from '../nn/traced-model.js';
import type { Tensor } from '../ops/tensor.js';
import type { Checkpoint, Position } from './checkpoint.js';
import { meanOf, type Totals, totalOf } from './metric-totals.js';
import type { StepMetrics } from './reports.js';
import { traceTraining } from './trace-training.js';
import type { CheckedOptions } from './trainer-options.js';

/** A step's metrics and how many examples they are a mean of. */
export interface CountedStep extends StepMetrics {
  readonly count: number;
}

/** Steps taken, and where in the data. */
interface Place {
  readonly steps: number;
  readonly position: Position;
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
  /** Steps have been recorded into an encoder that the caller may not have submitted. */
  awaitsSubmit = false;
  /** A `fit` is under way. */
  fitting = false;
  /** Where the trainer stood when its state was last kept. */
  #good: Place = { steps: 0, position: this.position };
  /** Valid rows of the steps that have not been read, up to the last one. */
  #unread: number[] = [];
  /** The reads under way: the last one, which ends after all others, and how many steps they look at. */
  #reads = { last: Promise.resolve<unknown>(undefined), steps: 0 };
  #disposed = false;

  /** Traces and compiles the step of a model, and sets its first state. */
  static async create(
    engine: Engine,
    model: Model,
    options: CheckedOptions,
    checkpoint?: Checkpoint,
  ): Promise<Session> {
    engine.check();
    const { model: traced, x, y, outputs, step } = traceTraining(model, options);
    if (traced.parameters.length === 0) {
      throw new RangeError('createTrainer: the model has nothing to train; it needs a layer such as dense(10)');
    }
    const penalties = traced.penalties();
    if (checkpoint) {
      const { checkStates } = await import('./checkpoint.js');
      checkStates(checkpoint, [...traced.parameters, ...traced.optimizerStates], traced.hyper);
    }
    const executor = engine.createExecutor();
    try {
      const penaltyStep = { updates: [], metrics: penalties, outputs: [] };
      const [program, penalty] = await Promise.all([
        executor.compile(step, traced.scalars, { watch: true }),
        penalties.length ? executor.compile(penaltyStep, traced.scalars, { ring: 'penalties' }) : undefined,
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
    this.check();
    this.compiled.program.run(this.contexts(counts, this.position.row), before);
    this.took(counts);
  }

  /** Notes that steps have been started; returns the first one's number. */
  took(counts: readonly number[]): number {
    const first = this.steps;
    this.steps += counts.length;
    this.#unread.push(...counts);
    this.#unread.splice(0, this.#unread.length - this.compiled.program.slots); // the ring holds no more
    return first;
  }

  /** @throws EngineError of kind `limit` if a step that may not have been submitted would lose its row of the step table */
  reserve(where: string): void {
    const { slots } = this.compiled.program;
    if (!this.awaitsSubmit || this.#unread.length < slots) return;
    throw new EngineError(
      'limit',
      `${where}: the step table holds ${slots} steps and is full; submit the encoders, then await metrics()`,
    );
  }

  /**
   * Reads what has been measured since the last time, and remembers the state if all of it is finite.
   * @throws EngineError of kind `diverged` after going back to the last good state, `validation` if a step that was
   * encoded has not been submitted
   */
  async read(): Promise<CountedStep[]> {
    this.check();
    const counts = this.#unread.splice(0);
    const now = { steps: this.steps, position: this.position };
    const reads = this.#reads;
    const before = reads.last;
    this.awaitsSubmit = false;
    reads.steps += counts.length;
    const { program } = this.compiled;
    // What an earlier read may yet find is not kept either.
    if (counts.length) program.keep(Math.min(reads.steps, program.slots));
    const measured = program.metrics(counts.length);
    measured.catch(() => {}); // awaited after the reads before this one
    const judged = before.then(() => this.#judge(measured, counts, now));
    const done = judged.finally(() => {
      reads.steps -= counts.length;
      if (reads.last === done) reads.last = Promise.resolve();
    });
    reads.last = done;
    return done;
  }

  /** Waits for what a read measured, and goes on from there or back. */
  async #judge(measured: Promise<MetricRow[][]>, counts: readonly number[], now: Place): Promise<CountedStep[]> {
    const first = now.steps - counts.length;
    const { rows, complete } = await rowsOf(measured);
    await this.settle();
    const bad = rows.findIndex(([row]) => row.bad !== undefined);
    if (bad >= 0) throw this.#diverged(first + bad, rows[bad][0]);
    this.#good = { ...now, steps: first + rows.length };
    if (complete) {
      return rows.map(([{ values }], i) => ({
        step: first + i,
        count: counts[i],
        ...this.mean(this.total([values]), counts[i]),
      }));
    }
    throw new EngineError(
      'validation',
      `metrics: step ${first + rows.length} was encoded, but its encoder was not submitted before metrics were read`,
    );
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
      this.executor.write(tensor, checkpoint?.states.get(name)?.data ?? fresh());
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
    this.#reads = { last: Promise.resolve(), steps: 0 };
    this.awaitsSubmit = false;
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

/** The rows of a read; not all of them if a step has not run. */
async function rowsOf(measured: Promise<MetricRow[][]>): Promise<{ rows: readonly MetricRow[][]; complete: boolean }> {
  try {
    return { rows: await measured, complete: true };
  } catch (error) {
    if (error instanceof NotRun) return { rows: error.rows, complete: false };
    throw error;
  }
}
