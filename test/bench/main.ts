import { writeFileSync } from 'node:fs';
import { describeError, exitCodeOf } from '../../src/cli/exit-code.js';
import { optionLines } from '../../src/cli/help.js';
import { checkFile } from '../../src/cli/output-files.js';
import { webgpuHost } from '../../src/cli/package-version.js';
import { terminalOf } from '../../src/cli/terminal.js';
import { BENCH_OPTIONS, type BenchOptions, inPage, readOptions, refuse } from './bench-options.js';
import { noteEnvironment } from './environment.js';
import { openNode } from './open-node.js';
import { reportTables } from './report.js';
import { runSuites } from './run-suites.js';
import { textOf } from './table.js';

/** Measures what the arguments ask for; returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    const options = readOptions(args);
    if (options.help) console.log(help(terminalOf(process.stdout, process.env).columns));
    else await measure(options, args);
    return 0;
  } catch (error) {
    console.error(describeError(error));
    return exitCodeOf(error);
  }
}

const help = (columns: number) =>
  `Usage: npm run bench -- [OPTIONS]

Times wgrad, TensorFlow.js and jax-js in one process, in turn, after holding the results of each against float64.

Options:
${optionLines(BENCH_OPTIONS, columns).join('\n')}`;

async function measure(options: BenchOptions, args: readonly string[]): Promise<void> {
  const { json } = options;
  if (json !== undefined) await checkFile('--json', json, refuse);
  const noted = noteEnvironment(args);
  const suites = options.suites.filter(inPage);
  const log = (line: string) => console.error(line);
  const place = await openNode(options.adapter);
  const results = await runSuites(place, { ...options, suites }, log);
  const environment = noted(webgpuHost());
  const report = { environment, ...results };
  for (const table of reportTables(report)) console.log(`\n${textOf(table)}`);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(report, undefined, 1)}\n`);
}
