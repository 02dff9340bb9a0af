import { EngineError } from '../errors/engine-error.js';
import type { CommandQueue } from './command-queue.js';
import { USAGE } from './usage.js';

/** Makes buffers for storage, all of them or none. @throws EngineError of kind `memory` */
export async function makeBuffers(
  commands: CommandQueue,
  wanted: readonly { name: string; size: number }[],
): Promise<GPUBuffer[]> {
  if (wanted.length === 0) return [];
  const { device } = commands;
  const usage = USAGE.storage | USAGE.copySource | USAGE.copyDestination;
  device.pushErrorScope('out-of-memory');
  const made = wanted.map(({ name, size }) => device.createBuffer({ label: `wgrad ${name}`, size, usage }));
  const error = await commands.rejectWhenLost(device.popErrorScope());
  if (!error) return made;
  for (const buffer of made) buffer.destroy();
  const bytes = wanted.reduce((sum, { size }) => sum + size, 0);
  throw new EngineError('memory', `memory: the device has no ${bytes} bytes left`, { cause: error });
}
