import { countOf, figure, share } from './figures.js';
import { type Quartiles, quartilesOf } from './regret.js';
import type { SearchTable } from './search-suite.js';
import type { Table } from './table.js';

/** Ways of searching at equal budget. */
export function searchTable(tables: readonly SearchTable[]): Table {
  const [{ seeds }] = tables;
  return {
    title: 'Search: quality at one budget of epochs',
    head: [
      'task',
      'strategy',
      'configurations',
      'epochs of all trials',
      'lowest validation loss, median (quartiles)',
      "share of the budget to random's loss, median (quartiles)",
      'reached',
    ],
    rows: tables.flatMap(({ task, rows }) =>
      rows.map(({ strategy, population, epochs, final, share: shares }) => [
        task,
        strategy,
        countOf(population),
        countOf(epochs),
        quartilesText(quartilesOf(final), figure),
        quartilesText(quartilesOf(shares.map((each) => each ?? Number.POSITIVE_INFINITY)), shareText),
        `${shares.filter((each) => each !== null).length} of ${shares.length}`,
      ]),
    ),
    notes: [
      `${seeds} seeds; of one seed all strategies have the same training and validation rows. ` +
        tables
          .map(
            ({ task, network, space, epochs }) =>
              `${task}: ${network}, over ${space}, at most ${epochs} epochs a trial`,
          )
          .join('; ') +
        '. Halving: successiveHalving({ eta: 3 }), whose first configurations are those of random search. The loss is the lowest that any trial had on the validation rows after any epoch. ' +
        'A trial that diverges leaves its epochs unspent. Reached: seeds in which random search\'s last loss was found. Random and Sobol search train their trials side by side, so that all of them end at the end; "one trial after another" are the same trials in turn. "A third" is halving with as many configurations as a third of the budget allows.',
    ],
  };
}

export const shareText = (value: number) => (Number.isFinite(value) ? share(value) : 'never');

const quartilesText = ({ low, median, high }: Quartiles, text: (value: number) => string) =>
  `${text(median)} (${text(low)} to ${text(high)})`;
