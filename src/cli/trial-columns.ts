import type { SearchResult, Trial } from '../index.js';
import { count, percent, short } from './numbers.js';
import { judgedEpoch } from './trial-ranking.js';
import { gapText, valueText, variedNames } from './trial-text.js';

/** A column of a table of trials. */
export interface TrialColumn {
  /** Its name where there is room, and in a terminal. */
  readonly name: string;
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
  const epochs = trials.flatMap(({ rungs }) => rungs);
  const isAccuracy = metric === 'accuracy';
  const names = variedNames(result);
  const values = names.map((name, i): TrialColumn => {
    const words = trials.some(({ config }) => typeof config[name] !== 'number');
    return { name, head: name, words, spare: 1 + i / names.length, cell: ({ config }) => valueText(config[name]) };
  });
  return [
    { name: 'rank', head: '#', spare: 0, cell: (_, rank) => String(rank) },
    { name: 'trial', head: 'trial', spare: 8, cell: ({ id }) => String(id) },
    ...(trials.some(({ parent }) => parent !== undefined)
      ? [{ name: 'copied from', head: 'from', spare: 9, cell: ({ parent }: Trial) => String(parent ?? '') }]
      : []),
    ...values,
    { name: 'epochs', head: 'epochs', spare: 7, cell: (trial) => count(trial.epochs) },
    measured('training loss', 'train loss', 5, ({ trainLoss }) => short(trainLoss)),
    measured('validation loss', 'val loss', isAccuracy ? 6 : 0, ({ validationLoss }) => short(validationLoss)),
    ...(epochs.some(({ validationAccuracy }) => validationAccuracy !== undefined)
      ? [
          measured('validation accuracy', 'val acc', isAccuracy ? 0 : 6, ({ validationAccuracy }) =>
            validationAccuracy === undefined ? '-' : percent(validationAccuracy),
          ),
        ]
      : []),
    ...(metric === 'accuracy' || metric === 'loss'
      ? []
      : [
          {
            name: 'score',
            head: 'score',
            spare: 0,
            cell: ({ score }: Trial) => (score === undefined ? '-' : short(score)),
          },
        ]),
    ...(epochs.some(({ standardError }) => standardError !== undefined)
      ? [
          measured('standard error', '±', 4, ({ standardError }) =>
            standardError === undefined ? '-' : short(standardError),
          ),
        ]
      : []),
    { name: 'gap', head: 'gap', spare: 3, cell: (trial) => gapText(trial) ?? '-' },
    { name: 'status', head: 'status', words: true, spare: 2.5, cell: ({ status }) => status },
  ];
}

function measured(
  name: string,
  head: string,
  spare: number,
  cell: (epoch: Trial['rungs'][number]) => string,
): TrialColumn {
  return {
    name,
    head,
    spare,
    cell: (trial) => {
      const epoch = judgedEpoch(trial);
      return epoch ? cell(epoch) : '-';
    },
  };
}
