import type { Engine } from '../graph/engine.js';
import type { Configuration } from './configuration.js';
import { largestWithinOneError } from './ranking.js';
import type { CheckedSearch } from './search-options.js';
import type { Trial } from './trial.js';

/** The result of a search so far, as plain data: `JSON.stringify` and `JSON.parse` lose nothing of it. */
export interface SearchResult {
  readonly format: 'wgrad search 1';
  /** True once the strategy has ended the search. */
  readonly complete: boolean;
  readonly adapter: string;
  /** Wall time, that before it was resumed included. */
  readonly seconds: number;
  readonly seed: string;
  /** The measure of the score: 'loss', 'accuracy' or 'custom'. */
  readonly metric: string;
  /** 0 where a validation set was given. */
  readonly folds: number;
  /** Epochs that a trial may be trained for at most. */
  readonly epochs: number;
  readonly strategy: { readonly kind: string; readonly options: Readonly<Record<string, unknown>> };
  /** For each name one distribution, or one per layer, as `spaceFromJson` reads it. */
  readonly space: Readonly<Record<string, unknown>>;
  readonly trials: readonly Trial[];
  /** The id of the trial with the lowest score among those that were neither dropped nor diverged; null before any. */
  readonly best: number | null;
  /** Its configuration. */
  readonly bestConfig: Configuration | null;
  /**
   * With folds and a space over `l2`: the id of the trial with the largest λ whose score is within one standard error of
   * the best one's. Source: Breiman et al., "Classification and regression trees" (1984), section 3.4.3.
   */
  readonly oneStandardError: number | null;
}

/** Returns a result that stays as it is while the trials go on. */
export function resultOf(
  engine: Engine,
  { space, strategy, metric, folds, epochs, seed, patience }: CheckedSearch,
  found: {
    readonly trials: readonly Trial[];
    readonly best: Trial | undefined;
    readonly complete: boolean;
    readonly seconds: number;
  },
): SearchResult {
  const { trials, best, complete, seconds } = found;
  return {
    format: 'wgrad search 1',
    complete,
    adapter: engine.info.adapter,
    seconds,
    seed: String(seed),
    metric: typeof metric === 'function' ? 'custom' : metric,
    folds,
    epochs,
    strategy: { kind: strategy.kind, options: strategy.options },
    space: space.toJSON(),
    trials: trials.map((trial) => ({ ...trial, rungs: [...trial.rungs] })),
    best: best?.id ?? null,
    bestConfig: best?.config ?? null,
    oneStandardError: best && folds > 0 ? (largestWithinOneError(trials, best, patience)?.id ?? null) : null,
  };
}
