import { GpuEngine, type GpuEngineOptions } from '../../src/gpu/engine.js';
import { KERNELS } from '../../src/kernels/every-kernel.js';

/** Changes the WGSL of a dispatch; returns the same text if there is nothing to change. */
export type Mutation = (wgsl: string) => string;

/**
 * Returns an engine on the same device whose shaders have a bug: every text is changed before it is compiled. Texts that
 * do not change are compiled once for all mutants of an engine.
 */
export function mutantEngine(engine: GpuEngine, mutate: Mutation, options: Partial<GpuEngineOptions> = {}): GpuEngine {
  const mutant = new GpuEngine(engine.device, false, { kernels: KERNELS, ...options });
  const { pipelines } = engine;
  const get: typeof pipelines.get = (label, wgsl, kinds) => pipelines.get(label, mutate(wgsl), kinds);
  const later: typeof pipelines.later = (label, wgsl, kinds, started) =>
    pipelines.later(label, mutate(wgsl), kinds, started);
  return Object.defineProperty(mutant, 'pipelines', { value: { tableLayout: pipelines.tableLayout, get, later } });
}
