import type { HostFunction, Update } from '../graph/step.js';
import type { Tensor } from '../ops/tensor.js';
import type { Described, LayerContext, Parameter } from './layer.js';
import type { Schedule } from './schedules.js';

/** What an optimiser may ask for. */
export interface OptimizerContext extends LayerContext {
  /** Declares a state of the optimiser of the parameter's shape, which starts at 0. */
  optimizerState(parameter: Parameter, name: string): Tensor;
}

/** Turns a gradient into the next value of a parameter and of the optimiser's own states. */
export interface Optimizer extends Described {
  update(parameter: Parameter, gradient: Tensor, context: OptimizerContext): Update[];
}

/** A schedule as it is saved: a number where it is constant. */
export function describeRate({ kind, base, options }: Schedule) {
  return kind === 'constantRate' ? base : { kind, ...options };
}

/** The rate at a step, from its hyper-parameters as they stand; these are declared. */
export function declareRate(schedule: Schedule, context: LayerContext): (host: Parameters<HostFunction>[0]) => number {
  const starts = { learningRate: schedule.base, ...schedule.hyper };
  for (const [name, start] of Object.entries(starts)) context.hyper(name, start);
  return ({ hyper, step }) => hyper.learningRate * schedule.factor(step, hyper);
}
