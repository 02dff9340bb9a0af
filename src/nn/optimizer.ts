import type { HostContext, Update } from '../graph/step.js';
import { multiply } from '../ops/arithmetic.js';
import type { Tensor } from '../ops/tensor.js';
import type { Described } from './described.js';
import type { LayerContext, Parameter } from './layer.js';
import type { Schedule } from './schedules.js';

/** The requests that an optimiser may make while it is traced. */
export interface OptimizerContext extends LayerContext {
  /** Declares a state of the optimiser of the parameter's shape, which starts at 0. */
  optimizerState(parameter: Parameter, name: string): Tensor;
}

/** Turns a gradient into the next value of a parameter and of the optimiser's own states. */
export interface Optimizer extends Described {
  update(parameter: Parameter, gradient: Tensor, context: OptimizerContext): Update[];
}

/** Returns a schedule as it is saved: a number if it is constant. */
export function describeRate({ kind, base, options }: Schedule) {
  return kind === 'constantRate' ? base : { kind, ...options };
}

/** The learning rate at a step, from the hyper-parameters as they stand. */
export type RateAt = (host: HostContext) => number;

/** Returns the rate of a schedule, whose hyper-parameters it declares. */
export function declareRate(schedule: Schedule, context: LayerContext): RateAt {
  const starts = { learningRate: schedule.base, ...schedule.hyper };
  for (const [name, start] of Object.entries(starts)) context.hyper(name, start);
  return ({ hyper, step }) => hyper.learningRate * schedule.factor(step, hyper);
}

/** Returns the parameter after decoupled weight decay, (1 - lr·wd)·θ; biases do not decay. */
export function decayed(
  { tensor, role }: Parameter,
  weightDecay: number | undefined,
  rate: RateAt,
  context: LayerContext,
): Tensor {
  if (weightDecay === undefined || role !== 'weights') return tensor;
  context.hyper('weightDecay', weightDecay);
  return multiply(
    tensor,
    context.scalar('decay', (host) => [1 - rate(host) * host.hyper.weightDecay]),
  );
}
