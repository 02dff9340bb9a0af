import type { GpuExecutor } from '../gpu/gpu-executor.js';
import type { GpuProgram } from '../gpu/gpu-program.js';
import { poison } from './stored.js';

/** A program with the row of its step table that it runs with. */
export interface ReadyProgram {
  readonly program: GpuProgram;
  readonly row: number;
}

/**
 * Returns all words that dispatch `index` of a program stores, pads included, after the dispatches of `before` ahead of it
 * have run from the states that were last kept.
 */
export async function storedBy(
  executor: GpuExecutor,
  before: ReadyProgram,
  { program, row }: ReadyProgram,
  index: number,
): Promise<Uint32Array> {
  const { writes } = program.plan.dispatches[index];
  const { commands } = executor;
  executor.restore();
  // Words that a dispatch leaves out must not look like words that another one stored there.
  const fresh = writes.filter((tensor) => program.plan.view(tensor)?.storage.kind !== 'state');
  poison(executor, program.plan, fresh);
  const encoder = commands.device.createCommandEncoder({ label: 'wgrad bits' });
  const pass = encoder.beginComputePass({ label: 'wgrad bits' });
  // A wrong candidate may have left wrong values: write them again.
  before.program.replay(pass, before.row, 0, index);
  program.replay(pass, row, index, index + 1);
  pass.end();
  const submitted = commands.submit(encoder);
  const regions = writes.flatMap((tensor) =>
    Array.from({ length: executor.members }, (_, member) => program.regionOf(tensor, member, row)),
  );
  return new Uint32Array(await commands.readBack(regions, submitted));
}
