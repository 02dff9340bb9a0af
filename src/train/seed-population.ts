import { EngineError } from '../errors/engine-error.js';
import type { Engine } from '../graph/engine.js';
import type { Executor, MetricRow, Program } from '../graph/executor.js';
import type { HostContext } from '../graph/step.js';
import type { Model } from '../nn/layer.js';
import type { LossTensors } from '../nn/loss.js';
import type { TracedModel } from '../nn/traced-model.js';
import type { Tensor } from '../ops/tensor.js';
import type { Key } from '../random/philox.js';
import { type Seed, seedKey } from '../random/seed.js';
import { chunks } from './chunks.js';
import { type BatchOwner, DataCache, type LoadedData } from './data-cache.js';
import type { Dataset } from './dataset.js';
import { batchesOf, DataTotals } from './evaluate.js';
import { meanOf, totalOf } from './metric-totals.js';
import { Pace } from './pace.js';
import { traceTraining } from './trace-training.js';
import { type CheckedOptions, checkTrainerOptions, type TrainerOptions } from './trainer-options.js';

/** Hyper-parameters by name. */
type Hyper = Readonly<Record<string, number>>;

/** What a population needs beside an engine and a model. */
export interface SeedPopulationOptions extends Omit<TrainerOptions, 'seed' | 'shuffleSeed'> {
  /** One a member: decides its initial weights and its dropout masks. */
  seeds: readonly Seed[];
  /** Decides the order of the data, which is the same for all members. */
  shuffleSeed: Seed;
  /** Hyper-parameters that change from step to step; the others stay as the model has them. Default: none. */
  schedule?: (step: number) => Hyper;
}

/** A mean loss and, where there is such a thing, the share of right answers. */
export interface MemberMetrics {
  readonly loss: number;
  readonly accuracy?: number;
}

/** Where a member's training stopped making sense. */
export interface Divergence {
  /** The step after which something was not finite, counted from 0. */
  readonly step: number;
  /** What was not finite. */
  readonly what: string;
}

interface Compiled {
  readonly x: Tensor;
  readonly y: Tensor;
  readonly loss: LossTensors;
  readonly program: Program;
}

/**
 * One network trained from several seeds side by side: same data, same order, same dispatches. Member i becomes what a
 * trainer with `seeds[i]` and the same `shuffleSeed` becomes, bit for bit. Members that diverge do not touch the others.
 */
export class SeedPopulation implements BatchOwner {
  readonly executor: Executor;
  readonly model: TracedModel;
  readonly options: CheckedOptions;
  readonly compiled: Compiled;
  /** By member: undefined as long as everything of it is finite. */
  readonly diverged: (Divergence | undefined)[];
  /** Optimiser steps taken. */
  steps = 0;
  readonly #engine: Engine;
  readonly #keys: readonly Key[];
  readonly #schedule: (step: number) => Hyper;
  readonly #data = new DataCache(this);
  readonly #totals = new DataTotals(this, this.#data, (row, count) => this.#contexts(this.steps, row, count));

  /**
   * Traces and compiles the step, and sets every member's first state.
   * @throws EngineError of kind `limit` or `memory` if so many networks do not fit the device
   */
  static async create(engine: Engine, model: Model, options: SeedPopulationOptions): Promise<SeedPopulation> {
    engine.check();
    const { seeds, schedule = () => ({}), ...rest } = options;
    const checked = checkTrainerOptions('population', model, rest);
    const keys = seeds.map((seed, i) => seedKey('population', `seeds[${i}]`, seed));
    const { model: traced, x, y, step } = traceTraining(model, checked);
    const executor = engine.createExecutor({ members: keys.length });
    try {
      const program = await executor.compile(step, traced.scalars, { watch: true });
      const compiled = { x, y, loss: traced.metrics(x, y, true), program };
      const population = new SeedPopulation(engine, executor, traced, checked, compiled, keys, schedule);
      population.#start();
      await executor.settle();
      return population;
    } catch (error) {
      executor.dispose();
      throw error;
    }
  }

  private constructor(
    engine: Engine,
    executor: Executor,
    model: TracedModel,
    options: CheckedOptions,
    compiled: Compiled,
    keys: readonly Key[],
    schedule: (step: number) => Hyper,
  ) {
    this.#engine = engine;
    this.executor = executor;
    this.model = model;
    this.options = options;
    this.compiled = compiled;
    this.#keys = keys;
    this.#schedule = schedule;
    this.diverged = keys.map(() => undefined);
  }

  check(): void {
    this.#engine.check();
  }

  /**
   * Takes `steps` steps on data that stay the same from call to call, epoch after epoch, and yields the members' metrics
   * of the newest step a few times a second. Ends before its time if every member has diverged.
   * @throws EngineError of kind `aborted` when the signal is
   */
  async *fit(data: Dataset, steps: number, signal?: AbortSignal): AsyncGenerator<readonly MemberMetrics[]> {
    const { program } = this.compiled;
    const batches = batchesOf(data.examples, this.options.batchSize);
    const pace = new Pace(program.slots);
    const end = this.steps + steps;
    const loaded = await this.#data.take(data);
    try {
      while (this.steps < end && this.diverged.includes(undefined)) {
        if (signal?.aborted) throw new EngineError('aborted', `population: aborted after step ${this.steps}`);
        const first = this.steps % batches.length;
        const run = batches.slice(first, first + Math.min(pace.steps, end - this.steps));
        loaded.setOrder(Math.floor(this.steps / batches.length));
        this.#run(run, pace.submit, loaded);
        const rows = await program.metrics(run.length);
        await this.executor.settle();
        pace.note(run.length);
        this.#judge(rows);
        yield rows[rows.length - 1].map(({ values }) => this.#mean(values, run[run.length - 1].count));
      }
    } finally {
      this.#data.giveBack(data);
    }
  }

  /** The mean loss and the accuracy of every member over `data`, without dropout; nonsense for those that diverged. */
  async evaluate(data: Dataset): Promise<MemberMetrics[]> {
    const totals = await this.#totals.of(data);
    return totals.map((each) => meanOf(each, data.examples, this.compiled.loss));
  }

  /** A member's parameters, in the order of the model. */
  weights(member: number): Promise<Float32Array[]> {
    return this.executor.read(
      this.model.parameters.map(({ tensor }) => tensor),
      member,
    );
  }

  dispose(): void {
    this.executor.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #start(): void {
    const { parameters, optimizerStates } = this.model;
    for (const [member, key] of this.#keys.entries()) {
      for (const [i, { tensor }] of parameters.entries()) {
        this.executor.write(tensor, this.model.initial(i, key), member);
      }
      for (const { tensor } of optimizerStates) {
        this.executor.write(tensor, new Float32Array(tensor.rows * tensor.cols), member);
      }
    }
  }

  #contexts(step: number, start: number, count: number): HostContext[] {
    const hyper = { ...this.model.hyper, ...this.#schedule(step) };
    return this.#keys.map((seed) => ({ seed, step, sample: 0, start, count, hyper }));
  }

  #run(run: readonly { row: number; count: number }[], submit: number, { program }: LoadedData): void {
    for (const batches of chunks(run, submit)) {
      const contexts = batches.map(({ row, count }, i) => this.#contexts(this.steps + i, row, count));
      this.compiled.program.run(contexts, program);
      this.steps += batches.length;
    }
  }

  /** Notes which members the newest steps, one a row, have made diverge. */
  #judge(rows: readonly (readonly MetricRow[])[]): void {
    const first = this.steps - rows.length;
    for (const [i, row] of rows.entries()) {
      for (const [member, { bad }] of row.entries()) {
        if (bad !== undefined) this.diverged[member] ??= { step: first + i, what: bad };
      }
    }
  }

  #mean(values: readonly Float32Array[], count: number): MemberMetrics {
    return meanOf(totalOf([values]), count, this.compiled.loss);
  }
}
