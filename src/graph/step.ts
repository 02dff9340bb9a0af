import { leafName, type Tensor } from '../ops/index.js';
import type { Key } from '../random/philox.js';

/** A persistent tensor and its new value at the end of a step. */
export interface Update {
  readonly state: Tensor;
  readonly value: Tensor;
}

/**
 * A traced step. All values are computed from the old states; then all states change at once. `metrics` go to the step's
 * row of the ring, `outputs` to memory that the caller reads.
 */
export interface Step {
  readonly updates: readonly Update[];
  readonly metrics: readonly Tensor[];
  readonly outputs: readonly Tensor[];
}

/** Everything a host function may depend on. */
export interface HostContext {
  /** The member's seed. */
  readonly seed: Key;
  /** Optimiser steps taken before this one. */
  readonly step: number;
  /** 0 in training; from 1 in Monte Carlo prediction. */
  readonly sample: number;
  /** First row of the batch in the order of the epoch. */
  readonly start: number;
  /** Valid rows of the batch. */
  readonly count: number;
  /** The sum of the rows' weights, by which a mean divides. Default: `count`. */
  readonly weight?: number;
  /** The member's hyper-parameters by name, as they stand at this step. */
  readonly hyper: Readonly<Record<string, number>>;
}

/**
 * Returns the words of a scalar leaf at a step: one number, rounded to f32 once, for an f32 scalar; u32 integers for words.
 */
export type HostFunction = (context: HostContext) => readonly number[];

/** The host function of every scalar leaf. */
export type Scalars = ReadonlyMap<Tensor, HostFunction>;

/** Returns the host function of a scalar leaf. @throws Error naming the leaf if it has none */
export function hostOf(leaf: Tensor, hosts: Scalars): HostFunction {
  const host = hosts.get(leaf);
  if (!host) throw new Error(`step: ${leafName(leaf)} has no host function`);
  return host;
}

/**
 * Returns every tensor that `wanted` depend on and `wanted` themselves, inputs before results. What tensors in `given`
 * depend on is left out.
 */
export function live(wanted: Iterable<Tensor>, given: { has(tensor: Tensor): boolean } = new Set()): Tensor[] {
  const found = new Set<Tensor>();
  const stack = [...wanted];
  for (let tensor = stack.pop(); tensor; tensor = stack.pop()) {
    if (found.has(tensor)) continue;
    found.add(tensor);
    if (!given.has(tensor)) stack.push(...tensor.inputs);
  }
  return [...found].sort((a, b) => a.id - b.id);
}

/** The fault of a step in which a label was no class: such labels come in buffers, which the host does not read. */
export const LABELS = 'labels';
