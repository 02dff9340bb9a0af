import { createEngine, type Engine } from '../index.js';
import { nodeGpu } from '../node/index.js';

/** Returns an engine on this machine's GPU. @throws what `refuse` makes if no adapter has that name */
export async function openEngine(adapter: string | undefined, refuse: (message: string) => Error): Promise<Engine> {
  const gpu = await nodeGpu(adapter === undefined ? {} : { adapter }).catch((error: Error) => {
    throw error instanceof RangeError ? refuse(error.message.replace('nodeGpu', '--adapter')) : error;
  });
  return createEngine({ gpu });
}
