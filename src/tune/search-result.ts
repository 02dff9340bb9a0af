import type { Engine } from '../graph/engine.js';
import type { ConfigurationValue } from './distributions.js';
import type { CheckedSearch } from './search-options.js';
import type { Configuration } from './space.js';
import { largestWithinOneError, type Trial, type TrialEpoch } from './trial.js';

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
  { all: trials, best }: { readonly all: readonly Trial[]; readonly best: Trial | undefined },
  { complete, seconds }: Pick<SearchResult, 'complete' | 'seconds'>,
): SearchResult {
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

/** The fields of an epoch, in the order of their columns. */
const EPOCH_COLUMNS = [
  'epoch',
  'seconds',
  'trainLoss',
  'trainAccuracy',
  'validationLoss',
  'validationAccuracy',
  'score',
  'standardError',
] as const satisfies readonly (keyof TrialEpoch)[];

/**
 * Returns a search as CSV (RFC 4180): a line that names the columns, then one for each trial and epoch; a trial without an
 * epoch has one, too. Every value of a configuration has its column, arrays joined by `;`. Missing values are empty.
 */
export function toCSV({ trials }: SearchResult): string {
  const names = [...new Set(trials.flatMap(({ config }) => Object.keys(config)))];
  const rows = trials.flatMap((trial) => {
    const start = [trial.id, trial.parent, trial.status, ...names.map((name) => trial.config[name])];
    return epochsOf(trial).map((epoch) => [...start, ...EPOCH_COLUMNS.map((column) => epoch[column])]);
  });
  return [['id', 'parent', 'status', ...names, ...EPOCH_COLUMNS], ...rows].map((row) => `${line(row)}\r\n`).join('');
}

const epochsOf = ({ rungs }: Trial): readonly Partial<TrialEpoch>[] => (rungs.length > 0 ? rungs : [{}]);

const line = (row: readonly (ConfigurationValue | undefined)[]) => row.map((value) => quoted(cell(value))).join(',');

const cell = (value: ConfigurationValue | undefined): string =>
  Array.isArray(value) ? value.map(cell).join(';') : String(value ?? '');

const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
