import { createEngine } from '../../src/create-engine.js';
import { brokenGuards } from '../../src/debug/stored.js';
import { GpuEngine } from '../../src/gpu/engine.js';
import type { GpuExecutor } from '../../src/gpu/gpu-executor.js';
import { KERNELS } from '../../src/kernels/every-kernel.js';

export { poison, readStored, type Stored } from '../../src/debug/stored.js';

/** Returns a new engine on the GPU of this test run, for a test that loses or destroys it. */
export async function gpuEngine(): Promise<GpuEngine> {
  const engine = await createEngine();
  if (!(engine instanceof GpuEngine)) throw new Error('test: the engine has no GPU');
  return engine;
}

let shared: Promise<GpuEngine> | undefined;

/**
 * Returns the engine that the test files of a process share, so that each shader is compiled once. It computes products in
 * every way by name. Nobody disposes it; what a test makes on it, the test gives back.
 */
export function sharedEngine(): Promise<GpuEngine> {
  shared ??= gpuEngine().then((engine) => Object.assign(engine, { kernels: KERNELS }));
  return shared;
}

/** Names every storage whose guard rows were written to. */
export async function guardComplaints(executor: GpuExecutor): Promise<string[]> {
  return (await brokenGuards(executor)).map(({ name }) => `a guard row of ${name} was written to`);
}
