import { GpuExecutor } from '../gpu/gpu-executor.js';
import { GpuProgram } from '../gpu/gpu-program.js';
import { measureMemory } from '../gpu/measure-memory.js';
import { dispatchCost } from '../plan/dispatch-cost.js';
import { Layout } from '../plan/layout.js';
import { plan } from '../plan/plan.js';
import { sessionOf, type Trainer } from './trainer.js';

/** What training takes. */
export interface TrainingCost {
  /** Floating-point operations of the kernels of one step; elementwise ops, which ride on them, are not counted. */
  readonly flops: number;
  /** Bytes that the trainer holds on its device as it stands. */
  readonly memory: number;
}

/**
 * What a step of training computes and what the trainer holds. The reference engine's operations are those of the same
 * step's plan, which it does not run; its memory is that of the states and of their last good copy, on the host.
 * @throws EngineError of kind `disposed` or `lost` if the trainer can no longer be used
 */
export function costOf(trainer: Trainer): TrainingCost {
  const session = sessionOf(trainer);
  session.check();
  const { engine, model, compiled, executor } = session;
  const step = model.step(compiled);
  const planned = compiled.program instanceof GpuProgram ? compiled.program.plan : plan(step, new Layout());
  const flops = planned.dispatches.reduce((sum, dispatch) => sum + dispatchCost(dispatch).flops, 0);
  if (executor instanceof GpuExecutor) return { flops, memory: executor.bytes };
  return { flops, memory: measureMemory(engine, [{ step, watch: true }]).each };
}
