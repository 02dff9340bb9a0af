import { createReferenceEngine, createTrainer, type DebugLevel } from '../../index.js';
import { openEngine } from '../environment.js';
import { EXIT } from '../exit-code.js';
import { command, commandHelp, entry } from '../help.js';
import { outputFiles, writeFiles } from '../output-files.js';
import { commandStart, repeatCommand } from '../repeat-command.js';
import type { Terminal } from '../terminal/terminal.js';
import { checkAdapter, number, readConfig, refuse, withBatch } from './config.js';
import { loadData } from './data.js';
import { buildTraining, describeModel, describeTraining } from './model.js';
import { TRAIN_OPTIONS, type TrainOptions } from './options.js';
import { PRESET_NAMES, PRESETS } from './presets.js';
import { reportHtml } from './report-html.js';
import { makeResult } from './run-result.js';
import { runTraining } from './run-training.js';
import { showResult, showStart } from './show-run.js';

/** Runs `wgrad train` and returns the exit code. */
export const train = command('wgrad train', TRAIN_OPTIONS, trainHelp, trainAsGiven);

async function trainAsGiven(given: TrainOptions, terminal: Terminal, args: readonly string[]): Promise<number> {
  const asked = readConfig(given);
  const files = await outputFiles(given);
  checkAdapter(given);
  if (given.reference && given.debug !== undefined) throw refuse('--debug is for a GPU, and --reference uses none');
  const debug = (number('--debug', given.debug, { min: 0, max: 4, integer: true }) ?? 0) as DebugLevel;
  const data = await loadData(asked);
  const config = withBatch(asked, given, data.train.examples);
  const engine = given.reference ? createReferenceEngine() : await openEngine(given.adapter, refuse, debug);
  try {
    showStart(terminal, engine, config, data);
    const { model, options } = buildTraining(config, data.train);
    const trainer = await createTrainer(engine, model, { ...options, seed: config.seed });
    const run = await runTraining(trainer, data, config, terminal);
    const again = repeatCommand(commandStart('train', process.env), args, config.seed);
    const result = await makeResult(run, { engine, trainer, config, data, command: again });
    const written = await writeFiles([
      [files.json, () => `${JSON.stringify(result, null, 2)}\n`],
      [files.report, () => reportHtml(result)],
      [files.save, () => trainer.save()],
    ]);
    showResult(terminal, result, run.status === 'aborted' ? run.stopped : undefined, written);
    if (run.status === 'diverged') console.error(`wgrad: ${run.stopped}`);
    trainer.dispose();
    return { complete: EXIT.ok, aborted: EXIT.interrupted, diverged: EXIT.diverged }[run.status];
  } finally {
    engine.dispose();
  }
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
    return entry(preset, 11, `${about}: ${model}; ${describeTraining(config, data === 'mnist')}`, width);
  });
  const about = 'Trains a network on WebGPU and shows how it went. On a machine without a GPU it uses a software one.';
  const more = [
    `Presets:\n${presets.join('\n')}`,
    'Environment: NO_COLOR turns colours off, CI turns the progress bar off.',
  ];
  return commandHelp({ command: 'wgrad train', about, options: TRAIN_OPTIONS, more }, width);
}
