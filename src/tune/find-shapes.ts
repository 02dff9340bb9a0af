import type { GpuExecutor } from '../gpu/gpu-executor.js';
import type { Step } from '../graph/step.js';
import { type Dimensions, type Kernel, variantsOn } from '../kernels/index.js';
import { type Preferences, shapeName } from '../kernels/kernel.js';
import { type Dispatch, plan } from '../plan/plan.js';

/** One variant at a shape, in every dispatch of the shape. */
export interface Candidate {
  readonly variant: string;
  readonly dispatches: readonly Dispatch[];
}

/** A kernel at some sizes for which there are several variants. */
export interface Shape {
  readonly name: string;
  readonly kernel: Kernel;
  readonly sizes: Dimensions;
  /** Its dispatches' numbers in the step. */
  readonly indices: readonly number[];
  /** The planner's own choice first. */
  readonly candidates: readonly Candidate[];
}

/** Variants that are measured at a shape, at most. */
const MOST_CANDIDATES = 7;

/** Returns the options with which a trainer's step is planned, but for these preferences. */
export const trainingOptions = (preferences: Preferences) => ({ watch: true, preferences });

/** Returns the shapes of a step for which this device can run several variants, in the order of their first dispatches. */
export function findShapes(executor: GpuExecutor, step: Step): Shape[] {
  const planned = (preferences: Preferences) =>
    plan(step, executor.layout, executor.planOptions(trainingOptions(preferences))).dispatches;
  const dispatches = planned(new Map());
  const names = dispatches.map(({ kernel, dimensions }) => shapeName(kernel, dimensions));
  return [...new Set(names)].flatMap((name) => {
    const indices = names.flatMap((each, i) => (each === name ? [i] : []));
    const { kernel, dimensions, variant } = dispatches[indices[0]];
    const variants = [variant.name, ...othersOf(executor, kernel, dimensions, variant.name)];
    const candidates = variants.slice(0, MOST_CANDIDATES).map((each): Candidate => {
      const all = planned(new Map([[name, each]]));
      return { variant: each, dispatches: indices.map((i) => all[i]) };
    });
    const { length } = candidates;
    return length > 1 ? [{ name, kernel, sizes: dimensions, indices, candidates }] : [];
  });
}

/** The variants beside `planned` that a device can run at these sizes, what suits best first. */
function othersOf({ engine }: GpuExecutor, kernel: Kernel, sizes: Dimensions, planned: string): string[] {
  const { traits, device } = engine;
  const suits = ({ suits }: Kernel['variants'][number]) => suits?.(sizes, traits) ?? 0;
  return variantsOn(traits, kernel)
    .filter(({ name, grid }) => {
      return name !== planned && Math.max(...grid(sizes, traits)) <= device.limits.maxComputeWorkgroupsPerDimension;
    })
    .sort((a, b) => suits(b) - suits(a))
    .map(({ name }) => name);
}
