import type { Plan } from '../plan/plan.js';
import type { Device } from './device.js';
import type { Memory } from './memory.js';
import type { RunObserver } from './run-observer.js';

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
