import type { Executor } from './executor.js';

/** Who computes. */
export interface EngineInfo {
  /** 'webgpu', or 'reference' for the CPU. */
  readonly backend: 'webgpu' | 'reference';
  /** The adapter in words, for people. */
  readonly adapter: string;
  readonly vendor: string;
  readonly architecture: string;
  /** The adapter computes on the CPU. */
  readonly software: boolean;
}

/** How an engine's memory for a model is made. */
export interface ExecutorOptions {
  /** Networks side by side. Default 1. */
  members?: number;
  /** Elementwise ops ride in the kernels' epilogues. Default true. */
  ride?: boolean;
  /** Guard rows around every block; tests use 1. Default 0. */
  guards?: number;
  /** Steps whose metrics are kept until they are read. Default 256. */
  slots?: number;
  /** The variant of every kernel that has it, such as 'tiled'. Default: the one that suits sizes and device best. */
  variant?: string | undefined;
  /** False: the engine's debugging leaves it alone. Default true. */
  debug?: boolean;
}

/** What trains: a GPU device, or the CPU reference. */
export interface Engine {
  readonly info: EngineInfo;
  /** Memory and programs for one model. */
  createExecutor(options?: ExecutorOptions): Executor;
  /** Throws if the engine can no longer be used. */
  check(): void;
  /** Frees what the engine owns; a device that was handed in stays alive. */
  dispose(): void;
  [Symbol.dispose](): void;
}
