/** The devices by the adapter that gave them and what was asked of it. */
const devices = new Map<string, Promise<GPUDevice>>();
const { prototype } = GPUAdapter;
const { requestDevice } = prototype;
/** Calls of `shareDevices` that have not ended. */
let sharing = 0;

/**
 * Gives all who ask an adapter for the same device one that they share, and that compiles every shader once: on a software GPU
 * compiling takes most of the time of a short command. Nobody can destroy it. Call the function that is returned to end this.
 */
export function shareDevices(): () => void {
  sharing++;
  prototype.requestDevice = function (descriptor) {
    const { vendor, architecture, device, description } = this.info;
    const key = JSON.stringify([vendor, architecture, device, description, descriptor]);
    const shared = devices.get(key) ?? requestDevice.call(this, descriptor).then(compilingOnce);
    devices.set(key, shared);
    return shared;
  };
  return () => {
    if (--sharing === 0) prototype.requestDevice = requestDevice;
  };
}

function compilingOnce(device: GPUDevice): GPUDevice {
  const modules = new Map<string, GPUShaderModule>();
  const pipelines = new Map<GPUShaderModule, Promise<GPUComputePipeline>>();
  const createModule = device.createShaderModule.bind(device);
  const createPipeline = device.createComputePipelineAsync.bind(device);
  return Object.assign(device, {
    createShaderModule(descriptor: GPUShaderModuleDescriptor) {
      const module = modules.get(descriptor.code) ?? createModule(descriptor);
      modules.set(descriptor.code, module);
      return module;
    },
    createComputePipelineAsync(descriptor: GPUComputePipelineDescriptor) {
      const { module } = descriptor.compute;
      const pipeline = pipelines.get(module) ?? createPipeline(descriptor);
      pipelines.set(module, pipeline);
      return pipeline;
    },
    destroy() {},
  });
}
