import { createRequire } from 'node:module';
import { createEngine, type DebugLevel, type Engine, type EngineInfo } from '../index.js';
import { nodeGpu } from '../node/index.js';

const require = createRequire(import.meta.url);

/** Returns the version of this package. */
export function packageVersion(): string {
  // The package's own name works from the source and from dist, which lie at different depths.
  const { version }: { version: string } = require('wgrad/package.json');
  return version;
}

/** Returns the names and versions of what offers WebGPU here: Node and Dawn. */
export const webgpuHost = () => `Node ${process.versions.node}, ${dawnVersion()}`;

/** Returns the name and version of what compiles the kernels. */
export function dawnVersion(): string {
  const { version }: { version: string } = require('webgpu/package.json');
  return `Dawn (npm package webgpu ${version})`;
}

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
