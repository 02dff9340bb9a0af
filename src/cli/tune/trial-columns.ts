import type { SearchResult, Trial, TrialEpoch } from '../../tune.js';
import { count, percent, short } from '../terminal/numbers.js';
import { judgedEpoch } from './trial-ranking.js';
import { gapText, valueText, variedNames } from './trial-text.js';

/** A column of a table of trials. */
export interface TrialColumn {
  readonly name: string;
  /** Its name in a terminal. */
  readonly head: string;
  /** Words, not numbers. */
  readonly words?: boolean;
  /** Where there is no room for all columns, those with the largest number go first. */
  readonly spare: number;
  cell(trial: Trial, rank: number): string;
}

/** Returns the columns in which there is something to show: what is compared, what was varied, what came out. */
export function trialColumns(result: SearchResult): TrialColumn[] {
  const { trials, metric } = result;
  const names = variedNames(result);
  const values = names.map((name, i): Column => {
    const words = trials.some(({ config }) => typeof config[name] !== 'number');
    return { name, head: name, words, spare: 1 + i / names.length, cell: ({ config }) => valueText(config[name]) };
  });
  const all: Column[] = [
    { name: 'rank', head: '#', spare: 0, cell: (_, rank) => String(rank) },
    { name: 'trial', head: 'trial', spare: 8, cell: ({ id }) => String(id) },
    { name: 'copied from', head: 'from', spare: 9, cell: ({ parent }) => parent?.toString() },
    ...values,
    { name: 'epochs', head: 'epochs', spare: 7, cell: ({ epochs }) => count(epochs) },
    measured('training loss', 'train loss', 5, 'trainLoss', short),
    measured('validation loss', 'val loss', metric === 'loss' ? 0 : 6, 'validationLoss', short),
    measured('validation accuracy', 'val acc', metric === 'accuracy' ? 0 : 6, 'validationAccuracy', percent),
    ...(metric === 'accuracy' || metric === 'loss' ? [] : [measured('score', 'score', 0, 'score', short)]),
    measured('standard error', '±', 4, 'standardError', short),
    { name: 'gap', head: 'gap', spare: 3, cell: gapText },
    { name: 'status', head: 'status', words: true, spare: 2.5, cell: ({ status }) => status },
  ];
  return all
    .filter(({ cell }) => trials.some((trial) => cell(trial, 0) !== undefined))
    .map((column) => ({ ...column, cell: (trial, rank) => column.cell(trial, rank) ?? '-' }));
}

/** A column that has nothing to say of some trials. */
type Column = Omit<TrialColumn, 'cell'> & { cell(trial: Trial, rank: number): string | undefined };

/** A column of a number of the epoch by which a trial is judged. */
function measured(
  name: string,
  head: string,
  spare: number,
  key: keyof TrialEpoch,
  text: (value: number) => string,
): Column {
  return {
    name,
    head,
    spare,
    cell: (trial) => {
      const value = judgedEpoch(trial)?.[key];
      return value === undefined ? undefined : text(value);
    },
  };
}
