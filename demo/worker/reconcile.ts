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
 * Finds which run of before each run is. They keep their order. Those with the knobs of before are the same, as many as
 * possible; those in between are one after another the ones whose knobs were turned, and the rest is new, or gone.
 */
function matched(before: readonly Knobs[], after: readonly Knobs[]): (number | undefined)[] {
  const from = after.map((): number | undefined => undefined);
  let [old, place] = [0, 0];
  for (const [i, j] of [...equals(before, after), [before.length, after.length] as const]) {
    while (old < i && place < j) from[place++] = old++;
    if (j < after.length) from[j] = i;
    [old, place] = [i + 1, j + 1];
  }
  return from;
}

/** Pairs of equal elements, in the order of both, as many as possible; of as many rather those at the same place. */
function equals(before: readonly Knobs[], after: readonly Knobs[], i = 0, j = 0): [number, number][] {
  if (i >= before.length || j >= after.length) return [];
  const ways = [equals(before, after, i + 1, j), equals(before, after, i, j + 1)];
  if (same(before[i], after[j])) ways.unshift([[i, j], ...equals(before, after, i + 1, j + 1)]);
  const worth = (pairs: [number, number][]) => 10 * pairs.length + pairs.filter(([a, b]) => a === b).length;
  return ways.reduce((best, way) => (worth(way) > worth(best) ? way : best));
}

/** Whether two plain values are the same. */
export function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
