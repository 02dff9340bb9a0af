import { EngineError } from '../errors/engine-error.js';
import type { Engine } from '../graph/engine.js';
import { type Executor, type MetricRow, NotRun, type Program, type Snapshot } from '../graph/executor.js';
import type { HostContext } from '../graph/step.js';
import type { LossTensors } from '../nn/loss.js';
import type { TracedModel } from '../nn/traced-model.js';
import type { Tensor } from '../ops/tensor.js';
import type { BatchOwner } from './data-cache.js';
import type { Divergence, Member } from './member.js';
import { NO_TOTALS, type Totals, totalOf } from './metric-totals.js';
import type { TracedTraining } from './trace-training.js';
import type { CheckedOptions } from './trainer-options.js';

/** Where training stands in the data: how many epochs are complete, and the next row of the current one. */
export interface Position {
  readonly epoch: number;
  readonly row: number;
  /** What the epoch's steps so far have measured, by member; missing at an epoch's start. */
  readonly measured?: EpochTotals;
}

/** Sums over the steps of an epoch. */
export interface EpochTotals {
  readonly steps: number;
  /** By member: of losses, of right answers, and of the weights of the examples. */
  readonly loss: readonly number[];
  readonly correct: readonly number[];
  readonly weight: readonly number[];
}

/** What one step measured. */
export interface MeasuredStep {
  /** Optimiser steps before this one. */
  readonly step: number;
  /** By member. */
  readonly totals: readonly Totals[];
  /** By member: the number of examples, or the sum of their weights. */
  readonly weights: readonly number[];
}

/** Steps taken, and where in the data. */
interface Place {
  readonly steps: number;
  readonly position: Position;
}

/** A batch that was started: its valid rows, and by member what they weigh, where they have weights. */
export interface StartedBatch {
  readonly count: number;
  readonly weights?: readonly number[];
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

/** How a session is made. */
export interface SessionOptions {
  /** Those that run at first. */
  readonly members: readonly Member[];
  /** How many there is memory for. Default: those that run at first. */
  readonly capacity?: number;
  /** A member that diverges is marked, and the others go on; otherwise it is an error, and all go back. Default false. */
  readonly marks?: boolean;
  /** The step that is compiled at once is the one on rows with weights. Default false. */
  readonly weighted?: boolean;
}

/** States by name, tight, with their shapes. */
export type ShapedStates = Map<string, { shape: [rows: number, cols: number]; data: Float32Array }>;

/** States by name, tight. */
export type States = ReadonlyMap<string, { readonly data: Float32Array }>;

/**
 * The state of a training, of one network or of several side by side: memory, compiled step, and where it stands.
 * Everything public is built on it.
 */
export class Session implements BatchOwner {
  readonly engine: Engine;
  readonly executor: Executor;
  readonly options: CheckedOptions;
  readonly model: TracedModel;
  /** How much every row of a batch counts, where rows have weights. */
  readonly weightsLeaf: Tensor;
  members: readonly Member[];
  /** By member: undefined as long as everything of it is finite. */
  diverged: readonly (Divergence | undefined)[];
  steps = 0;
  position: Position = { epoch: 0, row: 0 };
  /** Steps have been recorded into an encoder that the caller may not have submitted. */
  awaitsSubmit = false;
  /** A `fit` is under way. */
  fitting = false;
  compiled: Compiled;
  readonly #marks: boolean;
  readonly #programs = new Map<boolean, Program>();
  /** Whether the compiled program is the one for rows with weights. */
  #weighted: boolean;
  /** Where training stood when its state was last kept. */
  #good: Place = { steps: 0, position: this.position };
  /** The steps that have not been read, up to the last one. */
  #unread: StartedBatch[] = [];
  /** The reads under way: the last one, which ends after all others, and how many steps they look at. */
  #reads = { last: Promise.resolve<unknown>(undefined), steps: 0 };
  #best: Promise<Snapshot> | undefined;
  #disposed = false;

  /** Compiles the step of a traced model and makes its memory; the states are not set. */
  static async create(
    engine: Engine,
    traced: TracedTraining,
    options: CheckedOptions,
    made: SessionOptions,
  ): Promise<Session> {
    engine.check();
    const { model } = traced;
    const { members, capacity = members.length, weighted = false } = made;
    const executor = engine.createExecutor({ members: capacity });
    try {
      const penalties = model.penalties();
      const penaltyStep = { updates: [], metrics: penalties, outputs: [] };
      const [program, penalty] = await Promise.all([
        compileStep(executor, traced, weighted),
        penalties.length ? executor.compile(penaltyStep, model.scalars, { ring: 'penalties' }) : undefined,
      ]);
      if (capacity > members.length) await executor.rearrange([...members.keys()]);
      const { x, y, outputs } = traced;
      const compiled = { x, y, outputs, loss: model.metrics({ x, y }, true), program, penalty };
      return new Session(engine, executor, model, options, made, compiled);
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
    { members, marks = false, weighted = false }: SessionOptions,
    compiled: Compiled,
  ) {
    this.engine = engine;
    this.executor = executor;
    this.model = model;
    this.options = options;
    this.members = members;
    this.diverged = members.map(() => undefined);
    this.compiled = compiled;
    this.weightsLeaf = weightsOf(model, compiled.x.rows);
    this.#marks = marks;
    this.#weighted = weighted;
    this.#programs.set(weighted, compiled.program);
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

  /** Sets a member's states: what `states` has of them, otherwise those of a network that has not been trained. */
  setStates(member: number, states?: States): void {
    const { parameters } = this.model;
    for (const [i, { name, tensor }] of this.states.entries()) {
      const fresh = () =>
        i < parameters.length
          ? this.model.initial(i, this.members[member].key)
          : new Float32Array(tensor.rows * tensor.cols);
      this.executor.write(tensor, states?.get(name)?.data ?? fresh(), member);
    }
  }

  /** A member's states, as they are, or as a snapshot has them. */
  async statesOf(member: number, from: Pick<Executor, 'read'> = this.executor): Promise<ShapedStates> {
    const { states } = this;
    const data = await from.read(
      states.map(({ tensor }) => tensor),
      member,
    );
    await this.settle();
    return new Map(states.map(({ name, tensor: { rows, cols } }, i) => [name, { shape: [rows, cols], data: data[i] }]));
  }

  /** Says where training stands, and that the states which were set belong to it and are good. */
  async startAt(steps: number, position: Position): Promise<void> {
    this.steps = steps;
    this.position = position;
    this.executor.keep();
    this.#good = { steps, position };
    await this.settle();
  }

  /** Uses the step on rows with weights from now on, or the one on rows without, when all steps have been read. */
  async useWeights(weighted: boolean): Promise<void> {
    const { executor, model, compiled } = this;
    const known = this.#programs.get(weighted);
    const program = known ?? (await compileStep(executor, { model, ...compiled }, weighted));
    // Also those that were started meanwhile: another program has another ring.
    do await this.read();
    while (this.#unread.length > 0);
    if (weighted !== this.#weighted) this.#use(weighted, program);
  }

  #use(weighted: boolean, program: Program): void {
    this.#programs.set(weighted, program);
    this.compiled = { ...this.compiled, program };
    this.#weighted = weighted;
  }

  /** What the host functions of a step see of a member. */
  context(step: number, start: number, count: number, member = 0): HostContext {
    const { key, hyper } = this.members[member];
    return { seed: key, step, sample: 0, start, count, hyper };
  }

  /** What the host functions of a step see, by member. */
  contexts(step: number, start: number, { count, weights }: StartedBatch): HostContext[] {
    return this.members.map((_, member) => {
      const context = this.context(step, start, count, member);
      return weights ? { ...context, weight: weights[member] } : context;
    });
  }

  /** Sets an input of a batch, of every member's where each has its own. */
  writeInput(leaf: Tensor, data: Float32Array | Uint32Array): void {
    const copies = this.ownOrder ? this.members.length : 1;
    for (let member = 0; member < copies; member++) this.executor.write(leaf, data, member);
  }

  /** Trains on the batches from `row` of the data that `before` fetches. */
  run(batches: readonly StartedBatch[], row = 0, before?: Program, schedule?: Schedule): void {
    this.check();
    let start = row;
    const contexts = batches.map((batch, i) => {
      const step = this.steps + i;
      const each = this.contexts(step, start, batch);
      start += batch.count;
      return schedule ? each.map((context, m) => ({ ...context, hyper: schedule(step, m) })) : each;
    });
    this.compiled.program.run(contexts, before);
    this.took(batches);
  }

  /** Notes that steps have been started; returns the first one's number. */
  took(batches: readonly StartedBatch[]): number {
    const first = this.steps;
    this.steps += batches.length;
    this.#unread.push(...batches);
    this.#unread.splice(0, this.#unread.length - this.compiled.program.slots); // the ring holds no more
    return first;
  }

  /**
   * Prepares a step on rows without weights.
   * @throws EngineError of kind `limit` if a step that may not have been submitted would lose its row of the step table;
   * TypeError if a fit on rows with weights is under way
   */
  reserve(where: string): void {
    if (this.#weighted) {
      const plain = this.#programs.get(false);
      if (this.fitting || !plain) {
        throw new TypeError(`${where}: a fit with weights is under way; let it end or leave its loop first`);
      }
      this.#use(false, plain);
    }
    const { slots } = this.compiled.program;
    if (!this.awaitsSubmit || this.#unread.length < slots) return;
    throw new EngineError(
      'limit',
      `${where}: the step table holds ${slots} steps and is full; submit the encoders, then await metrics()`,
    );
  }

  /**
   * Reads what has been measured since the last time, and remembers the state if all of it is finite.
   * @throws EngineError of kind `diverged` after going back to the last good state, unless members are marked;
   * `validation` if a step that was encoded has not been submitted
   */
  async read(): Promise<MeasuredStep[]> {
    this.check();
    const batches = this.#unread.splice(0);
    const now = { steps: this.steps, position: this.position };
    const reads = this.#reads;
    const before = reads.last;
    this.awaitsSubmit = false;
    reads.steps += batches.length;
    const { program } = this.compiled;
    // What an earlier read may yet find is not kept either.
    if (batches.length) program.keep(Math.min(reads.steps, program.slots));
    const measured = program.metrics(batches.length);
    measured.catch(() => {}); // awaited after the reads before this one
    const judged = before.then(() => this.#judge(measured, batches, now));
    const done = judged.finally(() => {
      reads.steps -= batches.length;
      if (reads.last === done) reads.last = Promise.resolve();
    });
    reads.last = done;
    return done;
  }

  /** Waits for what a read measured, and goes on from there or back. */
  async #judge(
    measured: Promise<MetricRow[][]>,
    batches: readonly StartedBatch[],
    now: Place,
  ): Promise<MeasuredStep[]> {
    const first = now.steps - batches.length;
    const { rows, complete } = await rowsOf(measured);
    await this.settle();
    if (this.#marks) this.#mark(rows, first);
    else {
      const bad = rows.findIndex(([row]) => row.bad !== undefined);
      if (bad >= 0) throw this.#goBack(first + bad, rows[bad][0]);
    }
    this.#good = { ...now, steps: first + rows.length };
    if (complete) {
      return rows.map((row, i): MeasuredStep => {
        const { count, weights = row.map(() => count) } = batches[i];
        const totals = row.map(({ values }, member) =>
          this.diverged[member] && this.diverged[member].step <= first + i ? NO_TOTALS : totalOf([values]),
        );
        return { step: first + i, totals, weights };
      });
    }
    throw new EngineError(
      'validation',
      `metrics: step ${first + rows.length} was encoded, but its encoder was not submitted before metrics were read`,
    );
  }

  /** The penalty of every member's parameters as they are after what has been started; NaN where a member has diverged. */
  async penalties(): Promise<number[]> {
    this.check();
    const { penalty } = this.compiled;
    if (!penalty) return this.members.map(() => 0);
    penalty.run([this.contexts(this.steps, 0, { count: 1 })]);
    const measured = penalty.metrics(1);
    const { last } = this.#reads;
    const [members] = await measured;
    await last.catch(() => {}); // whoever reads is told; here it counts who has diverged
    return members.map(({ values }, member) =>
      this.diverged[member] ? Number.NaN : values.reduce((sum, [value]) => sum + value, 0),
    );
  }

  /** Member i becomes a copy of what member `from[i]` was; all steps must have been read. */
  async rearrange(from: readonly number[]): Promise<void> {
    this.check();
    await this.executor.rearrange(from);
    this.members = from.map((member) => this.members[member]);
    this.diverged = from.map((member) => this.diverged[member]);
    const { measured } = this.position;
    if (measured) this.position = { ...this.position, measured: pickTotals(measured, from) };
    this.#good = { steps: this.steps, position: this.position };
    await this.settle();
  }

  /** Makes place for so many members, who and in what states is to be set. All steps must have been read. */
  async resize(count: number): Promise<void> {
    this.check();
    if (this.executor.members === count) return;
    await this.executor.rearrange(Array.from({ length: count }, () => 0));
    this.check();
  }

  /** Whether members may have best states. */
  get hasBest(): boolean {
    return this.#best !== undefined;
  }

  /** Where the best states of members are remembered; the memory is made once. @throws EngineError of kind `memory` */
  best(): Promise<Snapshot> {
    this.#best ??= this.executor.snapshot().catch((error: unknown) => {
      this.#best = undefined;
      throw error;
    });
    return this.#best;
  }

  /** True if every member reads the data in an order of its own. */
  get ownOrder(): boolean {
    return this.model.training.ownOrder === true;
  }

  /** Waits until everything that has been started is accepted. @throws EngineError if something was not */
  async settle(): Promise<void> {
    this.check();
    await this.executor.settle();
    this.check();
  }

  /** Notes which members the steps from `first` on have made diverge. */
  #mark(rows: readonly (readonly MetricRow[])[], first: number): void {
    const found = [...this.diverged];
    for (const [i, row] of rows.entries()) {
      for (const [member, { bad }] of row.entries()) {
        if (bad !== undefined) found[member] ??= { step: first + i, what: bad };
      }
    }
    this.diverged = found;
  }

  #goBack(step: number, { bad }: MetricRow): EngineError {
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

/** Hyper-parameters of a member at a step. */
export type Schedule = (step: number, member: number) => Readonly<Record<string, number>>;

function weightsOf(model: TracedModel, rows: number): Tensor {
  return model.rowWeights('weights', rows);
}

function compileStep(
  executor: Executor,
  { model, x, y }: Pick<TracedTraining, 'model' | 'x' | 'y'>,
  weighted: boolean,
): Promise<Program> {
  const step = model.step(weighted ? { x, y, weights: weightsOf(model, x.rows) } : { x, y });
  return executor.compile(step, model.scalars, { watch: true, ...(weighted && { ring: 'weighted' }) });
}

function pickTotals({ steps, loss, correct, weight }: EpochTotals, members: readonly number[]): EpochTotals {
  const pick = (values: readonly number[]) => members.map((member) => values[member]);
  return { steps, loss: pick(loss), correct: pick(correct), weight: pick(weight) };
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
