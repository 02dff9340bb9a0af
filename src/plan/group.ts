import { map } from '../kernels/index.js';
import type { Kernel } from '../kernels/kernel.js';
import type { Tensor } from '../ops/tensor.js';
import type { Match } from './match.js';

/** A future dispatch: a kernel that covers part of the graph, and the elementwise ops that ride on its results. */
export interface Group extends Match {
  /** Elementwise tensors by the output in whose epilogue they are computed, in order. */
  readonly riders: ReadonlyMap<string, Tensor[]>;
}

/** Returns a group for a match, without riders. */
export function groupOf(match: Match): Group {
  return { ...match, riders: new Map([...match.outputs.keys()].map((name) => [name, []])) };
}

/** Returns a group of the map kernel, for elementwise ops of one shape. */
export function mapGroup(first: Tensor): Group {
  const dimensions = { m: first.rows, n: first.cols };
  return { kernel: map, dimensions, inputs: new Map(), outputs: new Map(), riders: new Map([['y', [first]]]) };
}

/** Returns every tensor that a group computes. */
export function computedBy(group: Group): Tensor[] {
  return [...group.outputs.values(), ...[...group.riders.values()].flat()];
}

/** Returns the shape over which an output's epilogue runs. */
export function epilogueShape({ kernel, outputs, dimensions }: Group, output: string): { rows: number; cols: number } {
  const root = outputs.get(output);
  return root ?? { rows: sizeOf(kernel, output, 0, dimensions), cols: sizeOf(kernel, output, 1, dimensions) };
}

function sizeOf(kernel: Kernel, output: string, place: number, dimensions: Record<string, number>): number {
  const letter = kernel.outputs[output][place];
  return /\d/.test(letter) ? Number(letter) : dimensions[letter];
}
