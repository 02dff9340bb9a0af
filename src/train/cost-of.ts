import { stepFlops } from '../plan/step-flops.js';
import type { Population } from './population.js';
import { populationSessions } from './population-sessions.js';
import { sessionOf, type Trainer } from './trainer.js';

/** The cost of training. */
export interface TrainingCost {
  /** Floating-point operations of the kernels of one step of one network; elementwise ops, which ride on them, are not counted. */
  readonly flops: number;
  /** Bytes that the trainer, or the population, holds on its device now. */
  readonly memory: number;
}

/**
 * Returns the operations of a step of training and the memory that a trainer or a population holds. The reference engine
 * counts the operations of the same step's plan, which it does not run, and the host's memory of the states and their last
 * good copy.
 * @throws EngineError of kind `disposed` or `lost` if it can no longer be used
 */
export function costOf(trained: Trainer | Population): TrainingCost {
  const session = populationSessions.get(trained)?.() ?? sessionOf(trained as Trainer);
  session.check();
  const { model, compiled, executor } = session;
  const { x, y } = compiled;
  return { flops: stepFlops(model.step({ x, y })), memory: executor.bytes };
}
