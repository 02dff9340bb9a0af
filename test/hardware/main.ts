import { writeFileSync } from 'node:fs';
import { cpus, platform, release } from 'node:os';
import { packageVersion } from '../../src/cli/environment.js';
import { EXIT, reported } from '../../src/cli/exit-code.js';
import { commandHelp } from '../../src/cli/help.js';
import { checkFiles } from '../../src/cli/output-files.js';
import { terminalOf } from '../../src/cli/terminal/terminal.js';
import { COMMAND, HARDWARE_OPTIONS, type HardwareOptions, readHardwareOptions, refuse } from './hardware-options.js';
import type { DeviceResult } from './measure-device.js';
import { hardwarePage } from './page.js';
import { PARTS } from './parts.js';
import { type PartRun, runParts } from './run-parts.js';

const ABOUT =
  'Measures a GPU with everything this project has: verify, products and their share of the peak, autotune, bench, a paper ' +
  'again. Writes one JSON file and one page. docs/hardware.md says what to do with them.';

/** Everything about a run; the content of the JSON file. */
export interface HardwareReport {
  readonly format: 'wgrad-hardware';
  readonly version: string;
  readonly date: string;
  readonly command: string;
  readonly minutes: number;
  readonly system: { readonly platform: string; readonly processor: string; readonly node: string };
  readonly device: DeviceResult;
  readonly parts: readonly PartRun[];
}

/** Runs `npm run hardware` and returns the exit code. */
export const main = (args: readonly string[], files: { readonly folder: string }) =>
  reported(async () => {
    const options = readHardwareOptions(args);
    if (!options.help) return measure(options, args, files.folder);
    const exit = { ok: 'done, whatever was found', unsupported: 'no GPU', diverged: null, lost: null, unwritten: null };
    const { columns } = terminalOf(process.stdout, process.env);
    console.log(commandHelp({ command: COMMAND, about: ABOUT, options: { Options: HARDWARE_OPTIONS }, exit }, columns));
    return 0;
  });

async function measure(options: HardwareOptions, args: readonly string[], folder: string): Promise<number> {
  const { minutes, adapter, json, html, parts } = options;
  await checkFiles({ '--json': json, '--html': html }, refuse);
  const date = new Date().toISOString().replace(/\.\d+/, '');
  const log = (line: string) => console.error(line);
  const wanted = PARTS.filter(({ name }) => parts.includes(name));
  const runs = await runParts(wanted, { folder, minutes, adapter, log });
  const [{ result: device, exitCode, output, seconds }] = runs;
  if (device === null) {
    console.error(output.trim() || `hardware: the device did not open in ${seconds.toFixed(0)} s`);
    return exitCode || EXIT.unexpected;
  }
  const [{ model } = { model: 'unknown' }] = cpus();
  const report: HardwareReport = {
    format: 'wgrad-hardware',
    version: packageVersion(),
    date,
    command: ['npm run hardware', ...(args.length > 0 ? ['--', ...args] : [])].join(' '),
    minutes,
    system: {
      platform: `${platform()} ${release()}`,
      processor: `${cpus().length} x ${model}`,
      node: process.versions.node,
    },
    device: device as DeviceResult,
    parts: runs,
  };
  writeFileSync(json, `${JSON.stringify(report, null, 1)}\n`);
  writeFileSync(html, hardwarePage(report));
  if (report.device.software) console.log('SOFTWARE: this was no GPU, and none of the numbers is one of a GPU.');
  for (const { name, status, seconds } of runs)
    console.log(`${name.padEnd(14)} ${status.padEnd(9)} ${seconds.toFixed(0)} s`);
  console.log(`Written: ${json} and ${html}`);
  return 0;
}
