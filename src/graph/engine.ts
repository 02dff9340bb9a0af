import { EngineError } from '../errors/engine-error.js';
import type { Shape, Tensor } from '../ops/tensor.js';
import type { HostContext, Scalars, Step } from './step.js';

/** The device behind an engine. */
export interface EngineInfo {
  /** 'webgpu', or 'reference' for the CPU. */
  readonly backend: 'webgpu' | 'reference';
  /** The adapter in words, for people. */
  readonly adapter: string;
  readonly vendor: string;
  readonly architecture: string;
  /** The adapter computes on the CPU. */
  readonly software: boolean;
}

/** Receives the number of kernels that are compiled, of those that were asked for so far. */
export type CompileProgress = (kernels: { readonly compiled: number; readonly all: number }) => void;

/** Options of `Engine.createExecutor`. */
export interface ExecutorOptions {
  /** Networks side by side. Default 1. */
  members?: number | undefined;
  /** Elementwise ops ride in the kernels' epilogues. Default true. */
  ride?: boolean | undefined;
  /** Guard rows around every block; tests use 1. Default 0. */
  guards?: number | undefined;
  /** Steps whose metrics are kept until they are read. Default 256. */
  slots?: number | undefined;
  /** The variant to use of every kernel that has it, such as 'tiled'. Default: the best for sizes and device. */
  variant?: string | undefined;
  /** False: the engine's debugging ignores this executor. Default true. */
  debug?: boolean | undefined;
  /** Called whenever kernels begin to be compiled, and when one is. Default: nothing is told. */
  progress?: CompileProgress | undefined;
}

/** A device that trains: a GPU, or the CPU reference. */
export interface Engine {
  readonly info: EngineInfo;
  /** The GPUDevice of the engine, for buffers and passes of your own; undefined on the CPU reference. */
  readonly device: GPUDevice | undefined;
  /** Receives warnings: the option `log` of `createEngine`, or `console.log`. */
  readonly log: (text: string) => void;
  /** Returns memory and programs for one model. */
  createExecutor(options?: ExecutorOptions): Executor;
  /** Throws if the engine can no longer be used. */
  check(): void;
  /** Frees what the engine owns; a device that was handed in stays alive. */
  dispose(): void;
  [Symbol.dispose](): void;
}

/** Metrics of one step and one member. */
export interface MetricRow {
  /** Elements of each of the step's metrics, in their order. */
  readonly values: readonly Float32Array[];
  /** `LABELS`, or the first metric or state of the step that was not finite; undefined if all is well. */
  readonly bad?: string | undefined;
}

/** Thrown when metrics are read of steps whose commands were recorded, but have not run. */
export class NotRun extends EngineError {
  /** The metrics of the steps, undefined for those that have not run. */
  readonly rows: readonly (MetricRow[] | undefined)[];

  constructor(rows: readonly (MetricRow[] | undefined)[]) {
    super('validation', 'metrics: a step was recorded, but its commands have not been submitted');
    this.rows = rows;
  }
}

/** One context for each member. */
export type StepContexts = readonly HostContext[];

/** Buffers that hold the first `rows` rows of inputs, tight. */
export interface InputBuffers {
  readonly buffers: ReadonlyMap<Tensor, GPUBuffer>;
  readonly rows: number;
}

/** A program between buffers of callers. */
export interface BufferRun {
  /**
   * Records the program on `rows` tight rows of `x`; their outputs become as many tight rows of `out`. Both must be large
   * enough, and of the usage STORAGE.
   */
  encode(encoder: GPUCommandEncoder, x: GPUBuffer, out: GPUBuffer, rows: number): void;
  /** @throws EngineError of kind `validation`, once, if WebGPU has refused a buffer of an earlier call */
  check(where: string): void;
  dispose(): void;
}

/** A compiled step, which can run any number of times. */
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
  /** Runs steps as `run` does and returns `output` ([rows, cols], tight) after each, by step and member. */
  collect(steps: readonly StepContexts[], output: Tensor, before?: Program): Promise<Float32Array[][]>;
  /** Records a step on inputs that lie in buffers of the device into `encoder`. Missing where there is no GPU. */
  encodeOnBuffers?(contexts: StepContexts, inputs: InputBuffers, encoder: GPUCommandEncoder): void;
  /**
   * Runs a step on inputs that lie in buffers of the device; resolves to WebGPU's refusal if it refuses them, and the step
   * has not run. Missing where there is no GPU.
   */
  runOnBuffers?(contexts: StepContexts, inputs: InputBuffers): Promise<EngineError | undefined>;
  /** Takes back the last step, which `runOnBuffers` has refused. */
  takeBack?(): void;
  /** Frees the memory that only this program uses. */
  dispose(): void;
}

/** Options of `Executor.compile`. */
export interface CompileOptions {
  /** Report what is not finite in `MetricRow.bad`. Default false. */
  watch?: boolean | undefined;
  /** Keep good states every few steps, by the first metric, a loss; see `keep-rule.ts`. It takes memory. Default false. */
  keeps?: boolean | undefined;
  /** Name of the ring of metrics; programs of one executor may not share one. Default 'ring'. */
  ring?: string | undefined;
  /** The program is not for the first step: its kernels are compiled while that runs. Default false. */
  later?: boolean | undefined;
}

/** The states that `Executor.restore` goes back to. */
export interface GoodStates {
  /** Optimiser steps that they have taken. */
  readonly steps: number;
  /** Steps taken at the end of the first window of steps in which something was not finite, if there was one. */
  readonly ended?: number | undefined;
}

/** A copy of every state of every member, in the memory of the executor. */
export interface Snapshot {
  /** Copies the current states of members, given in ascending order. */
  save(members: readonly number[]): void;
  /** Sets the states of members to the copies. */
  restore(members: readonly number[]): void;
  /** Copies of one member, each [rows, cols], tight. */
  read(states: readonly Tensor[], member: number): Promise<Float32Array[]>;
  /** Sets the copy of a state of one member: [rows, cols], tight. */
  write(state: Tensor, data: Float32Array, member: number): void;
}

/** Runs the steps of one model and holds its states, for networks side by side. */
export interface Executor {
  /** Networks that there is memory for. */
  readonly capacity: number;
  /** Networks that run: the first ones of those that there is memory for. Initially all. */
  readonly members: number;
  /** Bytes of everything that the executor holds where its steps run. */
  readonly bytes: number;
  /** Prepares a step. */
  compile(step: Step, scalars: Scalars, options?: CompileOptions): Promise<Program>;
  /** Resolves once all kernels are compiled; a program that needs one before makes it at once. */
  allCompiled(): Promise<void>;
  /**
   * Prepares a program of one member, which may still be compiling, to run between buffers of callers, with the same words
   * each time. Missing where there is no GPU.
   */
  onBuffers?(
    forward: Promise<{ program: Program; output: Tensor }>,
    between: { x: Tensor; context: StepContexts },
  ): Promise<BufferRun>;
  /** Sets a state of one member, or an input: [rows, cols], tight. Rows that are not given become 0. */
  write(leaf: Tensor, data: Elements, member?: number): void;
  /** Returns the states of one member at the time of the call, each [rows, cols], tight. */
  read(states: readonly Tensor[], member?: number): Promise<Float32Array[]>;
  /** Keeps the current states as good ones, after so many steps, if a program keeps any. */
  keep(steps: number): void;
  /** Sets the states to the good ones, as of the metrics read last. A program must keep them. */
  restore(): void;
  /** The good states, as of the metrics read last. */
  readonly good: GoodStates;
  /**
   * Makes member i a copy of the old member `from[i]`, in its states and in every snapshot. From then on `from.length`
   * members run; there must be memory for them, and no program may keep states.
   * @throws EngineError of kind `memory`
   */
  rearrange(from: readonly number[]): Promise<void>;
  /** Makes memory for a copy of every state. @throws EngineError of kind `memory` */
  snapshot(): Promise<Snapshot>;
  /** Frees the memory of an input that no program uses any more. */
  release(leaf: Tensor): void;
  /** Waits until everything started is accepted. @throws EngineError if any of it was refused or failed. */
  settle(): Promise<void>;
  dispose(): void;
}

/** Row-major elements of a tensor. */
export type Elements = Float32Array | Uint32Array | Uint8Array;

/** Returns the data of an input with zeros for the rows that were not given: a row left over may hold a NaN. */
export function wholeRows({ rows, cols }: Shape, data: Elements): Elements {
  const size = rows * cols;
  if (data.length === size) return data;
  const whole = data instanceof Float32Array ? new Float32Array(size) : new Uint32Array(size);
  whole.set(data);
  return whole;
}
