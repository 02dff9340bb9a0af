import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { reported } from '../../src/cli/exit-code.js';
import { commandHelp } from '../../src/cli/help.js';
import { terminalOf } from '../../src/cli/terminal/terminal.js';
import { type ChipReport, type Compiled, readCompiled } from './chip-report.js';
import { CHIPS } from './chips.js';
import { ISA_OPTIONS, type IsaOptions, readIsaOptions } from './isa-options.js';
import { buildLayer, compileOnChip, type Places } from './mesa/compile-on-chip.js';
import { mesaFolder } from './mesa/fetch-mesa.js';
import { flagLines, redFlags } from './red-flags.js';
import { fallen, type Shares, sharesIn, sharesText, withTable } from './shares.js';
import { LEGEND, type Measured, tableLines } from './table.js';
import type { Text } from './texts.js';

/** The repository, and the folder of the built scripts. */
interface Files {
  readonly root: string;
  readonly folder: string;
}

const ABOUT =
  "Compiles the project's kernels with the Vulkan compilers of real GPUs, without a GPU, and counts the instructions. It needs " +
  'Debian on a 64-bit PC, with gcc and apt; the first run fetches Mesa (60 MB). docs/kernels.md says how to read the table.';

/** Runs `npm run isa` and returns the exit code. */
export const main = (args: readonly string[], files: Files) => reported(() => isa(args, files));

async function isa(args: readonly string[], files: Files): Promise<number> {
  const options = readIsaOptions(args);
  const terminal = terminalOf(process.stdout, process.env);
  if (!options.help) return compileAll(options, files);
  const exit = {
    ok: 'no red flags, and no share fell',
    unexpected: 'red flags, or shares that fell; an unexpected error',
    usage: 'a mistake in the options',
    unsupported: 'a machine without apt, gcc or packages for it',
    diverged: null,
    lost: null,
    unwritten: null,
  };
  terminal.write(
    commandHelp({ command: 'npm run isa --', about: ABOUT, options: { Options: ISA_OPTIONS }, exit }, terminal.columns),
  );
  return 0;
}

async function compileAll(options: IsaOptions, { root, folder }: Files): Promise<number> {
  const { chips, texts, out = join(folder, 'out'), only, write } = options;
  const mesa = await mesaFolder((line) => console.error(line));
  const places: Places = { root, mesa, built: folder, intel: options.intel };
  await buildLayer(places);
  const reports: Record<string, ChipReport> = {};
  await inTurns(chips, async (chip) => {
    reports[chip] = await compileOnChip(CHIPS[chip], places, join(out, chip), texts);
  });
  const measured = measure(chips, reports, out);
  const version = /Mesa (\d[\d.]*)/.exec(reports[chips[0]].description)?.[1] ?? 'unknown';

  const isShown = ({ name, tile, kernel, heading }: Text) =>
    only ? only.test(name) : heading === 'texts' || tile !== undefined || kernel === 'head';
  console.log([`Mesa ${version}`, ...LEGEND, ''].join('\n'));
  console.log(tableLines(measured, measured.texts.filter(isShown)).join('\n'));
  const flags = redFlags(measured, reports).filter(({ text }) => only?.test(text.name) ?? true);
  console.log(`\n${flagLines(flags).join('\n')}`);
  if (texts !== undefined) return flags.length > 0 ? 1 : 0;

  const file = join(root, 'test/isa/shares.json');
  const now = sharesIn(measured, version);
  if (write) {
    const document = join(root, 'docs/kernels.md');
    writeFileSync(file, sharesText(now));
    writeFileSync(document, withTable(readFileSync(document, 'utf8'), now));
    console.log(`\nWritten: ${file} and ${document}`);
    return flags.length > 0 ? 1 : 0;
  }
  const before: Shares = JSON.parse(readFileSync(file, 'utf8'));
  const falls = fallen(before, now, chips).filter((line) => only?.test(line) ?? true);
  const other = before.mesa === version ? '' : ` (that table was made with Mesa ${before.mesa})`;
  const text = falls.length > 0 ? [`Shares below test/isa/shares.json${other}:`, ...falls] : ['No share fell.'];
  console.log(`\n${text.join('\n  ')}`);
  return flags.length > 0 || falls.length > 0 ? 1 : 0;
}

/** Does `work` on each, as many at a time as there are processors. */
async function inTurns<T>(all: readonly T[], work: (each: T) => Promise<void>): Promise<void> {
  const waiting = [...all];
  const one = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await work(next);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, one));
}

/** Reads the files of all chips. Chips get different texts where the choice of a variant depends on the device. */
function measure(chips: readonly string[], reports: Readonly<Record<string, ChipReport>>, out: string): Measured {
  const texts = new Map<string, Text>();
  const results = new Map<string, Compiled>();
  const chosen = new Set<string>();
  for (const chip of chips) {
    const { texts: own, errors } = reports[chip];
    for (const text of own) {
      if (!texts.has(text.name)) texts.set(text.name, text);
      if (text.chosen) chosen.add(`${chip} ${text.name}`);
      const result = readCompiled(join(out, chip), CHIPS[chip], text);
      if (result) results.set(`${chip} ${text.name}`, result);
      else if (errors[text.name] === undefined)
        throw new Error(`isa: the layer wrote nothing of ${text.name} on ${chip}`);
    }
  }
  return {
    chips,
    texts: [...texts.values()],
    compiled: (chip, name) => results.get(`${chip} ${name}`),
    chosen: (chip, name) => chosen.has(`${chip} ${name}`),
  };
}
