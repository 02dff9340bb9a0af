import type { Configuration } from './configuration.js';
import type { Trial } from './trial.js';

/** What a search found so far, as plain data: `JSON.stringify` and `JSON.parse` lose nothing of it. */
export interface SearchResult {
  readonly format: 'wgrad search 1';
  /** Whether the strategy has ended the search. */
  readonly complete: boolean;
  readonly adapter: string;
  /** Wall time, that before it was resumed included. */
  readonly seconds: number;
  readonly seed: string;
  /** 'loss', 'accuracy' or 'custom': of what the score is made. */
  readonly metric: string;
  /** 0 where a validation set was given. */
  readonly folds: number;
  /** Epochs that a trial may be trained for at most. */
  readonly epochs: number;
  readonly strategy: { readonly kind: string; readonly options: Readonly<Record<string, unknown>> };
  /** By name, one distribution or one a layer, as `spaceFromJson` reads it. */
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
