import { createEngine, type DebugLevel, type Engine, type EngineInfo } from '../index.js';
import { nodeGpu } from '../node/index.js';

/** Returns the name of what computes, for a person. */
export const whereOf = ({ backend, software, adapter }: EngineInfo) =>
  backend === 'webgpu' && software ? `${adapter}, software` : adapter;

/**
 * Returns an engine on this machine's GPU; its debugging is told on stderr.
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
