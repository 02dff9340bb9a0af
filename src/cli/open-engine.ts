import { createEngine, type DebugLevel, type Engine } from '../index.js';
import { nodeGpu } from '../node/index.js';

/**
 * Returns an engine on this machine's GPU; what its debugging tells goes to stderr.
 * @throws what `refuse` makes if no adapter has that name
 */
export async function openEngine(
  adapter: string | undefined,
  refuse: (message: string) => Error,
  debug: DebugLevel = 0,
): Promise<Engine> {
  const gpu = await nodeGpu(adapter === undefined ? {} : { adapter }).catch((error: Error) => {
    throw error instanceof RangeError ? refuse(error.message.replace('nodeGpu', '--adapter')) : error;
  });
  return createEngine({ gpu, debug, log: console.error });
}
