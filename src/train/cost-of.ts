import { stepFlops } from '../plan/step-flops.js';
import { sessionOf, type Trainer } from './trainer.js';

/** The cost of training. */
export interface TrainingCost {
  /** Floating-point operations of the kernels of one step; elementwise ops, which ride on them, are not counted. */
  readonly flops: number;
  /** Bytes that the trainer holds on its device now. */
  readonly memory: number;
}

/**
 * Returns the operations of a step of training and the memory that the trainer holds. The reference engine counts the
 * operations of the same step's plan, which it does not run, and the host's memory of the states and their last good copy.
 * @throws EngineError of kind `disposed` or `lost` if the trainer can no longer be used
 */
export function costOf(trainer: Trainer): TrainingCost {
  const session = sessionOf(trainer);
  session.check();
  const { model, compiled, executor } = session;
  const { x, y } = compiled;
  return { flops: stepFlops(model.step({ x, y })), memory: executor.bytes };
}
