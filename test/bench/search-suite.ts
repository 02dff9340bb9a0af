import type { Engine } from '../../src/index.js';
import { countOf, figure, share } from './figures.js';
import { type Found, type Quartiles, quartilesOf } from './search-figures.js';
import { type SearchData, type SearchTask, searchTasks } from './search-tasks.js';
import { foundIn, type Way, waysOf } from './search-ways.js';
import type { Table } from './table.js';

/** A way of searching, on a task. */
export interface SearchRow {
  readonly strategy: string;
  /** The budget, as a share of random search's. */
  readonly share: number;
  readonly configurations: number;
  /** Epochs of all trials, the median over seeds: a trial that diverges leaves some unspent. */
  readonly epochs: number;
  /** The lowest validation loss that it found, for each seed. */
  readonly losses: readonly number[];
  /** That loss over the one that random search found with the same data, for each seed. */
  readonly ratios: readonly number[];
}

/** All ways on one task; the first is random search. */
export interface SearchTable {
  readonly task: string;
  readonly network: string;
  readonly space: string;
  readonly seeds: number;
  /** Most epochs of a trial. */
  readonly epochs: number;
  readonly rows: readonly SearchRow[];
}

const SEEDS = 10;

/** Searches every task in all ways, on ten draws of its data. */
export async function searchSuite(
  engine: Engine,
  data: SearchData,
  log: (line: string) => void,
): Promise<SearchTable[]> {
  const tables: SearchTable[] = [];
  for (const task of await searchTasks(data)) {
    const ways = waysOf(task);
    const found: Found[][] = [];
    for (let seed = 1; seed <= SEEDS; seed++) {
      const own: Found[] = [];
      for (const way of ways) own.push(await foundIn(engine, task, way, seed));
      found.push(own);
      log(`search, ${task.name}, seed ${seed}: ${own.map(({ best }) => best.toFixed(4)).join(', ')}`);
    }
    tables.push(tableOf(task, ways, found));
  }
  return tables;
}

/** Returns the table of a task. @param found of each seed, the outcome of each way */
export function tableOf(task: SearchTask, ways: readonly Way[], found: readonly (readonly Found[])[]): SearchTable {
  const { input, batchSize, space } = task.options;
  return {
    task: task.name,
    network: `${[...input, ...task.sizes].join('-')}, batch ${batchSize}`,
    space: Object.keys(space).join(', '),
    seeds: found.length,
    epochs: task.epochs,
    rows: ways.map(({ name, share }, i) => {
      const own = found.map((each) => each[i]);
      return {
        strategy: name,
        share,
        configurations: own[0].configurations,
        epochs: quartilesOf(own.map(({ epochs }) => epochs)).median,
        losses: own.map(({ best }) => best),
        ratios: own.map(({ best }, seed) => (best === found[seed][0].best ? 1 : best / found[seed][0].best)),
      };
    }),
  };
}

/** Returns the name of a way, with its budget where that is not random search's. */
export const wayText = ({ strategy, share }: SearchRow) => (share === 1 ? strategy : `${strategy}, a third`);

/** Returns the number of seeds in which a way found a loss at least as low as random search. */
export const asGood = ({ ratios }: SearchRow) => ratios.filter((ratio) => ratio <= 1).length;

/** Ways of searching at the budget of random search and at a third of it. */
export function searchTable(tables: readonly SearchTable[]): Table {
  return {
    title: 'Search: quality at one budget of epochs',
    head: [
      'task',
      'strategy',
      'configurations',
      'epochs of all trials',
      'lowest validation loss, median (quartiles)',
      "beside random's, median (quartiles)",
      'at least as good as random',
    ],
    rows: tables.flatMap(({ task, seeds, rows }) =>
      rows.map((row) => [
        task,
        wayText(row),
        countOf(row.configurations),
        countOf(row.epochs),
        quartilesText(quartilesOf(row.losses), figure),
        quartilesText(quartilesOf(row.ratios), share),
        `${asGood(row)} of ${seeds}`,
      ]),
    ),
    notes: [
      'Of one seed all strategies have the same training and validation rows. ' +
        tables
          .map(
            ({ task, network, space, seeds, epochs }) =>
              `${task}: ${network}, over ${space}, at most ${epochs} epochs a trial, ${seeds} seeds`,
          )
          .join('; ') +
        '. The loss is the lowest that any trial had on the validation rows after any epoch. A trial that diverges leaves its epochs ' +
        'unspent. "A third": as many configurations as a third of the budget of random search allows. In a third of the seeds random ' +
        'search itself finds its last loss among the first third of its trials.',
    ],
  };
}

const quartilesText = ({ low, median, high }: Quartiles, text: (value: number) => string) =>
  `${text(median)} (${text(low)} to ${text(high)})`;
