import type { StepContexts } from '../graph/executor.js';
import type { Scalars } from '../graph/step.js';
import type { Tensor } from '../ops/tensor.js';
import type { Plan } from '../plan/plan.js';
import type { Region } from './command-queue.js';

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
