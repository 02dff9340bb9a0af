import type { Dataset, Engine } from '../../src/index.js';
import { gaussianProcess, random, type Strategy, search, sobol, successiveHalving, tpe } from '../../src/tune.js';
import { countOf, figure, share } from './figures.js';
import {
  bestAt,
  epochsTo,
  type Found,
  foundBy,
  foundInTurn,
  populationFor,
  type Quartiles,
  quartilesOf,
} from './regret.js';
import { modelOf, type SearchTask, searchTasks } from './search-tasks.js';
import type { Table } from './table.js';

/** A way of searching, on a task. */
export interface SearchRow {
  readonly strategy: string;
  /** Configurations that it begins with. */
  readonly population: number;
  /** Epochs of all trials, the median over seeds: a trial that diverges leaves some unspent. */
  readonly epochs: number;
  /** Lowest validation loss that it found, for each seed. */
  readonly final: readonly number[];
  /**
   * Share of the budget after which it was as good as random search at its end, for each seed; null if it never was.
   */
  readonly share: readonly (number | null)[];
  /** Over seeds, at each of some shares of the budget: what was found less the best that anyone found. */
  readonly regret: readonly { readonly share: number; readonly of: Quartiles }[];
}

/** All ways on one task. */
export interface SearchTable {
  readonly task: string;
  readonly network: string;
  readonly space: string;
  readonly seeds: number;
  /** Most epochs of a trial. */
  readonly epochs: number;
  /** Epochs of all trials of random search, if none of them diverges. */
  readonly budget: number;
  readonly rows: readonly SearchRow[];
}

const SEEDS = 10;
const ETA = 3;
/** Points of a curve. */
const POINTS = 54;

/**
 * Searches every task in five ways at one budget of epochs, and by halving at a third of it, on ten draws of its data.
 */
export async function searchSuite(engine: Engine, mnist: Dataset, log: (line: string) => void): Promise<SearchTable[]> {
  const tables: SearchTable[] = [];
  for (const task of searchTasks(mnist)) tables.push(await searchTask(engine, task, log));
  return tables;
}

interface Way {
  readonly name: string;
  readonly strategy: Strategy;
  readonly population: number;
}

async function searchTask(engine: Engine, task: SearchTask, log: (line: string) => void): Promise<SearchTable> {
  const { trials, epochs } = task;
  const ways: Way[] = [
    { name: 'random', strategy: random(), population: trials },
    { name: 'Sobol', strategy: sobol(), population: trials },
    { name: 'TPE', strategy: tpe(), population: trials },
    { name: 'Gaussian process', strategy: gaussianProcess(), population: trials },
    {
      name: 'halving',
      strategy: successiveHalving({ eta: ETA }),
      population: populationFor(trials * epochs, epochs, ETA),
    },
    {
      name: 'halving, a third',
      strategy: successiveHalving({ eta: ETA }),
      population: populationFor((trials * epochs) / 3, epochs, ETA),
    },
  ];
  const runs: Run[][] = [];
  for (let seed = 1; seed <= SEEDS; seed++) {
    const data = task.data(seed);
    const own: Run[] = [];
    for (const way of ways) own.push(await runOf(engine, task, way, { ...data, seed }));
    runs.push(own);
    log(`search, ${task.name}, seed ${seed}: ${own.map(({ curve }) => curve.at(-1)?.best.toFixed(4)).join(', ')}`);
  }
  const { input, batchSize, space } = task.options;
  return {
    task: task.name,
    network: `${[...input, ...task.sizes].join('-')}, batch ${batchSize}`,
    space: Object.keys(space).join(', '),
    seeds: SEEDS,
    epochs,
    budget: trials * epochs,
    rows: [
      ...ways.map((way, i) => rowOf(way, task, runs, (own) => own[i])),
      rowOf({ ...ways[0], name: 'random, one trial after another' }, task, runs, ([{ inTurn }]) => ({
        curve: inTurn,
        inTurn,
      })),
    ],
  };
}

interface Run {
  /** After every epoch of the search, as it ran. */
  readonly curve: readonly Found[];
  /** Regret of the same trials as if they had run one after another. */
  readonly inTurn: readonly Found[];
}

async function runOf(
  engine: Engine,
  task: SearchTask,
  { strategy, population }: Way,
  { train, validation, seed }: ReturnType<SearchTask['data']> & { seed: number },
): Promise<Run> {
  using run = search(engine, modelOf(task), {
    ...task.options,
    strategy,
    population,
    budget: { epochs: task.epochs },
    train,
    validation,
    seed,
  });
  const curve: Found[] = [];
  for await (const { trials } of run) curve.push(foundBy(trials));
  return { curve, inTurn: foundInTurn(run.result.trials) };
}

/** One way, over all seeds; of each seed the first run is random search's, which the others are held against. */
function rowOf(way: Way, { trials, epochs }: SearchTask, runs: readonly Run[][], pick: (own: Run[]) => Run): SearchRow {
  const budget = trials * epochs;
  const own = runs.map(pick);
  const endOf = ({ curve }: Run) => bestAt(curve, Number.POSITIVE_INFINITY);
  const best = runs.map((all) => Math.min(...all.map(endOf)));
  const shares = own.map(({ curve }, seed) => epochsTo(curve, endOf(runs[seed][0])) / budget);
  return {
    strategy: way.name,
    population: way.population,
    epochs: quartilesOf(own.map(({ curve }) => curve.at(-1)?.epochs ?? 0)).median,
    final: own.map(endOf),
    share: shares.map((share) => (Number.isFinite(share) ? share : null)),
    regret: Array.from({ length: POINTS }, (_, i) => {
      const share = (i + 1) / POINTS;
      return { share, of: quartilesOf(own.map(({ curve }, seed) => bestAt(curve, share * budget) - best[seed])) };
    }),
  };
}

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
        'A trial that diverges leaves its epochs unspent. Reached: seeds in which random search\'s last loss was found. TPE and the Gaussian process train a batch of an eighth of their trials side by side, after a start. Random and Sobol search train all their trials side by side, so that all of them end at the end; "one trial after another" are the same trials in turn. "A third" is halving with as many configurations as a third of the budget allows.',
    ],
  };
}

export const shareText = (value: number) => (Number.isFinite(value) ? share(value) : 'never');

const quartilesText = ({ low, median, high }: Quartiles, text: (value: number) => string) =>
  `${text(median)} (${text(low)} to ${text(high)})`;
