import type { Step } from '../graph/step.js';
import { kernelsWith } from '../kernels/index.js';
import type { Tensor } from '../ops/index.js';
import { schedule } from './schedule.js';

/** Returns the floating-point operations of a step's kernels, however they compute products; riders are not counted. */
export function stepFlops(step: Step): number {
  const none: ReadonlySet<Tensor> = new Set();
  const kernels = kernelsWith(() => []);
  const { groups } = schedule(step, { kernels, ride: true, taps: [], alone: none, shed: none, apart: none });
  return groups.reduce((sum, { kernel, dimensions }) => sum + kernel.flops(dimensions), 0);
}
