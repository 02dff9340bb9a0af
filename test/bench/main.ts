import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { webgpuHost } from '../../src/cli/environment.js';
import { describeError, exitCodeOf } from '../../src/cli/exit-code.js';
import { optionLines } from '../../src/cli/help.js';
import { checkFile } from '../../src/cli/output-files.js';
import { terminalOf } from '../../src/cli/terminal/terminal.js';
import {
  BENCH_OPTIONS,
  type BenchOptions,
  networksIn,
  placesOf,
  readOptions,
  refuse,
  suitesIn,
} from './bench-options.js';
import { coldSuite } from './cold-suite.js';
import { noteEnvironment } from './environment.js';
import { openNode } from './open-node.js';
import { type PlaceReport, type Report, reportTables } from './report.js';
import { type Request, runSuites } from './run-suites.js';
import { sizeSuite } from './size-suite.js';
import { textOf } from './table.js';
import { writeReport } from './write-report.js';

/** Measures what the arguments ask for; returns the exit code. */
export async function main(args: readonly string[], files: Files): Promise<number> {
  try {
    const options = readOptions(args);
    if (options.help) console.log(help(terminalOf(process.stdout, process.env).columns));
    else await measure(options, args, files);
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
  /** Folder of the built benchmark. */
  readonly folder: string;
}

async function measure(options: BenchOptions, args: readonly string[], { root, folder }: Files): Promise<void> {
  const { json, write, rounds, rivals, adapter, suites } = options;
  if (json !== undefined) await checkFile('--json', json, refuse);
  if (write !== undefined && statSync(write, { throwIfNoEntry: false })?.isFile()) {
    throw refuse(`--write: ${write} is a file, not a folder`);
  }
  const noted = noteEnvironment(args);
  const log = (line: string) => console.error(line);
  const places: PlaceReport[] = [];
  for (const place of placesOf(options)) {
    const request: Request = {
      ...options,
      suites: suitesIn(place, options),
      networks: networksIn(place, options),
    };
    if (request.suites.length === 0) continue;
    places.push(
      place === 'chromium'
        ? await (await import('./in-chromium.js')).runInChromium({ root, outDir: join(folder, 'page') }, request, log)
        : { host: webgpuHost(), ...(await runSuites(await openNode(adapter), request, log)) },
    );
  }
  const script = join(folder, 'cold.js');
  const cold = suites.includes('cold') ? await coldSuite({ rounds, log, script, rivals, adapter }) : undefined;
  const size = suites.includes('size') ? await sizeSuite(root, log) : undefined;
  const report: Report = { environment: noted(), places, ...(cold && { cold }), ...(size && { size }) };
  for (const table of reportTables(report)) console.log(`\n${textOf(table)}`);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(report, undefined, 1)}\n`);
  if (write !== undefined) writeReport(write, report);
}
