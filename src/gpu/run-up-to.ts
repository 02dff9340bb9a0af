import type { StepContexts } from '../graph/executor.js';
import type { Tensor } from '../ops/tensor.js';
import type { GpuExecutor } from './gpu-executor.js';
import type { GpuProgram } from './gpu-program.js';
import { unpad } from './memory.js';

/**
 * Runs a step's dispatches up to the one that stores `tensor`, and returns what it stored for the first member: [rows,
 * cols], tight. What comes behind it does not run; of what a forward pass computes, no state has changed by then.
 * @throws Error if the program stores no such tensor
 */
export async function runUpTo(
  executor: GpuExecutor,
  program: GpuProgram,
  contexts: StepContexts,
  tensor: Tensor,
): Promise<Float32Array> {
  executor.check();
  const { plan } = program;
  const view = plan.view(tensor);
  const last = plan.dispatches.findIndex(({ writes }) => writes.some((each) => plan.view(each) === view));
  if (!view || last < 0) throw new Error('run: the program does not store what is asked for');
  const encoder = executor.engine.device.createCommandEncoder({ label: 'wgrad part of a step' });
  const row = program.prepare([contexts]);
  const pass = encoder.beginComputePass({ label: 'wgrad part of a step' });
  program.replay(pass, row, 0, last + 1);
  pass.end();
  const submitted = executor.submit(encoder);
  submitted.catch(() => {}); // awaited with the copy
  const bytes = await executor.readback.read([program.regionOf(tensor, 0, row)], (copy) =>
    Promise.all([submitted, executor.submit(copy)]).then(() => {}),
  );
  return unpad(new Float32Array(bytes), tensor.rows, tensor.cols);
}
