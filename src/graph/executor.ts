import { EngineError } from '../errors/engine-error.js';
import type { Tensor } from '../ops/tensor.js';
import type { HostContext, Scalars, Step } from './step.js';
import type { Elements } from './whole-rows.js';

/** Metrics of one step and one member, as they came out of it. */
export interface MetricRow {
  /** Elements of each of the step's metrics, in their order. */
  readonly values: readonly Float32Array[];
  /** What was not finite: a metric or a state, first in the order of the step; undefined if all is well. */
  readonly bad?: string | undefined;
}

/** Steps whose metrics were asked for have not run: their commands were recorded, but not submitted. */
export class NotRun extends EngineError {
  /** The metrics of the steps before them. */
  readonly rows: readonly MetricRow[][];

  constructor(rows: readonly MetricRow[][]) {
    super('validation', 'metrics: a step was recorded, but its commands have not been submitted');
    this.rows = rows;
  }
}

/** One context a member. */
export type StepContexts = readonly HostContext[];

/** A step that is ready to run any number of times. */
export interface Program {
  /** Dispatches a step; 0 on the CPU. */
  readonly dispatches: number;
  /** Steps whose metrics are kept until they are read; also the most that `run` takes at once. */
  readonly slots: number;
  /**
   * Runs steps one after another, each after the same step of `before`, if there is one (to fetch its batch, say).
   * Returns before they are done.
   */
  run(steps: readonly StepContexts[], before?: Program): void;
  /** The metrics of the last `count` steps, oldest first, by member. @throws NotRun if some of them have not run */
  metrics(count: number): Promise<MetricRow[][]>;
  /** Remembers the states of every member in which the last `count` steps found nothing that is not finite. */
  keep(count: number): void;
  /** Runs steps as `run` does and returns `output` ([rows, cols], tight) after each, by step and member. */
  collect(steps: readonly StepContexts[], output: Tensor, before?: Program): Promise<Float32Array[][]>;
  /** Frees what the program alone uses. */
  dispose(): void;
}

/** How a program is made. */
export interface CompileOptions {
  /** Report what is not finite in `MetricRow.bad`. Default false. */
  watch?: boolean;
  /** Name of the ring of metrics; programs of one executor may not share one. Default 'ring'. */
  ring?: string;
}

/** A copy of every state of every member, which stays where the states are. */
export interface Snapshot {
  /** Copies the states of members, in ascending order, as they are. */
  save(members: readonly number[]): void;
  /** Puts the copies of members back. */
  restore(members: readonly number[]): void;
  /** Copies of one member, each [rows, cols], tight. */
  read(states: readonly Tensor[], member: number): Promise<Float32Array[]>;
  /** Sets the copy of a state of one member: [rows, cols], tight. */
  write(state: Tensor, data: Float32Array, member: number): void;
}

/** Where the steps of one model run, and where its states live: networks side by side. */
export interface Executor {
  /** Networks that there is memory for. */
  readonly capacity: number;
  /** Networks that run: the first ones of those that there is memory for. At first all. */
  readonly members: number;
  /** Prepares a step. */
  compile(step: Step, scalars: Scalars, options?: CompileOptions): Promise<Program>;
  /** Sets a state of one member, or an input: [rows, cols], tight; of fewer rows the others become 0. */
  write(leaf: Tensor, data: Elements, member?: number): void;
  /** States of one member, each [rows, cols], tight, as they are when this is called. */
  read(states: readonly Tensor[], member?: number): Promise<Float32Array[]>;
  /** Remembers the states as they are. */
  keep(): void;
  /** Puts back what was last kept. */
  restore(): void;
  /**
   * Member i becomes a copy of what member `from[i]` was, in its states and in every snapshot, and is kept as it is then;
   * from then on `from.length` members run, which may not be more than there is memory for.
   * @throws EngineError of kind `memory`
   */
  rearrange(from: readonly number[]): Promise<void>;
  /** Makes memory for a copy of every state. @throws EngineError of kind `memory` */
  snapshot(): Promise<Snapshot>;
  /** Gives back the memory of an input that no program uses any more. */
  release(leaf: Tensor): void;
  /** Waits until what has been started is accepted. @throws EngineError if any of it was refused or failed. */
  settle(): Promise<void>;
  dispose(): void;
}
