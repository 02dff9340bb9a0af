import type { GpuExecutor } from './gpu-executor.js';
import type { GpuProgram } from './gpu-program.js';
import { poison } from './stored.js';

/** A program in the step that its row of the step table holds. */
export interface ReadyProgram {
  readonly program: GpuProgram;
  readonly row: number;
}

/**
 * All words that dispatch `index` of a program stores, pads included, when the dispatches of `before` ahead of it have run
 * from the states that were last kept.
 */
export async function storedBy(
  executor: GpuExecutor,
  before: ReadyProgram,
  { program, row }: ReadyProgram,
  index: number,
): Promise<Uint32Array> {
  const { writes } = program.plan.dispatches[index];
  executor.restore();
  // What a dispatch leaves out is not to look like what another has stored there.
  const fresh = writes.filter((tensor) => program.plan.view(tensor)?.storage.kind !== 'state');
  poison(executor, program.plan, fresh);
  const encoder = executor.engine.device.createCommandEncoder({ label: 'wgrad bits' });
  const pass = encoder.beginComputePass({ label: 'wgrad bits' });
  // What a candidate that is wrong may have left is written anew.
  before.program.replay(pass, before.row, 0, index);
  program.replay(pass, row, index, index + 1);
  pass.end();
  const submitted = executor.submit(encoder);
  submitted.catch(() => {}); // awaited with the copy
  const regions = writes.flatMap((tensor) =>
    Array.from({ length: executor.members }, (_, member) => program.regionOf(tensor, member, row)),
  );
  const bytes = await executor.readback.read(regions, (copy) =>
    Promise.all([submitted, executor.submit(copy)]).then(() => {}),
  );
  return new Uint32Array(bytes);
}
