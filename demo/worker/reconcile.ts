import type { State } from '../contract/state.js';

/** The parts to make again for a new state. */
export interface Plan {
  /** True if the examples differ. */
  readonly data: boolean;
  /** True if the data set, the network, the optimiser, the batch or the seed differ: every run starts again. */
  readonly network: boolean;
  /** For each run of the new state, the index of the earlier run that goes on as it; undefined for a new run. */
  readonly from: readonly (number | undefined)[];
}

const DATA = ['data', 'examples', 'noise', 'seed', 'file', 'table'] as const satisfies (keyof State)[];
const NETWORK = ['hidden', 'activation', 'optimizer', 'parts', 'batch'] as const satisfies (keyof State)[];

/** Returns the parts to make again; all others go on. */
export function reconcile(before: State | undefined, after: State): Plan {
  const changed = (names: readonly (keyof State)[]) =>
    !before || names.some((name) => !same(before[name], after[name]));
  const isOtherSet = changed(DATA);
  const network = isOtherSet || changed(NETWORK);
  const placeOf = (id: number) => before?.runs.findIndex((run) => run.id === id) ?? -1;
  const from = after.runs.map(({ id }) => (network || placeOf(id) < 0 ? undefined : placeOf(id)));
  return { data: isOtherSet || changed(['edits']), network, from };
}

/** Returns true if two plain values are equal. */
export function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
