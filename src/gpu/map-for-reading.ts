import type { GpuEngine } from './engine.js';
import { MAP_MODE_READ } from './usage.js';

/**
 * Waits until `submitted` is done and `stagings` can be read: one way to the GPU and back, not two. However it ends, no
 * map is pending any more, so that the buffers may be destroyed. (Dawn in Node, webgpu 0.6.2, keeps no hold of the promise
 * of a map that `destroy` cut short: if that is collected before Dawn hears of it, the process ends.)
 * @throws EngineError what `submitted` is rejected with, or that the device is lost, or that mapping failed
 */
export async function mapForReading(
  engine: GpuEngine,
  stagings: readonly GPUBuffer[],
  submitted: Promise<void>,
): Promise<void> {
  const maps = stagings.map((staging) => staging.mapAsync(MAP_MODE_READ));
  const outcomes = await Promise.allSettled([submitted, ...maps]);
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) await engine.orLost(Promise.reject(failed.reason));
}
