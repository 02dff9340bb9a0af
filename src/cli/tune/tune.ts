import { setImmediate } from 'node:timers/promises';
import { EngineError } from '../../errors/engine-error.js';
import { withoutPassword } from '../../fleet/database.js';
import { createReferenceEngine, type Engine, type Evaluation, loadTrainer } from '../../index.js';
import { edgesOf, importanceOf, type Search, type SearchResult, search } from '../../tune.js';
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
import { describeModel, describeTraining, outputsOf } from '../train/model.js';
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
import { type Fleet, openFleet, readFleet } from './fleet.js';
import { TUNE_OPTIONS, type TuneOptions, tuneHelp } from './options.js';
import { repeatBest, repeatedLines } from './repeat-best.js';
import { searchHtml } from './search-html.js';
import { inSpace, readSpace, searchParts } from './search-parts.js';
import { SearchProgress } from './search-progress.js';
import { showSearch, spaceLines } from './show-search.js';
import { winnerCommand } from './winner-command.js';

/** Runs `wgrad tune` and returns the exit code. */
export const tune = command('wgrad tune', TUNE_OPTIONS, tuneHelp, tuneAsGiven);

async function tuneAsGiven(given: TuneOptions, terminal: Terminal, args: readonly string[]): Promise<number> {
  const asked = await readTuneConfig(given);
  await checkTuneFiles(given);
  const checkpoint = await openCheckpoint(given, TUNE_VALUES);
  readSpace(asked.space);
  const fleetGiven = readFleet(given);
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
  const members = config.strategy === 'hyperband' ? 0 : config.members;
  const progress = new SearchProgress(terminal, { members, epochs: train.epochs });
  let fleet: Fleet | undefined;
  let isDone = false;
  try {
    const { model: modelOf, options } = searchParts(config, data);
    const running = { ...options, signal: interrupt.signal, resume: checkpoint.saved };
    if (fleetGiven) fleet = await openFleet(fleetGiven, { engine, model: modelOf, options: running, config, progress });
    using run = fleet?.run ?? inSpace(() => search(engine, modelOf, running));
    showStart(terminal, fleet?.place ?? whereOf(engine.info), config, data);
    const stopped = await watch(run, progress, { files, checkpoint, fleet });
    const trained = await fleet?.report();
    const result = trained ? { ...run.result, adapter: trained.adapters.join(', ') } : run.result;
    const { test, table, failure } = await testBest(run, engine, data, {
      balance: train.balance,
      save: (network) => files.write('--save', given.save, () => network),
    });
    const again =
      config.repeats > 0 && stopped === undefined && result.best !== null
        ? await repeatBest(engine, { model: modelOf, options: running }, result, config.repeats, terminal)
        : undefined;
    const resumes = stopped !== undefined && checkpoint.path !== undefined;
    const start = commandStart('tune', process.env);
    const command = withoutPassword(repeatCommand(start, args, config.train.seed, resumes));
    const winner = result.bestConfig && winnerCommand(config, result.bestConfig, process.env, given);
    const model = describeModel(config.train, data.train.features, outputsOf(config.train, data.train), config.space);
    const version = packageVersion();
    const lines = [...(again ? repeatedLines(again, result) : []), ...testLines(test, table)];
    const about = { version, command, winner, data: data.about, model, test: lines, fleet: trained };
    const repeated = again && { repeated: again };
    const json = {
      version,
      command,
      winner,
      data: data.about,
      model,
      test,
      table,
      ...result,
      edges: edgesOf(result),
      importance: importanceOf(result),
      ...repeated,
      fleet: trained,
    };
    await files.write('--json', given.json, () => `${JSON.stringify(json, null, 2)}\n`);
    await files.write('--csv', given.csv, () => run.toCSV());
    await files.write('--html', given.html, () => searchHtml({ ...about, config, result }));
    showSearch(terminal, result, { ...about, stopped, written: files.written });
    if (failure !== undefined) throw failure;
    const code = files.exitCode(exitCode(result, stopped !== undefined));
    isDone = code === EXIT.ok || code === EXIT.diverged;
    return code;
  } finally {
    await fleet?.leave(isDone);
    interrupt.release();
    engine.dispose();
  }
}

/** Runs a search and shows its progress; returns a sentence if it was stopped. */
async function watch(
  run: Search,
  progress: SearchProgress,
  {
    files,
    checkpoint,
    fleet,
  }: { readonly files: FileWriter; readonly checkpoint: CheckpointFile; readonly fleet: Fleet | undefined },
): Promise<string | undefined> {
  const { path, every } = checkpoint;
  const keep = () => files.write('--checkpoint', path, () => run.save());
  let epochs = 0;
  try {
    for await (const _ of run) {
      progress.show(run.result, fleet?.standing());
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
    const goOn = fleet ? fleet.goOn : path === undefined ? '' : ' --resume goes on from here.';
    return `Stopped after ${count(done)} epochs of ${count(trials.length)} trials.${goOn}`;
  } finally {
    progress.clear();
  }
}

/** Writes the facts of a search before it starts. */
function showStart(terminal: Terminal, where: string, config: TuneConfig, data: TuningData): void {
  const { train, about, table } = data;
  const { train: base, space, strategy, folds, metric } = config;
  const judged = folds > 0 ? `${metric} over ${folds} folds` : `validation ${metric}`;
  writeFacts(terminal, [
    [`wgrad ${packageVersion()}`, `searching on ${where}`],
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
      table: table && (await measureTable(trainer, table, balance)),
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
