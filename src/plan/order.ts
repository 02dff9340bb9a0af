import type { Update } from '../graph/step.js';
import type { Tensor } from '../ops/tensor.js';
import type { Group } from './cover.js';
import { nameOf, type Ride } from './ride.js';

/** Returns the tensors in memory that `tensor` is read from: itself, or the operands of an inlined expression. */
function sourcesOf(tensor: Tensor, inlined: ReadonlySet<Tensor>): Tensor[] {
  return inlined.has(tensor) ? tensor.inputs.flatMap((input) => sourcesOf(input, inlined)) : [tensor];
}

/** Returns the tensors that a group reads from memory: leaves and results of other groups. */
export function readsOf(group: Group, { producer, inlined }: Pick<Ride, 'producer' | 'inlined'>): Set<Tensor> {
  const riders = [...group.riders.values()].flat();
  const needed = [...group.inputs.values(), ...riders.flatMap(({ inputs }) => inputs)];
  const sources = needed.flatMap((tensor) => sourcesOf(tensor, inlined));
  return new Set(sources.filter((tensor) => producer.get(tensor) !== group));
}

/** The order of dispatches, or the state whose update cannot take its place. */
export type Order =
  | { readonly groups: Group[]; readonly blocked?: undefined }
  | { readonly groups?: undefined; readonly blocked: Tensor };

/**
 * Orders groups so that each comes after those it reads from, and the update of a state after every other reader of its
 * old value; among those that are ready, updates come first. A state that its own update's dispatch reads other than
 * elementwise, or whose readers wait for that update, is blocked: its new value needs memory of its own.
 */
export function order(rode: Ride, updates: readonly Update[]): Order {
  const { groups, producer } = rode;
  const reads = new Map(groups.map((group) => [group, readsOf(group, rode)]));
  const before = new Map(groups.map((group) => [group, new Set<Group>()]));
  for (const group of groups) {
    for (const tensor of reads.get(group) ?? []) {
      const source = producer.get(tensor);
      if (source) before.get(group)?.add(source);
    }
  }
  const updating = new Set<Group>();
  for (const update of updates) {
    const { state, value } = update;
    const updater = producer.get(value);
    if (!updater) throw new Error(`plan: the new value of ${nameOf(state)} is computed by no kernel`);
    if (readsElsewhere(updater, update, rode)) return { blocked: state };
    updating.add(updater);
    for (const reader of groups) {
      if (reader === updater || !reads.get(reader)?.has(state)) continue;
      if (reaches(updater, reader, before)) return { blocked: state };
      before.get(updater)?.add(reader);
    }
  }
  const done = new Set<Group>();
  while (done.size < groups.length) {
    const ready = groups.filter((g) => !done.has(g) && [...(before.get(g) ?? [])].every((b) => done.has(b)));
    const next = ready.find((group) => updating.has(group)) ?? ready[0];
    if (!next) throw new Error('plan: the dispatches wait for each other');
    done.add(next);
  }
  return { groups: [...done] };
}

/**
 * True if a group reads a state elsewhere than in the epilogue that stores its new value: as an operand, or in another
 * epilogue, where another lane may have stored it already.
 */
function readsElsewhere(group: Group, { state, value }: Update, { inlined }: Ride): boolean {
  const others = [...group.riders].filter(
    ([name, riders]) => group.outputs.get(name) !== value && !riders.includes(value),
  );
  const needed = others.flatMap(([, riders]) => riders.flatMap(({ inputs }) => inputs));
  return [...group.inputs.values(), ...needed].some((tensor) => sourcesOf(tensor, inlined).includes(state));
}

/** True if `to` waits for `from`, directly or not. */
function reaches(from: Group, to: Group, before: ReadonlyMap<Group, ReadonlySet<Group>>): boolean {
  const seen = new Set<Group>();
  const stack = [to];
  for (let group = stack.pop(); group; group = stack.pop()) {
    if (group === from) return true;
    if (seen.has(group)) continue;
    seen.add(group);
    stack.push(...(before.get(group) ?? []));
  }
  return false;
}
