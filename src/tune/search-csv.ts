import type { ConfigurationValue } from './configuration.js';
import type { SearchResult } from './search-result.js';
import type { Trial, TrialEpoch } from './trial.js';

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
