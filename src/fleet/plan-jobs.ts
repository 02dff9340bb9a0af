import { keyOf } from '../tune/open-groups.js';
import type { CheckedSearch } from '../tune/search-options.js';
import type { Trial } from '../tune/trial.js';
import { jobId, type PlannedJob } from './fleet-rows.js';

/** Returns the jobs of a round: trials of one architecture that have been trained equally long, shared out by `sizeOf`. */
export function planJobs(
  search: CheckedSearch,
  trials: readonly Trial[],
  { round, epochs }: { readonly round: number; readonly epochs: number },
  sizeOf: (trials: number) => number,
): PlannedJob[] {
  const groups = new Map<string, number[]>();
  for (const { id, config, epochs: before } of trials) {
    const key = `${before} ${keyOf(search, config)}`;
    groups.set(key, [...(groups.get(key) ?? []), id]);
  }
  return [...groups.values()].flatMap((ids) => {
    const size = sizeOf(ids.length);
    return Array.from({ length: Math.ceil(ids.length / size) }, (_, i): PlannedJob => {
      const own = ids.slice(i * size, (i + 1) * size);
      return { id: jobId(round, ...own), trials: own, epochs };
    });
  });
}
