import { map } from '../kernels/index.js';
import { leafName, type Tensor } from '../ops/index.js';
import { type Cover, computedBy, epilogueShape, type Group, mapGroup } from './cover.js';

/** Groups with their riders, every group after those it depends on. */
export interface Ride {
  readonly groups: Group[];
  /** The group that computes each tensor. */
  readonly producer: ReadonlyMap<Tensor, Group>;
  /** Elementwise tensors of leaves alone, which every reader recomputes inline. */
  readonly inlined: ReadonlySet<Tensor>;
}

/** Options of `ride`. */
export interface RideOptions {
  /** False: every elementwise op is a dispatch of its own. */
  readonly ride: boolean;
  /** Tensors of leaves alone that must lie in memory nevertheless. */
  readonly stored: ReadonlySet<Tensor>;
  /** Tensors that may not ride. */
  readonly alone: ReadonlySet<Tensor>;
  /** Tensors that may only ride on the map kernel, since another's group would bind too many buffers. */
  readonly shed: ReadonlySet<Tensor>;
}

/**
 * Lets every elementwise op join the last group it depends on, in the epilogue of the result that it is made of, if the
 * shapes agree; the others open a group of the map kernel. Greedy and acyclic: dependencies only point backwards.
 */
export function ride({ groups: covered, elementwise }: Cover, options: RideOptions): Ride {
  const groups = [...covered];
  const producer = new Map<Tensor, Group>();
  const inlined = new Set<Tensor>();
  for (const group of groups) for (const tensor of computedBy(group)) producer.set(tensor, group);

  for (const tensor of elementwise) {
    const sources = tensor.inputs.flatMap((input) => producers(input));
    if (sources.length === 0 && options.ride && !options.stored.has(tensor)) {
      inlined.add(tensor);
      continue;
    }
    const last = sources.reduce<Group | undefined>(
      (a, b) => (a && groups.indexOf(a) > groups.indexOf(b) ? a : b),
      undefined,
    );
    const mayRide = options.ride && !options.alone.has(tensor) && (last?.kernel === map || !options.shed.has(tensor));
    const output = last && mayRide ? epilogueFor(last, tensor) : undefined;
    if (last && output) {
      last.riders.get(output)?.push(tensor);
      producer.set(tensor, last);
    } else {
      const group = mapGroup(tensor);
      groups.splice(last ? groups.indexOf(last) + 1 : 0, 0, group);
      producer.set(tensor, group);
    }
  }
  return { groups, producer, inlined };

  /** Returns the groups that a tensor depends on directly: its own, or those behind what is inlined. */
  function producers(tensor: Tensor): Group[] {
    const own = producer.get(tensor);
    if (own) return [own];
    return inlined.has(tensor) ? tensor.inputs.flatMap(producers) : [];
  }

  /** Returns the output of `group` in whose epilogue `tensor` can be computed, if there is one. */
  function epilogueFor(group: Group, tensor: Tensor): string | undefined {
    const shape = (output: string) => epilogueShape(group, output);
    const inside = tensor.inputs.filter((input) => producer.get(input) === group);
    for (const [output, riders] of group.riders) {
      const root = group.outputs.get(output);
      if (root && root.dtype !== 'f32') continue;
      const { rows, cols } = shape(output);
      if (rows !== tensor.rows || cols !== tensor.cols) continue;
      if (inside.every((input) => input === root || riders.includes(input))) return output;
    }
    return undefined;
  }
}

/** Returns the name of a tensor in reports: a leaf's own, or its op and its number in the trace. */
export function nameOf(tensor: Tensor): string {
  return leafName(tensor) ?? `${tensor.op.name}%${tensor.id}`;
}
