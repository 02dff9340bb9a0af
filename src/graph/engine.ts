import type { Executor } from './executor.js';

/** The device behind an engine. */
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

/** Options of `Engine.createExecutor`. */
export interface ExecutorOptions {
  /** Networks side by side. Default 1. */
  members?: number;
  /** Elementwise ops ride in the kernels' epilogues. Default true. */
  ride?: boolean;
  /** Guard rows around every block; tests use 1. Default 0. */
  guards?: number;
  /** Steps whose metrics are kept until they are read. Default 256. */
  slots?: number;
  /** The variant to use of every kernel that has it, such as 'tiled'. Default: the best for sizes and device. */
  variant?: string | undefined;
  /** False: the engine's debugging ignores this executor. Default true. */
  debug?: boolean;
}

/** A device that trains: a GPU, or the CPU reference. */
export interface Engine {
  readonly info: EngineInfo;
  /** Returns memory and programs for one model. */
  createExecutor(options?: ExecutorOptions): Executor;
  /** Throws if the engine can no longer be used. */
  check(): void;
  /** Frees what the engine owns; a device that was handed in stays alive. */
  dispose(): void;
  [Symbol.dispose](): void;
}
