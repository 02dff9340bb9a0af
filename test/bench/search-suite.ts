import { type Dataset, type Engine, random, type Strategy, search, sobol, successiveHalving } from '../../src/index.js';
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

/** A way of searching, on a task. */
export interface SearchRow {
  readonly strategy: string;
  /** Configurations that it begins with. */
  readonly population: number;
  /** Epochs of all trials. */
  readonly epochs: number;
  /** By seed: the lowest validation loss that it found. */
  readonly final: readonly number[];
  /** By seed: the share of random search's epochs after which it had found what random search had at its end; null: never. */
  readonly share: readonly (number | null)[];
  /** Over seeds, at each of the shares of random search's epochs: what was found less the best that anyone found. */
  readonly regret: readonly { readonly share: number; readonly of: Quartiles }[];
  /** Wall time of all seeds. */
  readonly seconds: number;
}

/** All ways on one task. */
export interface SearchTable {
  readonly task: string;
  readonly network: string;
  readonly space: string;
  readonly seeds: number;
  readonly epochs: number;
  readonly rows: readonly SearchRow[];
}

const SEEDS = 10;
const ETA = 3;
/** Points of a curve. */
const POINTS = 54;

/** Searches every task in three ways at one budget of epochs, on ten draws of its data. */
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
    {
      name: 'halving',
      strategy: successiveHalving({ eta: ETA }),
      population: populationFor(trials * epochs, epochs, ETA),
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
    rows: [
      ...ways.map((way, i) => rowOf(way, task, runs, (own) => own[i])),
      rowOf({ ...ways[0], name: 'random, one trial after another' }, task, runs, ([{ inTurn, seconds }]) => ({
        curve: inTurn,
        inTurn,
        seconds,
      })),
    ],
  };
}

interface Run {
  /** After every epoch of the search, as it ran. */
  readonly curve: readonly Found[];
  /** Of the same trials, as if they had run one after another. */
  readonly inTurn: readonly Found[];
  readonly seconds: number;
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
  const { trials, seconds } = run.result;
  return { curve, inTurn: foundInTurn(trials), seconds };
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
    epochs: Math.max(...own.map(({ curve }) => curve.at(-1)?.epochs ?? 0)),
    final: own.map(endOf),
    share: shares.map((share) => (Number.isFinite(share) ? share : null)),
    regret: Array.from({ length: POINTS }, (_, i) => {
      const share = (i + 1) / POINTS;
      return { share, of: quartilesOf(own.map(({ curve }, seed) => bestAt(curve, share * budget) - best[seed])) };
    }),
    seconds: own.reduce((sum, { seconds }) => sum + seconds, 0),
  };
}
