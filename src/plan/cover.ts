import { live } from '../graph/step.js';
import { map, ownKernels } from '../kernels/index.js';
import type { Kernel } from '../kernels/kernel.js';
import { leafName, shapeOf, type Tensor } from '../ops/index.js';
import { type Match, match } from './match.js';

/** A future dispatch: a kernel that covers part of the graph, and the elementwise ops that ride on its results. */
export interface Group extends Match {
  /** Elementwise tensors by the output in whose epilogue they are computed, in order. */
  readonly riders: ReadonlyMap<string, Tensor[]>;
}

/** Returns a group for a match, without riders. */
function groupOf(match: Match): Group {
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

/** The matches of kernels that cover a graph, and the elementwise ops that are left. */
export interface Cover {
  /** One group for each match, every group after those it depends on. */
  readonly groups: Group[];
  /** Elementwise tensors that are needed, inputs first. */
  readonly elementwise: Tensor[];
  /** Elementwise tensors that a kernel reads row by row, so that they must lie in memory. */
  readonly operands: ReadonlySet<Tensor>;
}

/** Names a structural tensor for a message: op, attributes and the shapes of its inputs. */
function describe({ op, attributes, inputs }: Tensor): string {
  const flags = Object.entries(attributes).map(([key, value]) => ` ${key}=${value}`);
  return `${op.name}${flags.join('')} of ${inputs.map((input) => leafName(input) ?? shapeOf(input)).join(' and ')}`;
}

/**
 * Covers every structural op that `wanted` need with the kernel that covers most, from the last op to the first.
 * `compound` false keeps to kernels of one op each, as for the tensors in `apart`. @throws Error if no kernel computes an op.
 */
export function cover(
  wanted: readonly Tensor[],
  known: readonly Kernel[],
  compound: boolean,
  apart: ReadonlySet<Tensor> = new Set(),
): Cover {
  const all = new Set(live(wanted));
  const needed = new Set(wanted);
  const provided = new Set<Tensor>();
  const groups: Group[] = [];
  const elementwise: Tensor[] = [];
  const operands = new Set<Tensor>();
  const kernels = known.filter((kernel) => compound || !kernel.compound);
  for (const tensor of [...all].reverse()) {
    if (!needed.has(tensor) || provided.has(tensor)) continue;
    if (tensor.op.kind === 'leaf') continue;
    if (tensor.op.kind === 'elementwise') {
      elementwise.push(tensor);
      for (const input of tensor.inputs) needed.add(input);
      continue;
    }
    const found = firstMatch(tensor);
    if (!found) throw new Error(`plan: no kernel computes ${describe(tensor)}`);
    groups.push(groupOf(found));
    for (const output of found.outputs.values()) provided.add(output);
    for (const [name, input] of found.inputs) {
      needed.add(input);
      if (found.kernel.inputs[name].access === 'rows' && input.op.kind === 'elementwise') operands.add(input);
    }
  }
  return { groups: sortGroups(groups), elementwise: elementwise.reverse(), operands };

  function firstMatch(tensor: Tensor) {
    const own = tensor.op.kind === 'structural' ? ownKernels(tensor.op) : [];
    for (const kernel of own.length > 0 ? own : kernels) {
      if (kernel.compound && apart.has(tensor)) continue;
      const found = match(kernel, tensor, all);
      if (found) return found;
    }
    return undefined;
  }
}

/** Orders groups so that each comes after every group that it depends on, through whatever elementwise ops. */
function sortGroups(groups: readonly Group[]): Group[] {
  const producer = new Map<Tensor, Group>();
  for (const group of groups) for (const output of group.outputs.values()) producer.set(output, group);
  const sorted = new Set<Group>();
  const visitGroup = (group: Group) => {
    if (sorted.has(group)) return;
    const outputs = new Set(group.outputs.values());
    for (const tensor of live([...group.inputs.values()])) {
      const before = producer.get(tensor);
      if (before && before !== group && !outputs.has(tensor)) visitGroup(before);
    }
    sorted.add(group);
  };
  for (const group of [...groups].reverse()) visitGroup(group);
  return [...sorted];
}
