import {
  createReferenceEngine,
  createTrainer,
  type DebugLevel,
  type Engine,
  loadTrainer,
  type Trainer,
  type TrainerOptions,
} from '../../index.js';
import { ABOVE_0 } from '../../nn/hyper-parameters.js';
import { MOST_COUNTED } from '../../train/member.js';
import { openCheckpoint } from '../checkpoint-file.js';
import { openEngine } from '../environment.js';
import { EXIT } from '../exit-code.js';
import { command, commandHelp, entry } from '../help.js';
import { onInterrupt } from '../interrupt.js';
import { checkFiles, FileWriter } from '../output-files.js';
import { commandStart, repeatCommand } from '../repeat-command.js';
import { placeOf } from '../replace-file.js';
import type { Terminal } from '../terminal/terminal.js';
import { askedOf, readRun } from './checkpoint.js';
import {
  checkAdapter,
  checkBalance,
  number,
  readConfig,
  refuse,
  TRAIN_VALUES,
  type TrainConfig,
  withBatch,
} from './config.js';
import { loadData, type TrainingData } from './data.js';
import { checkNet, type LoadedNet, readNet } from './load-net.js';
import { buildTraining, checkLoss, checkNetworkGroups, checkSize, describeModel, describeTraining } from './model.js';
import { TRAIN_GROUPS, TRAIN_OPTIONS, type TrainOptions } from './options.js';
import { PRESET_NAMES, PRESETS } from './presets.js';
import { Progress } from './progress.js';
import { reportHtml } from './report-html.js';
import { makeResult } from './run-result.js';
import { extentOf, runTraining } from './run-training.js';
import { showResult, showStart } from './show-run.js';
import { withTableDefaults } from './table.js';

/** Runs `wgrad train` and returns the exit code. */
export const train = command('wgrad train', TRAIN_OPTIONS, trainHelp, trainAsGiven);

async function trainAsGiven(given: TrainOptions, terminal: Terminal, args: readonly string[]): Promise<number> {
  const net = given.load === undefined ? undefined : await readNet(given.load, given);
  const asGiven = readConfig(given);
  const read = net ? { ...asGiven, ...net.settings } : asGiven;
  const report = await reportPath(given);
  await checkTrainFiles(given);
  const checkpoint = await openCheckpoint(given, TRAIN_VALUES);
  checkAdapter(given);
  if (given.reference && given.debug !== undefined) throw refuse('--debug is for a GPU, and --reference uses none');
  const debug = (number('--debug', given.debug, { min: 0, max: 4, integer: true }) ?? 0) as DebugLevel;
  const { data, config } = await prepare(read, given, net);
  const asked = checkpoint.path === undefined ? {} : askedOf(config, data);
  const before = checkpoint.saved && readRun(given.checkpoint ?? '', checkpoint.saved, asked, config.epochs);
  const engine = given.reference ? createReferenceEngine() : await openEngine(given.adapter, refuse, debug);
  const files = new FileWriter();
  const progress = new Progress(terminal, extentOf(config, data), before?.epochs.length);
  const interrupt = onInterrupt(() => {
    progress.clear();
    terminal.write('Stopping; Ctrl-C again ends at once.\n');
  });
  try {
    showStart(terminal, engine, config, data, before?.epochs.length);
    if (before?.best) (await loadTrainer(engine, before.best)).dispose(); // refuses a damaged one now, not at the end
    const telling: Telling = { progress: (kernels) => progress.compiling(kernels) };
    const trainer = before
      ? await loadTrainer(engine, before.bytes, telling)
      : await startTrainer(engine, config, data, net, telling);
    const { signal } = interrupt;
    const run = await runTraining(trainer, {
      data,
      config,
      asked,
      progress,
      signal,
      before,
      checkpoint,
      files,
      stepsBefore: net?.steps ?? 0,
    });
    // Weights first: what fails after them does not take them with it.
    await files.write('--save', given.save, () => run.trainer.save({ preparation: data.table?.preparation }));
    const resumes = run.status === 'aborted' && checkpoint.path !== undefined;
    const again = repeatCommand(commandStart('train', process.env), args, net ? undefined : config.seed, resumes);
    const result = await makeResult(run, { engine, config, data, command: again });
    await files.write('--json', given.json, () => `${JSON.stringify(result, null, 2)}\n`);
    await files.write('--report', report, () => reportHtml(result));
    showResult(terminal, result, run.status === 'aborted' ? run.stopped : undefined, files.written);
    if (run.status === 'diverged') console.error(`wgrad: ${run.stopped}`);
    run.trainer.dispose();
    return files.exitCode({ complete: EXIT.ok, aborted: EXIT.interrupted, diverged: EXIT.diverged }[run.status]);
  } finally {
    interrupt.release();
    engine.dispose();
  }
}

/** Returns the data, and the configuration that fits them. @throws as `loadData` does; UsageError for what does not fit them */
async function prepare(
  read: TrainConfig,
  given: TrainOptions,
  net: LoadedNet | undefined,
): Promise<{ data: TrainingData; config: TrainConfig }> {
  const data = await loadData(read, TRAIN_VALUES, net);
  const rows = data.train.examples;
  if (net) checkNet(net, data);
  const config = net
    ? goOnWith(net, read, given, data)
    : withBatch(data.table ? withTableDefaults(read, given, data.train) : read, rows);
  checkBalance(config, data.train);
  checkLoss(config, data.train, TRAIN_VALUES);
  checkSize(config, data.train, TRAIN_VALUES);
  checkNetworkGroups(config, data.train, TRAIN_VALUES);
  checkSteps(config, data);
  return { data, config };
}

/** Returns the path of the page with charts: beside the JSON, if that is a file, unless it is named. */
export async function reportPath({ json, report }: TrainOptions): Promise<string | undefined> {
  if (report !== undefined || json === undefined) return report;
  const place = await placeOf(json).catch(() => undefined);
  return place?.isStream ? undefined : `${json.replace(/\.json$/i, '')}.html`;
}

/** Refuses files that cannot be written. @throws UsageError, before anything is trained */
export async function checkTrainFiles(given: TrainOptions): Promise<void> {
  const { json, save, checkpoint, data, load } = given;
  const files = { '--json': json, '--report': await reportPath(given), '--save': save, '--checkpoint': checkpoint };
  await checkFiles(files, refuse, { '--data': data, '--load': load });
}

/** Refuses a training whose steps cannot be counted. @throws UsageError */
function checkSteps(config: TrainConfig, data: TrainingData): void {
  const { epochs, stepsPerEpoch } = extentOf(config, data);
  const most = Math.floor(MOST_COUNTED / stepsPerEpoch);
  if (epochs > most)
    throw refuse(`--epochs must be at most ${most} with ${stepsPerEpoch} steps an epoch, got ${epochs}`);
}

/** Returns the configuration in which a network of `--load` goes on: with its settings, for as long as the rows need. */
function goOnWith(net: LoadedNet, read: TrainConfig, given: TrainOptions, data: TrainingData): TrainConfig {
  const { settings } = net;
  const decided = { hidden: `${settings.hidden}`, batch: `${settings.batch}` };
  const { epochs, patience } = data.table ? withTableDefaults(read, { ...given, ...decided }, data.train) : read;
  const learningRate = number('--learning-rate', given['learning-rate'], ABOVE_0) ?? settings.learningRate;
  return { ...read, ...settings, learningRate, epochs, patience };
}

/** The option by which a trainer that is made tells of its kernels. */
type Telling = Required<Pick<TrainerOptions, 'progress'>>;

/** Returns a new trainer, or that of the network to go on from. */
async function startTrainer(
  engine: Engine,
  config: TrainConfig,
  { train }: TrainingData,
  net: LoadedNet | undefined,
  telling: Telling,
): Promise<Trainer> {
  if (net) {
    const trainer = await loadTrainer(engine, net.bytes, telling);
    trainer.set({ learningRate: config.learningRate });
    return trainer;
  }
  const { model, options } = buildTraining(config, train);
  return createTrainer(engine, model, { ...options, ...telling, seed: config.seed });
}

/** Features and outputs of the data that presets bring. */
const SIZES = { mnist: [784, 10], line: [1, 1], sum: [10, 1] } as const;

/** Returns the text of `wgrad train --help`, in lines of at most `width` columns. */
export function trainHelp(width: number): string {
  const presets = PRESET_NAMES.map((preset) => {
    const { about, data } = PRESETS[preset];
    const config = readConfig({ preset });
    const [features, outputs] = SIZES[data];
    const model = describeModel(config, features, outputs);
    return entry(
      preset,
      11,
      `${about}: ${model}; ${describeTraining(config, data === 'mnist' ? { classes: outputs } : {})}`,
      width,
    );
  });
  const about = 'Trains a network on WebGPU and shows how it went. On a machine without a GPU it uses a software one.';
  const more = [
    `Presets:\n${presets.join('\n')}`,
    'Environment: NO_COLOR turns colours off, CI turns the progress bar off.',
  ];
  return commandHelp({ command: 'wgrad train', about, options: TRAIN_GROUPS, more }, width);
}
