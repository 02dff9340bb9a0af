import { openEngine, packageVersion } from '../../../src/cli/environment.js';
import { EXIT, reported } from '../../../src/cli/exit-code.js';
import { commandHelp } from '../../../src/cli/help.js';
import { onInterrupt } from '../../../src/cli/interrupt.js';
import { checkFile } from '../../../src/cli/output-files.js';
import { parseOptions } from '../../../src/cli/parse-options.js';
import { repeatCommand } from '../../../src/cli/repeat-command.js';
import { replaceFile } from '../../../src/cli/replace-file.js';
import { writeFacts } from '../../../src/cli/terminal/lines.js';
import { type Terminal, terminalOf } from '../../../src/cli/terminal/terminal.js';
import { loadMnist } from '../../../src/cli/train/mnist.js';
import { EngineError } from '../../../src/index.js';
import { COMMAND, REPRODUCE_OPTIONS, type ReproduceOptions, readPlan, refuse } from './plan.js';
import { reproduceResult } from './result.js';
import { ROWS } from './srivastava-2014.js';
import { planFacts, resultText, rowLine } from './text.js';
import { type RowRun, type RunParts, runRow } from './train-row.js';

/** Runs `npm run reproduce` and returns the exit code. */
export const main = (args: readonly string[]) =>
  reported(() => reproduce(args, terminalOf(process.stdout, process.env)));

const ABOUT =
  'Trains networks of tables 9 and 2 of Srivastava et al., "Dropout", JMLR 15 (2014), on MNIST, and prints the ' +
  "paper's test errors beside ours.";

/** Returns the text of `npm run reproduce -- --help`, in lines of at most `width` columns. */
export function reproduceHelp(width: number): string {
  const exit = {
    ok: 'done, whatever the errors are',
    usage: 'a mistake in the options',
    diverged: 'a network diverged',
  };
  return commandHelp({ command: COMMAND, about: ABOUT, options: { Options: REPRODUCE_OPTIONS }, exit }, width);
}

/** Trains and compares as the arguments say, and returns the exit code. @throws UsageError for a wrong argument */
export async function reproduce(args: readonly string[], terminal: Terminal): Promise<number> {
  const given = parseOptions(COMMAND, args, REPRODUCE_OPTIONS);
  if (!given.help) return reproduceAsGiven(given, args, terminal);
  terminal.write(reproduceHelp(terminal.columns));
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
    const version = packageVersion();
    writeFacts(terminal, [[`wgrad ${version}`, 'a table of a paper, again'], ...planFacts(info, plan, testImages)]);
    terminal.write('\n');
    const trained = await runRows({ engine, images, plan, terminal, signal: interrupt.signal });
    const command = repeatCommand(COMMAND, args, plan.seeds[0]);
    const result = reproduceResult({ version, command, info, plan, testImages, ...trained });
    if (result.rows.length > 0) terminal.write(`\n${resultText(result, terminal.columns).join('\n')}\n`);
    if (given.json !== undefined) {
      await replaceFile(given.json, `${JSON.stringify(result, null, 2)}\n`);
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
