import type { Step } from '../../src/graph/step.js';
import { KERNELS } from '../../src/kernels/every-kernel.js';
import type { Layout } from '../../src/plan/layout.js';
import * as planning from '../../src/plan/plan.js';

/** Options of `plan`; the kernels are all there are. */
export type PlanOptions = Partial<planning.PlanOptions>;

/** Plans a step with every kernel in every variant. */
export const plan = (step: Step, layout: Layout, options: PlanOptions = {}) =>
  planning.plan(step, layout, { kernels: KERNELS, ...options });
