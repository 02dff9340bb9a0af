import type { GpuExecutor } from './gpu-executor.js';
import type { GpuProgram } from './gpu-program.js';
import type { RunObserver } from './run-observer.js';

/**
 * How much an engine tells; each level tells what the lower ones do, too.
 *
 * | level | what |
 * |---|---|
 * | 0 | nothing |
 * | 1 | the plan of every program: dispatches, what rides on them, flops, bytes, memory, how many shaders are shared |
 * | 2 | time, GB/s and GFLOP/s of every dispatch, after 1, 10, 100, ... steps, and as tracks of Chrome's Performance panel; needs timestamp queries, without which whole steps are timed |
 * | 3 | the final WGSL of every dispatch |
 * | 4 | every dispatch that the engine submits is compared with the float64 interpretation of its ops, within their bounds, and looked through for numbers that are not finite: what comes next throws. Slow: for small models |
 *
 * At level 2 and above every dispatch is a compute pass of its own; steps that you encode yourself are not looked at.
 */
export type DebugLevel = 0 | 1 | 2 | 3 | 4;

/** What the levels of the dial are written to. */
export type Log = (text: string) => void;

/** What an engine does at a level of debugging. Loaded only where it is asked for: a page that trains does not carry it. */
export interface Debugging {
  readonly level: DebugLevel;
  /** Tells of a program that was made. */
  describe(program: GpuProgram): void;
  /** What looks at the next run of an executor's programs, if something does. */
  observe(executor: GpuExecutor): RunObserver | undefined;
}
