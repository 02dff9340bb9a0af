import { EngineError } from '../errors/engine-error.js';
import type { Engine, Executor, Program, Snapshot } from '../graph/engine.js';
import type { HostContext } from '../graph/step.js';
import type { DeclaredState } from '../nn/declarations.js';
import type { LossTensors } from '../nn/losses.js';
import type { TracedModel } from '../nn/traced-model.js';
import type { Tensor } from '../ops/tensor.js';
import { makeOnce } from '../promises/make-once.js';
import type { EpochRows } from './course.js';
import { Ledger, type StartedBatch } from './ledger.js';
import { type Copy, checkCounted, type Member } from './member.js';
import type { CheckedOptions, TracedTraining } from './trainer-options.js';

/** The compiled step and its leaves. */
interface Compiled {
  readonly x: Tensor;
  readonly y: Tensor;
  /** The weight of every row, where rows have weights. Not named as in a batch: the step of `x` and `y` alone has none. */
  readonly rowWeights: Tensor;
  readonly outputs: number;
  readonly loss: LossTensors;
  readonly program: Program;
  readonly penalty: Program | undefined;
}

/** Options of a session. */
export interface SessionOptions {
  /** The members that run at first. */
  readonly members: readonly Member[];
  /** Memory for so many members. Default: those that run at first. */
  readonly capacity?: number | undefined;
  /** True: a member that diverges is marked, and the others go on. False: it is an error, and all go back. Default false. */
  readonly marks?: boolean | undefined;
  /** True: compile the step on rows with weights. False: the one on rows without. Default false. */
  readonly weighted?: boolean | undefined;
}

/** Hyper-parameters of a member at a step. */
export type Schedule = (step: number, member: number) => Member['hyper'];

/** A part of an epoch: its rows, the program that fetches a batch of them, and a schedule if there is one. */
export interface EpochRun {
  readonly rows: EpochRows;
  readonly gather: Program;
  readonly schedule: Schedule | undefined;
}

/** States by name, tight, with their shapes. */
export type ShapedStates = Map<string, { shape: [rows: number, cols: number]; data: Float32Array }>;

/** States by name, tight. */
export type States = ReadonlyMap<string, { readonly data: Float32Array }>;

/**
 * The memory, the compiled step and the members of a training: one network, or several side by side. Its ledger counts the
 * steps. Trainers and populations are built on it.
 */
export class Session {
  readonly engine: Engine;
  readonly executor: Executor;
  readonly options: CheckedOptions;
  readonly model: TracedModel;
  /** Counts the steps, reads what they measured, and knows where training stands. */
  readonly ledger: Ledger;
  /** A `fit` is under way. */
  fitting = false;
  #members: readonly Member[];
  #compiled: Compiled;
  readonly #programs = new Map<boolean, Program>();
  /** True if the compiled program is the one for rows with weights. */
  #weighted: boolean;
  readonly #keeps: boolean;
  #bestMade: Snapshot | undefined;
  readonly #best = makeOnce(() => this.executor.snapshot());
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
    const { members, capacity = members.length, marks = false, weighted = false } = made;
    const executor = engine.createExecutor({ members: capacity, progress: options.progress });
    try {
      const metrics = model.penalties();
      const penaltyStep = { updates: [], metrics, outputs: [] };
      const [program, penalty] = await Promise.all([
        compileStep(executor, traced, weighted, !marks),
        metrics.length ? executor.compile(penaltyStep, model.scalars, { ring: 'penalties', later: true }) : undefined,
      ]);
      if (capacity > members.length) await executor.rearrange([...members.keys()]);
      const { x, y, outputs } = traced;
      const rowWeights = model.rowWeights('weights', x.rows);
      const compiled = { x, y, rowWeights, outputs, loss: model.metrics({ x, y }, true), program, penalty };
      return new Session(engine, executor, model, options, made, compiled);
    } catch (error) {
      executor.dispose();
      const { withFittingBatch } = await import('./fitting-size.js');
      throw withFittingBatch(error, engine, traced, options);
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
    this.#members = members;
    this.#compiled = compiled;
    this.ledger = new Ledger(executor, compiled.program, () => this.check(), marks);
    this.#keeps = !marks;
    this.#weighted = weighted;
    this.#programs.set(weighted, compiled.program);
  }

  /** The members that run. */
  get members(): readonly Member[] {
    return this.#members;
  }

  get compiled(): Compiled {
    return this.#compiled;
  }

  /** Parameters, then the states of layers and of the optimiser. */
  get states(): readonly DeclaredState[] {
    return this.model.states;
  }

  /** @throws EngineError if the session or its engine can no longer be used. */
  check(): void {
    if (this.#disposed) throw new EngineError('disposed', 'trainer: it was disposed; create a new one');
    this.engine.check();
  }

  /** Sets a member's states from `states`; those that are missing there become those of an untrained network. */
  setStates(member: number, states?: States): void {
    for (const { name, tensor, initial } of this.states) {
      this.executor.write(tensor, states?.get(name)?.data ?? initial(this.members[member].key), member);
    }
  }

  /** Returns a member's states, from the executor or from a snapshot. */
  async statesOf(member: number, from: Pick<Executor, 'read'> = this.executor): Promise<ShapedStates> {
    const { states } = this;
    const data = await from.read(
      states.map(({ tensor }) => tensor),
      member,
    );
    await this.settle();
    return new Map(states.map(({ name, tensor: { rows, cols } }, i) => [name, { shape: [rows, cols], data: data[i] }]));
  }

  /** Switches to the step on rows with weights, or to the one without, once all steps have been read. */
  async useWeights(weighted: boolean): Promise<void> {
    const { executor, model, compiled } = this;
    const known = this.#programs.get(weighted);
    const program = known ?? (await compileStep(executor, { model, ...compiled }, weighted, this.#keeps));
    // Read the steps started meanwhile too: the other program has a ring of its own.
    do await this.ledger.read();
    while (this.ledger.hasUnread);
    if (weighted !== this.#weighted) this.#use(weighted, program);
  }

  #use(weighted: boolean, program: Program): void {
    this.#programs.set(weighted, program);
    this.#compiled = { ...this.#compiled, program };
    this.ledger.use(program);
    this.#weighted = weighted;
  }

  /** Returns the values of a member that the host functions of a step read. */
  context(step: number, start: number, count: number, member = 0): HostContext {
    const { key, hyper } = this.members[member];
    return { seed: key, step, sample: 0, start, count, hyper };
  }

  /** Returns the values that the host functions of a step read, by member. */
  contexts(step: number, start: number, { count, weights }: StartedBatch): HostContext[] {
    return this.members.map((_, member) => {
      const context = this.context(step, start, count, member);
      return weights ? { ...context, weight: weights[member] } : context;
    });
  }

  /** Writes an input of a batch; where every member has its own batch, to each. */
  writeInput(leaf: Tensor, data: Float32Array | Uint32Array): void {
    const copies = this.ownOrder ? this.members.length : 1;
    for (let member = 0; member < copies; member++) this.executor.write(leaf, data, member);
  }

  /** Trains on batches of an epoch, or on a batch that was written. */
  run(batches: readonly StartedBatch[], epoch?: EpochRun): void {
    this.check();
    const { ledger, compiled } = this;
    checkCounted('steps', ledger.steps, batches.length);
    let start = epoch?.rows.row ?? 0;
    const contexts = batches.map((batch, i) => {
      const step = ledger.steps + i;
      const each = this.contexts(step, start, batch);
      start += batch.count;
      return each.map((context, m) => ({ ...context, hyper: epoch?.schedule?.(step, m) ?? context.hyper }));
    });
    compiled.program.run(contexts, epoch?.gather);
    ledger.countStarted(batches, epoch?.rows);
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
    this.ledger.reserve(where);
  }

  /** Replaces the members by copies of those at `from`; all steps must have been read. */
  async rearrange(copies: readonly Copy[]): Promise<void> {
    this.check();
    const from = copies.map((copy) => copy.from);
    await this.executor.rearrange(from);
    this.#members = copies.map(({ member }) => member);
    this.ledger.rearrange(from);
    await this.settle();
  }

  /** Makes room for members whose states are set next; all steps must have been read. */
  async resize(members: readonly Member[]): Promise<void> {
    this.check();
    if (this.executor.members !== members.length) await this.executor.rearrange(members.map(() => 0));
    this.check();
    this.#members = members;
  }

  /** Changes a member's hyper-parameters from the next step on that has not been started. */
  setHyper(member: number, hyper: Member['hyper']): void {
    this.#members = this.#members.map((each, i) => (i === member ? { ...each, hyper } : each));
  }

  /** The best states of members, once `best` has made memory for them. */
  get rememberedBest(): Snapshot | undefined {
    return this.#bestMade;
  }

  /** Returns the memory of members' best states, which it makes once. @throws EngineError of kind `memory` */
  async best(): Promise<Snapshot> {
    this.#bestMade = await this.#best();
    return this.#bestMade;
  }

  /** True if every member reads the data in an order of its own. */
  get ownOrder(): boolean {
    return this.model.training.ownOrder === true;
  }

  /** Waits until the device has accepted all that was started. @throws EngineError if it refused something */
  settle(): Promise<void> {
    return this.ledger.settle();
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.executor.dispose();
  }
}

function compileStep(
  executor: Executor,
  { model, x, y }: Pick<TracedTraining, 'model' | 'x' | 'y'>,
  weighted: boolean,
  keeps: boolean,
): Promise<Program> {
  const step = model.step(weighted ? { x, y, weights: model.rowWeights('weights', x.rows) } : { x, y });
  return executor.compile(step, model.scalars, { watch: true, keeps, ring: weighted ? 'weighted' : undefined });
}
