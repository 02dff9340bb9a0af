import type { StepContexts } from '../graph/engine.js';
import type { Scalars } from '../graph/step.js';
import type { Tensor } from '../ops/tensor.js';
import type { Plan } from '../plan/plan.js';
import type { Region } from './command-queue.js';
import type { Device } from './device.js';
import type { Memory } from './memory.js';

/**
 * The amount that an engine reports; each level includes the lower ones.
 *
 * | level | reports |
 * |---|---|
 * | 0 | nothing |
 * | 1 | the plan of every program: dispatches, the ops that ride on them, flops, bytes, memory, the number of shared shaders |
 * | 2 | time, GB/s and GFLOP/s of every dispatch, after 1, 10, 100, ... steps, and as tracks of Chrome's Performance panel; needs timestamp queries, without which whole steps are timed |
 * | 3 | the final WGSL of every dispatch |
 * | 4 | every dispatch is compared with the float64 interpretation of its ops, within their bounds, and searched for numbers that are not finite; after an error the next call throws. Slow: for small models |
 *
 * At level 2 and above every dispatch is a compute pass of its own; steps that you encode yourself are not observed.
 */
export type DebugLevel = 0 | 1 | 2 | 3 | 4;

/** Receives the reports of `debug`. */
export type Log = (text: string) => void;

/** Reports an engine's programs and checks their runs. Loaded on demand: a page that trains does not carry it. */
export interface Debugging {
  readonly level: DebugLevel;
  /** Reports the plan of a new program. */
  describe(plan: Plan, members: number): void;
  /** Returns an observer of the next run in a model's memory, if the level wants one. */
  observe(device: Device, memory: Memory): RunObserver | undefined;
}

/** A program whose dispatches can be recorded one at a time. */
export interface ReplayedProgram {
  readonly plan: Plan;
  readonly scalars: Scalars;
  readonly members: number;
  /** Rows of the step table. */
  readonly slots: number;
  /** Writes the steps' rows of the step table; returns the first row. */
  prepare(steps: readonly StepContexts[]): number;
  /** Records the dispatches from `from` up to `to` of the step in row `row` of the table. */
  replay(pass: GPUComputePassEncoder, row: number, from?: number, to?: number): void;
  /** True if good states may be kept after a step. */
  keepsAfter(contexts: StepContexts): boolean;
  /** Records keeping the states after the step in row `row` of the table, if they are good. */
  keep(pass: GPUComputePassEncoder, row: number): void;
  /** The rows of a tensor that the program reads or stores at the step in row `row` of the table. */
  regionOf(tensor: Tensor, member: number, row: number): Region;
}

/** Records the steps of one run in place of their programs, so that it can look at every dispatch. */
export interface RunObserver {
  /** Records steps, each of all programs one after another. */
  encode(encoder: GPUCommandEncoder, programs: readonly ReplayedProgram[], steps: readonly StepContexts[]): void;
  /** Records the commands at the end of the run. */
  finish(encoder: GPUCommandEncoder): void;
  /** Looks at the recorded dispatches once the run is done. @throws EngineError if something is wrong */
  look(submitted: Promise<void>): Promise<void>;
}
