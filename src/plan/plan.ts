import type { Step } from '../graph/step.js';
import type { DeviceTraits, Dimensions, Kernel, Variant } from '../kernels/kernel.js';
import type { Tensor } from '../ops/tensor.js';
import type { Layout, View } from './layout.js';
import type { Preferences } from './preferences.js';
import { schedule } from './schedule.js';
import type { WrittenShader } from './shader-writer.js';
import { writePlan } from './write-plan.js';

export type { DeviceTraits };

/** Storage buffers of a dispatch beside its own: the step table. */
const TABLES = 1;

/** One dispatch of a plan. */
export interface Dispatch extends WrittenShader {
  /** Kernel, variant and riders. */
  readonly title: string;
  readonly kernel: Kernel;
  readonly variant: Variant;
  readonly dimensions: Dimensions;
  /** Workgroups along x and y; z is the member. */
  readonly grid: readonly [x: number, y: number];
  /** Tensors read from memory, and tensors stored. */
  readonly reads: readonly Tensor[];
  readonly writes: readonly Tensor[];
}

/** A step as an ordered list of dispatches with their final WGSL; no device is involved. */
export interface Plan {
  readonly dispatches: readonly Dispatch[];
  readonly layout: Layout;
  /** Scalar leaves with their first word in a member's part of the step table. */
  readonly scalars: ReadonlyMap<Tensor, number>;
  /** Words of a member's part of the step table. */
  readonly words: number;
  /** Names of what is watched for non-finite numbers, by bit; empty if nothing is. */
  readonly watched: readonly string[];
  /** Where a tensor of the step lies after the step, as the step was written (before rewriting). */
  view(tensor: Tensor): View | undefined;
}

/** How a plan is made. */
export interface PlanOptions {
  /** Elementwise ops ride in epilogues, and compound kernels are used. Default true. */
  ride?: boolean;
  /** What variants of kernels may rely on, and are chosen by. Default: what every device has. */
  device?: DeviceTraits;
  /** The variant of every kernel that has it and that the device can run. Default: the one that suits best. */
  variant?: string | undefined;
  /** Variants of kernels at single shapes, where `variant` names none. Default: none. */
  preferences?: Preferences;
  /** Storage buffers that a dispatch may bind, the step table included. Default 8, WebGPU's guaranteed number. */
  maxStorageBuffers?: number;
  /** Tensors to store beside what the step needs; see `Plan.view`. */
  taps?: readonly Tensor[];
  /** Name of the storage that holds the metrics of steps. Default 'ring'. */
  ring?: string;
  /** Flag new states and metrics that are not finite. Default false. */
  watch?: boolean;
}

/**
 * Turns a step into dispatches: rewrite, cover with kernels, let elementwise ops ride, order, lay out, write the WGSL.
 * A dispatch that would bind more buffers than the device allows gives up riders until it fits.
 * @throws Error if no kernel computes an op, or a kernel's own operands exceed the device's bindings.
 */
export function plan(step: Step, layout: Layout, options: PlanOptions = {}): Plan {
  const { ride = true, taps = [], maxStorageBuffers = 8 } = options;
  const alone = new Set<Tensor>();
  for (;;) {
    const scheduled = schedule(step, { ride, taps, alone });
    const planned = writePlan(scheduled, layout, options);
    const crowded = planned.dispatches.findIndex(({ bindings }) => bindings.length + TABLES > maxStorageBuffers);
    if (crowded < 0) return planned;
    const last = [...scheduled.groups[crowded].riders.values()].flat().pop();
    if (!last || !ride || alone.has(last)) {
      const { title, bindings } = planned.dispatches[crowded];
      const bound = bindings.length + TABLES;
      throw new Error(`plan: ${title} binds ${bound} storage buffers, the device allows ${maxStorageBuffers}`);
    }
    alone.add(last);
  }
}
