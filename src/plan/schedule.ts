import { rewrite } from '../graph/rewrite.js';
import type { Step, Update } from '../graph/step.js';
import type { Kernel } from '../kernels/kernel.js';
import { expandOp, type Tensor } from '../ops/index.js';
import { cover, type Group } from './cover.js';
import { order } from './order.js';
import { type Ride, ride } from './ride.js';

/** The groups that compute a step, in order; without memory or text yet. */
export interface Schedule {
  /** In the order of their dispatches. */
  readonly groups: readonly Group[];
  readonly rode: Ride;
  readonly updates: readonly Update[];
  readonly metrics: readonly Tensor[];
  /** Results that must lie in memory for a reader outside. */
  readonly outputs: readonly Tensor[];
  /** Everything that must be computed. */
  readonly wanted: readonly Tensor[];
  /** Returns the tensor that is computed in place of one of the step as it was written. */
  now(tensor: Tensor): Tensor;
}

/** Options of `schedule`. */
export interface ScheduleOptions {
  /** The kernels to cover structural ops with, those that cover most first. */
  readonly kernels: readonly Kernel[];
  readonly ride: boolean;
  readonly taps: readonly Tensor[];
  /** Tensors that may not ride. */
  readonly alone: ReadonlySet<Tensor>;
  /** Tensors that may only ride together, not on a kernel. */
  readonly shed: ReadonlySet<Tensor>;
  /** Tensors that no kernel of several ops may compute. */
  readonly apart: ReadonlySet<Tensor>;
}

/** Returns a tensor of the same value, computed by a dispatch of its own. */
function copyOf(tensor: Tensor): Tensor {
  return tensor.trace.apply(expandOp, [tensor], { rows: tensor.rows, cols: tensor.cols });
}

/**
 * Rewrites a step, covers it with kernels, lets elementwise ops ride and orders the dispatches. A state whose new value
 * cannot take its place at once gets it by a copy, after every reader of the old one.
 */
export function schedule(step: Step, options: ScheduleOptions): Schedule {
  const values = step.updates.map(({ value }) => value);
  const replaced = rewrite([...values, ...step.metrics, ...step.outputs, ...options.taps]);
  const now = (tensor: Tensor) => replaced.get(tensor) ?? tensor;
  const metrics = step.metrics.map(now);
  const outputs = [...step.outputs, ...options.taps].map(now);
  const detached = new Set<Tensor>();
  for (;;) {
    const updates = step.updates
      .map(({ state, value }) => ({ state, value: detached.has(state) ? copyOf(now(value)) : now(value) }))
      .filter(({ state, value }) => state !== value);
    const copies = updates.filter(({ state }) => detached.has(state)).map(({ value }) => value);
    // Inlined into its copy, a value would read states already updated.
    const copied = copies.flatMap(({ inputs }) => inputs);
    const wanted = [...updates.map(({ value }) => value), ...metrics, ...outputs];
    const covered = cover(wanted, options.kernels, options.ride, options.apart);
    const rode = ride(covered, {
      ride: options.ride,
      stored: new Set([...wanted.filter((tensor) => tensor.op.kind !== 'leaf'), ...covered.operands, ...copied]),
      alone: new Set([...options.alone, ...copies]),
      shed: options.shed,
    });
    const { groups, blocked } = order(rode, updates);
    if (!blocked) return { groups, rode, updates, metrics, outputs, wanted, now };
    detached.add(blocked);
  }
}
