import type { GpuExecutor } from '../../src/gpu/gpu-executor.js';
import { GpuProgram } from '../../src/gpu/gpu-program.js';
import type { Scalars, Step } from '../../src/graph/step.js';
import { type PlanOptions, plan } from '../../src/plan/plan.js';

/** Changes the WGSL of a dispatch; the same text if it has nothing to change there. */
export type Mutation = (wgsl: string, title: string) => string;

/** A program with a bug in its shaders: planned as usual, then changed text by text. */
export async function compileMutant(
  executor: GpuExecutor,
  step: Step,
  scalars: Scalars,
  options: PlanOptions,
  mutate: Mutation,
): Promise<GpuProgram> {
  const planned = plan(step, executor.layout, options);
  const dispatches = planned.dispatches.map((each) => ({ ...each, wgsl: mutate(each.wgsl, each.title) }));
  return GpuProgram.create(executor, { ...planned, dispatches }, step, scalars);
}
