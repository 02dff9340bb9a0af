import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeError, exitCodeOf } from '../../src/cli/exit-code.js';
import { optionLines } from '../../src/cli/help.js';
import { checkFile } from '../../src/cli/output-files.js';
import { webgpuHost } from '../../src/cli/package-version.js';
import { terminalOf } from '../../src/cli/terminal.js';
import { BENCH_OPTIONS, type BenchOptions, inPage, readOptions, refuse } from './bench-options.js';
import { coldSuite } from './cold-suite.js';
import { noteEnvironment } from './environment.js';
import { runInChromium } from './in-chromium.js';
import { openNode } from './open-node.js';
import { type Report, reportTables } from './report.js';
import { type Results, runSuites } from './run-suites.js';
import { sizeSuite } from './size-suite.js';
import { textOf } from './table.js';
import { writeReport } from './write-report.js';

/** Measures what the arguments ask for; returns the exit code. */
export async function main(args: readonly string[], root: string, coldScript: string): Promise<number> {
  try {
    const options = readOptions(args);
    if (options.help) console.log(help(terminalOf(process.stdout, process.env).columns));
    else await measure(options, args, { root, coldScript });
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

interface Files {
  /** The repository. */
  readonly root: string;
  /** The built `cold-first-step.ts`. */
  readonly coldScript: string;
}

async function measure(options: BenchOptions, args: readonly string[], files: Files): Promise<void> {
  const { json, write } = options;
  if (json !== undefined) await checkFile('--json', json, refuse);
  if (write !== undefined) await checkFile('--write', join(write, 'results.md'), refuse);
  const noted = noteEnvironment(args);
  const log = (line: string) => console.error(line);
  const { results, host } = await runWhere(options, files.root, log);
  const { rounds, rivals, adapter, suites } = options;
  const script = files.coldScript;
  const cold = suites.includes('cold') ? await coldSuite({ rounds, log, script, rivals, adapter }) : undefined;
  const size = suites.includes('size') ? await sizeSuite(files.root, log) : undefined;
  const report: Report = { environment: noted(host), ...results, ...(cold && { cold }), ...(size && { size }) };
  for (const table of reportTables(report)) console.log(`\n${textOf(table)}`);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(report, undefined, 1)}\n`);
  if (write !== undefined) writeReport(write, report);
}

/** Runs the suites that want WebGPU, if there are any, where they are wanted. */
async function runWhere(
  { where, adapter, ...options }: BenchOptions,
  root: string,
  log: (line: string) => void,
): Promise<{ results: Results; host: string }> {
  const suites = options.suites.filter(inPage);
  const { rivals, networks, rounds, seconds } = options;
  const request = { suites, rivals, networks, rounds, seconds };
  if (suites.length === 0) return { results: {}, host: webgpuHost() };
  if (where === 'chromium') return runInChromium(root, request, log);
  return { results: await runSuites(await openNode(adapter), request, log), host: webgpuHost() };
}
