import { setImmediate } from 'node:timers/promises';
import { EngineError } from '../../errors/engine-error.js';
import { balancedWeights, createReferenceEngine, type Engine, type Evaluation, loadTrainer } from '../../index.js';
import {
  type Configuration,
  gaussianProcess,
  grid,
  hyperband,
  populationBased,
  random,
  type Search,
  type SearchOptions,
  type SearchResult,
  type Strategy,
  search,
  sobol,
  spaceFromJson,
  successiveHalving,
  tpe,
} from '../../tune.js';
import { type CheckpointFile, openCheckpoint } from '../checkpoint-file.js';
import { openEngine, packageVersion, whereOf } from '../environment.js';
import { EXIT } from '../exit-code.js';
import { command } from '../help.js';
import { onInterrupt } from '../interrupt.js';
import { FileWriter } from '../output-files.js';
import { commandStart, repeatCommand } from '../repeat-command.js';
import { type Fact, writeFacts } from '../terminal/lines.js';
import { count, percent, short } from '../terminal/numbers.js';
import type { Terminal } from '../terminal/terminal.js';
import { withBatch } from '../train/config.js';
import { buildTraining, describeModel, describeTraining, outputsOf } from '../train/model.js';
import { noteFacts } from '../train/show-run.js';
import { tableLines } from '../train/show-table.js';
import { columnLines, withTableDefaults } from '../train/table.js';
import { measureTable, type TableResult } from '../train/table-result.js';
import {
  checkSpaceNames,
  checkTuneData,
  checkTuneFiles,
  readTuneConfig,
  TUNE_VALUES,
  type TuneConfig,
} from './config.js';
import { loadTuningData, type TuningData } from './data.js';
import { type StrategyName, TUNE_OPTIONS, type TuneOptions, tuneHelp } from './options.js';
import { searchHtml } from './search-html.js';
import { SearchProgress } from './search-progress.js';
import { showSearch, spaceLines } from './show-search.js';
import { configOfTrial, winnerCommand } from './winner-command.js';

/** Runs `wgrad tune` and returns the exit code. */
export const tune = command('wgrad tune', TUNE_OPTIONS, tuneHelp, tuneAsGiven);

async function tuneAsGiven(given: TuneOptions, terminal: Terminal, args: readonly string[]): Promise<number> {
  const asked = await readTuneConfig(given);
  await checkTuneFiles(given);
  const checkpoint = await openCheckpoint(given, TUNE_VALUES);
  const space = readSpace(asked.space);
  const data = await loadTuningData(asked);
  checkTuneData(asked, data);
  const rows = data.train.examples;
  const settings = { ...asked.train, examples: data.examples };
  const fitted = data.table ? withTableDefaults(settings, given, data.train) : settings;
  const train = withBatch(fitted, rows);
  const config = { ...asked, train, patience: asked.patience ?? train.patience };
  checkSpaceNames(config, data.train);
  const engine = given.reference ? createReferenceEngine() : await openEngine(given.adapter, TUNE_VALUES.refuse);
  const interrupt = onInterrupt(() => terminal.write('\nStopping; Ctrl-C again ends at once.\n'));
  const files = new FileWriter();
  try {
    const modelOf = (configuration: Configuration) =>
      buildTraining(configOfTrial(config, configuration), data.train, config.space).model;
    const { signal } = interrupt;
    const options = { ...optionsOf(config, data), space, signal, resume: checkpoint.saved };
    using run = inSpace(() => search(engine, modelOf, options));
    showStart(terminal, engine, config, data);
    const stopped = await watch(run, config, terminal, { files, checkpoint });
    const { result } = run;
    const { test, table, failure } = await testBest(run, engine, data, {
      balance: train.balance,
      save: (network) => files.write('--save', given.save, () => network),
    });
    const command = repeatCommand(commandStart('tune', process.env), args, config.train.seed);
    const winner = result.bestConfig && winnerCommand(config, result.bestConfig, process.env, given);
    const model = describeModel(config.train, data.train.features, outputsOf(config.train, data.train), config.space);
    const version = packageVersion();
    const about = { version, command, winner, data: data.about, model, test: testLines(test, table) };
    const json = { version, command, winner, data: data.about, model, test, table, ...result };
    await files.write('--json', given.json, () => `${JSON.stringify(json, null, 2)}\n`);
    await files.write('--csv', given.csv, () => run.toCSV());
    await files.write('--html', given.html, () => searchHtml({ ...about, config, result }));
    showSearch(terminal, result, { ...about, stopped, written: files.written });
    if (failure !== undefined) throw failure;
    return files.exitCode(exitCode(result, stopped !== undefined));
  } finally {
    interrupt.release();
    engine.dispose();
  }
}

/** Returns a space from JSON. @throws UsageError naming the distribution that is wrong */
function readSpace(json: TuneConfig['space']): ReturnType<typeof spaceFromJson> {
  return inSpace(() => spaceFromJson(json));
}

/** Returns what `read` does. @throws UsageError where `read` refuses a distribution of the space */
function inSpace<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    const said = /^(?:spaceFromJson: (?:space\.)?|search: space\.)(.*)/s.exec((error as Error).message);
    if (!said) throw error;
    throw TUNE_VALUES.refuse(`--space: ${said[1]}`);
  }
}

/** Runs a search and shows its progress; returns a sentence if it was stopped. */
async function watch(
  run: Search,
  { members, strategy, train }: TuneConfig,
  terminal: Terminal,
  { files, checkpoint }: { readonly files: FileWriter; readonly checkpoint: CheckpointFile },
): Promise<string | undefined> {
  const progress = new SearchProgress(terminal, {
    members: strategy === 'hyperband' ? 0 : members,
    epochs: train.epochs,
  });
  const { path, every } = checkpoint;
  const keep = () => files.write('--checkpoint', path, () => run.save());
  let epochs = 0;
  try {
    for await (const _ of run) {
      progress.show(run.result);
      if (++epochs % every === 0) await keep();
      // The reference engine never waits for anything, and Ctrl-C is only heard between waits.
      await setImmediate();
    }
    await keep();
    return undefined;
  } catch (error) {
    if (error instanceof EngineError && error.kind === 'lost' && path !== undefined) {
      throw new EngineError('lost', `${error.message}, or here with --resume`, { cause: error });
    }
    if (!(error instanceof EngineError) || error.kind !== 'aborted') throw error;
    await keep();
    const { trials } = run.result;
    const done = trials.reduce((sum, { rungs }) => sum + rungs.length, 0);
    const goOn = path === undefined ? '' : ' --resume goes on from here.';
    return `Stopped after ${count(done)} epochs of ${count(trials.length)} trials.${goOn}`;
  } finally {
    progress.clear();
  }
}

/** Returns the options of the search. */
function optionsOf(config: TuneConfig, { train, validation }: TuningData): Omit<SearchOptions, 'space' | 'signal'> {
  const { folds, metric, patience, members, strategy } = config;
  const { options } = buildTraining(config.train, train, config.space);
  return {
    ...options,
    strategy: strategyOf(config),
    population: OWN_NUMBER.includes(strategy) ? undefined : members,
    budget: { epochs: config.train.epochs },
    train,
    ...(validation ? { validation } : { folds }),
    ...(config.train.balance && {
      weights: balancedWeights(train),
      validationWeights: validation && balancedWeights(validation),
    }),
    metric,
    patience: patience ?? undefined,
    seed: config.train.seed,
  };
}

/** Strategies that know how many configurations they try. */
const OWN_NUMBER: readonly StrategyName[] = ['grid', 'hyperband'];

function strategyOf({ strategy, members, space }: TuneConfig): Strategy {
  if (strategy === 'random') return random();
  if (strategy === 'sobol') return sobol();
  if (strategy === 'halving') return successiveHalving();
  if (strategy === 'hyperband') return hyperband();
  if (strategy === 'tpe') return tpe();
  if (strategy === 'gaussian-process') return gaussianProcess();
  if (strategy === 'population-based') return populationBased();
  const fixed = Object.values(space)
    .flat()
    .map((entry) => valuesOf(entry));
  const choices = fixed.reduce<number>((product, values) => product * (values ?? 1), 1);
  const axes = fixed.filter((values) => values === undefined).length;
  // As many points as fit into the members; every value of a choice is tried.
  let points = 1;
  while (axes > 0 && choices * (points + 1) ** axes <= members) points++;
  return grid(points);
}

/** Returns the number of values of an entry that a grid cannot thin out; undefined for a range. */
function valuesOf(entry: unknown): number | undefined {
  if (typeof entry !== 'object' || entry === null) return 1;
  const { kind, values } = entry as Readonly<Record<string, unknown>>;
  if (Array.isArray(values)) return values.length;
  return kind === 'fixed' ? 1 : undefined;
}

/** Writes the facts of a search before it starts. */
function showStart(terminal: Terminal, { info }: Engine, config: TuneConfig, data: TuningData): void {
  const { train, about, table } = data;
  const { train: base, space, strategy, folds, metric } = config;
  const judged = folds > 0 ? `${metric} over ${folds} folds` : `validation ${metric}`;
  writeFacts(terminal, [
    [`wgrad ${packageVersion()}`, `searching on ${whereOf(info)}`],
    ['Data', about],
    ['Model', describeModel(base, train.features, outputsOf(base, train), space)],
    ['Training', describeTraining(base, train, space)],
    ...spaceLines({ space }).map(([name, value]) => ['Search', `${name} ${value}`] as const),
    ['Strategy', `${strategy}, judged by ${judged}`],
    ...(table ? noteFacts(table) : []),
  ]);
  if (table) terminal.write(`\n${columnLines(table).join('\n')}\n`);
  terminal.write('\n');
}

/**
 * Gives the best network to `save`, with the preparation of its table, and returns its result on the test data. An error is
 * returned too: it does not take with it what the search has found.
 */
async function testBest(
  run: Search,
  engine: Engine,
  { test, table }: TuningData,
  { balance, save }: { readonly balance: boolean; readonly save: (network: Uint8Array) => Promise<void> },
): Promise<{ test?: Evaluation; table?: TableResult; failure?: unknown }> {
  if (run.result.best === null) return {};
  try {
    const network = await run.bestNetwork({ preparation: table?.preparation });
    await save(network);
    using trainer = await loadTrainer(engine, network);
    return {
      test: await trainer.evaluate(test),
      ...(table && { table: await measureTable(trainer, table, balance) }),
    };
  } catch (failure) {
    return { failure };
  }
}

/** Returns the result on the test data as facts. */
function testLines(test: Evaluation | undefined, table: TableResult | undefined): Fact[] {
  if (table) return tableLines(table);
  if (!test) return [];
  const { loss, accuracy } = test;
  const share = accuracy === undefined ? '' : `accuracy ${percent(accuracy)}, `;
  return [['Test', `${share}loss ${short(loss)}, on data never used to choose`]];
}

function exitCode({ best, trials }: SearchResult, stopped: boolean): number {
  if (stopped) return EXIT.interrupted;
  return best === null && trials.length > 0 ? EXIT.diverged : EXIT.ok;
}
