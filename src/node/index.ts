/// <reference types="@webgpu/types" preserve="true" />
/**
 * `wgrad/node`: a GPU for Node, with or without graphics hardware.
 * @module
 */
export { type NodeGpuOptions, nodeGpu } from './node-gpu.js';
