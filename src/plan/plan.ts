import type { Step } from '../graph/step.js';
import type { DeviceTraits } from '../kernels/kernel.js';
import type { Tensor } from '../ops/tensor.js';
import type { Layout } from './layout.js';
import { schedule } from './schedule.js';
import { type Plan, type PlanOptions, writePlan } from './write-plan.js';

export type { Dispatch, Plan, PlanOptions } from './write-plan.js';
export type { DeviceTraits };

/** Storage buffers of a dispatch beside its own: the step table. */
const TABLES = 1;

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
