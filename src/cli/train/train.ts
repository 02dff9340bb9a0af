import { createReferenceEngine, createTrainer, type DebugLevel } from '../../index.js';
import { EXIT } from '../exit-code.js';
import { command } from '../help.js';
import { openEngine } from '../open-engine.js';
import { outputFiles, writeFiles } from '../output-files.js';
import { commandStart, repeatCommand } from '../repeat-command.js';
import type { Terminal } from '../terminal/terminal.js';
import { checkAdapter, number, readConfig, refuse, withBatch } from './config.js';
import { loadData } from './data.js';
import { trainHelp } from './help.js';
import { buildTraining } from './model.js';
import { TRAIN_OPTIONS, type TrainOptions } from './options.js';
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
