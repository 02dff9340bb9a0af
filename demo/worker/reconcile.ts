import type { Knobs, State } from '../contract/state.js';

/** The parts to make again for a new state. */
export interface Plan {
  /** True if the examples differ: everything starts again. */
  readonly data: boolean;
  /** True if network, optimiser, batch or seed differ: every run starts again. */
  readonly network: boolean;
  /** For each run of the new state, the index of the earlier run that goes on as it; undefined for a new run. */
  readonly from: readonly (number | undefined)[];
}

const DATA = ['data', 'examples', 'noise', 'seed'] as const satisfies (keyof State)[];
const NETWORK = ['hidden', 'activation', 'optimizer', 'batch'] as const satisfies (keyof State)[];

/** Returns the parts to make again; all others go on. */
export function reconcile(before: State | undefined, after: State): Plan {
  const changed = (names: readonly (keyof State)[]) =>
    !before || names.some((name) => !same(before[name], after[name]));
  const data = changed(DATA);
  const network = data || changed(NETWORK);
  return { data, network, from: network ? after.runs.map(() => undefined) : matched(before?.runs ?? [], after.runs) };
}

/**
 * Matches runs to earlier runs, in order. As many as possible keep their knobs; between two such pairs, runs are
 * matched one by one as runs with turned knobs, and the rest is new or gone.
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

/** Returns as many pairs of equal elements as possible, in the order of both lists; ties prefer equal indices. */
function equals(before: readonly Knobs[], after: readonly Knobs[], i = 0, j = 0): [number, number][] {
  if (i >= before.length || j >= after.length) return [];
  const ways = [equals(before, after, i + 1, j), equals(before, after, i, j + 1)];
  if (same(before[i], after[j])) ways.unshift([[i, j], ...equals(before, after, i + 1, j + 1)]);
  const worth = (pairs: [number, number][]) => 10 * pairs.length + pairs.filter(([a, b]) => a === b).length;
  return ways.reduce((best, way) => (worth(way) > worth(best) ? way : best));
}

/** Returns true if two plain values are equal. */
export function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
