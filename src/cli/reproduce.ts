import { writeFile } from 'node:fs/promises';
import { EngineError } from '../index.js';
import { EXIT } from './exit-code.js';
import { onInterrupt } from './interrupt.js';
import { openEngine } from './open-engine.js';
import { checkFile } from './output-files.js';
import { packageVersion } from './package-version.js';
import { parseOptions } from './parse-options.js';
import { repeatCommand } from './repeat-command.js';
import { reproduceHelp } from './reproduce-help.js';
import { REPRODUCE_OPTIONS, type ReproduceOptions, readPlan, refuse } from './reproduce-options.js';
import { reproduceResult } from './reproduce-result.js';
import { type RowRun, type RunParts, runRow } from './reproduce-run.js';
import { planFacts, resultText, rowLine } from './reproduce-text.js';
import { ROWS } from './srivastava-2014.js';
import type { Terminal } from './terminal/terminal.js';
import { loadMnist } from './train/mnist.js';
import { writeFacts } from './train/show-run.js';

/** Runs `wgrad reproduce` and returns the exit code. */
export async function reproduce(args: readonly string[], terminal: Terminal): Promise<number> {
  const given = parseOptions('wgrad reproduce', args, REPRODUCE_OPTIONS);
  if (given.help) terminal.write(reproduceHelp(Math.min(Math.max(terminal.columns, 60), 100)));
  else if (given.version) terminal.write(`${packageVersion()}\n`);
  else return reproduceAsGiven(given, args, terminal);
  return EXIT.ok;
}

async function reproduceAsGiven(given: ReproduceOptions, args: readonly string[], terminal: Terminal): Promise<number> {
  const plan = readPlan(given);
  if (given.json !== undefined) await checkFile('--json', given.json, refuse);
  const images = await loadMnist();
  const engine = await openEngine(given.adapter, refuse);
  const interrupt = onInterrupt(() => terminal.write('\nStopping; Ctrl-C again ends at once.\n'));
  try {
    const { info } = engine;
    const testImages = images.test.examples;
    writeFacts(terminal, [
      [`wgrad ${packageVersion()}`, 'a table of a paper, again'],
      ...planFacts(info, plan, testImages),
    ]);
    terminal.write('\n');
    const { runs, aborted, seconds } = await runRows({ engine, images, plan, terminal, signal: interrupt.signal });
    const command = repeatCommand(args, plan.seeds[0], process.env, 'reproduce');
    const result = reproduceResult({
      version: packageVersion(),
      command,
      info,
      plan,
      testImages,
      runs,
      aborted,
      seconds,
    });
    if (runs.length > 0) terminal.write(`\n${resultText(result, terminal.columns).join('\n')}\n`);
    if (given.json !== undefined) {
      await writeFile(given.json, `${JSON.stringify(result, null, 2)}\n`);
      terminal.write(`Written      ${given.json}\n`);
    }
    terminal.write(`Again        ${command}\n`);
    return { complete: EXIT.ok, aborted: EXIT.interrupted, diverged: EXIT.diverged }[result.status];
  } finally {
    interrupt.release();
    engine.dispose();
  }
}

/** Trains row after row, until the last one or Ctrl-C. */
async function runRows(parts: RunParts) {
  const { plan, terminal } = parts;
  const runs: RowRun[] = [];
  const start = performance.now();
  const ended = (aborted: boolean) => ({ runs, aborted, seconds: (performance.now() - start) / 1000 });
  try {
    for (const row of ROWS) {
      const run = await runRow(row, parts);
      terminal.write(`${rowLine(run, plan)}\n`);
      runs.push(run);
    }
    return ended(false);
  } catch (error) {
    if (!(error instanceof EngineError) || error.kind !== 'aborted') throw error;
    terminal.write(`${error.message}\n`);
    return ended(true);
  }
}
