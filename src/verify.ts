/// <reference types="@webgpu/types" preserve="true" />
/// <reference lib="esnext.disposable" preserve="true" />
/**
 * Compares a trainer, or a whole engine, with the CPU reference.
 * @module wgrad/verify
 */
export type { Check, Environment, Report, Section, WorstElement } from './verify/report.js';
export type { VerifyProgress } from './verify/verification.js';
export { type VerifyOpOptions, verify, verifyEngine, verifyOp } from './verify/verify.js';
export type { VerifyEngineOptions, VerifyOptions } from './verify/verify-options.js';
