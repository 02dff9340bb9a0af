import { GpuEngine, type GpuEngineOptions } from '../../src/gpu/engine.js';

/** Changes the WGSL of a dispatch; the same text if it has nothing to change there. */
export type Mutation = (wgsl: string) => string;

/** An engine on the same device whose shaders have a bug: every text is changed on its way to WebGPU. */
export function mutantEngine({ device }: GpuEngine, mutate: Mutation, options: GpuEngineOptions = {}): GpuEngine {
  const createShaderModule = (descriptor: GPUShaderModuleDescriptor) =>
    device.createShaderModule({ ...descriptor, code: mutate(descriptor.code) });
  const mutant = new Proxy(device, {
    get(target, name) {
      if (name === 'createShaderModule') return createShaderModule;
      const value = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return new GpuEngine(mutant, false, options);
}
