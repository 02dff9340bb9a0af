/// <reference types="@webgpu/types" preserve="true" />
/**
 * `wgrad`: a training engine for regularised neural networks on WebGPU.
 * @module
 */
export { EngineError, type EngineErrorKind } from './errors/engine-error.js';
