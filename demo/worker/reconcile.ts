import type { Knobs, State } from '../contract/state.js';

/** What a new state asks for, given what there is. */
export interface Plan {
  /** Other examples: everything is made anew. */
  readonly data: boolean;
  /** Another network, optimiser, batch or seed: every run is made anew. */
  readonly network: boolean;
  /** By run of the new state: the run, by its place before, that goes on as it; undefined for a new one. */
  readonly from: readonly (number | undefined)[];
}

const DATA = ['data', 'examples', 'noise', 'seed'] as const satisfies (keyof State)[];
const NETWORK = ['hidden', 'activation', 'optimizer', 'batch'] as const satisfies (keyof State)[];

/** Returns what has to be made anew, so that all else may go on. */
export function reconcile(before: State | undefined, after: State): Plan {
  const changed = (names: readonly (keyof State)[]) =>
    !before || names.some((name) => !same(before[name], after[name]));
  const data = changed(DATA);
  const network = data || changed(NETWORK);
  return { data, network, from: network ? after.runs.map(() => undefined) : matched(before?.runs ?? [], after.runs) };
}

/**
 * Finds which run of before each run is: they keep their order, and where one was added or removed it is one that has no
 * equal. As many as before: each is the one in its place, with knobs turned or not.
 */
function matched(before: readonly Knobs[], after: readonly Knobs[]): (number | undefined)[] {
  let old = 0;
  return after.map((knobs, i) => {
    const more = () => before.length - old - (after.length - i);
    while (more() > 0 && !same(before[old], knobs)) old++;
    const isNew = more() < 0 && !(old < before.length && same(before[old], knobs));
    return isNew ? undefined : old++;
  });
}

/** Whether two plain values are the same. */
export function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
