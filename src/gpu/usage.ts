/** WebGPU's flags by name, since not every host defines the globals `GPUBufferUsage` and `GPUMapMode`. */
export const USAGE = { mapRead: 1, copySource: 4, copyDestination: 8, uniform: 64, storage: 128 } as const;
export const MAP_MODE_READ = 1;
