import type { Update } from '../graph/step.js';
import type { Tensor } from '../ops/tensor.js';
import type { Group } from './group.js';
import { nameOf, type Ride } from './ride.js';

/** What a group reads from memory: leaves and results of other groups. */
export function readsOf(group: Group, { producer, inlined }: Pick<Ride, 'producer' | 'inlined'>): Set<Tensor> {
  const found = new Set<Tensor>();
  const read = (tensor: Tensor) => {
    if (inlined.has(tensor)) tensor.inputs.forEach(read);
    else if (producer.get(tensor) !== group) found.add(tensor);
  };
  for (const input of group.inputs.values()) read(input);
  for (const riders of group.riders.values()) for (const rider of riders) rider.inputs.forEach(read);
  return found;
}

/** The order of dispatches, or the state whose update cannot take its place. */
export type Order =
  | { readonly groups: Group[]; readonly blocked?: undefined }
  | { readonly groups?: undefined; readonly blocked: Tensor };

/**
 * Orders groups so that each comes after those it reads from, and the update of a state after every other reader of its
 * old value; among those that are ready, updates come first. A state that its own update's kernel reads other than
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
  for (const { state, value } of updates) {
    const updater = producer.get(value);
    if (!updater) throw new Error(`plan: the new value of ${nameOf(state)} is computed by no kernel`);
    const rowOperand = [...updater.inputs].some(
      ([name, t]) => t === state && updater.kernel.inputs[name].access === 'rows',
    );
    if (rowOperand || broadcasts(updater, state)) return { blocked: state };
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

/** Whether an op in a group's epilogues reads `state` at other places than its own. */
function broadcasts(group: Group, state: Tensor): boolean {
  const riders = [...group.riders.values()].flat();
  return riders.some(
    (rider) => rider.inputs.includes(state) && (rider.rows !== state.rows || rider.cols !== state.cols),
  );
}

/** Whether `to` waits for `from`, directly or not. */
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
