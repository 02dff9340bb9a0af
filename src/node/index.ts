/// <reference types="@webgpu/types" preserve="true" />
/**
 * Opens a GPU in Node, with or without graphics hardware.
 * @module wgrad/node
 */
export { type NodeGpuOptions, nodeGpu } from './node-gpu.js';
