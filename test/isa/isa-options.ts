import { existsSync, readdirSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Options, optionValues, parseOptions } from '../../src/cli/parse-options.js';
import { CHIPS, TABLE_CHIPS } from './chips.js';

const COMMAND = 'npm run isa --';
const { refuse, choice } = optionValues(COMMAND);

/** The options of `npm run isa`, in the order of its help. */
export const ISA_OPTIONS = {
  chips: {
    value: 'NAMES',
    text: `Chips, separated by commas; default ${TABLE_CHIPS.join(',')}. There are also ${Object.keys(CHIPS).slice(TABLE_CHIPS.length).join(', ')}.`,
  },
  only: { value: 'PATTERN', text: 'A regular expression: print rows and red flags whose names match it.' },
  texts: {
    value: 'FOLDER',
    text:
      "Compile the WGSL files there instead of the project's. A line `// tile: ROWS x COLUMNS x STEPS`, the tile of a " +
      'workgroup, says how to count the loop of a product.',
  },
  out: { value: 'FOLDER', text: 'Keep WGSL, SPIR-V and assembly of every text there.' },
  intel: {
    value: 'FILE',
    text: 'The no-op kernel driver of Intel, libintel_noop_drm_shim.so, which is in no package.',
  },
  write: { text: 'Write test/isa/shares.json, with which later runs are compared, and the table of docs/kernels.md.' },
  help: { short: 'h', text: 'Print this.' },
} as const satisfies Options;

/** The options of a run. */
export interface IsaOptions {
  readonly chips: readonly string[];
  readonly only: RegExp | undefined;
  readonly texts: string | undefined;
  readonly out: string | undefined;
  readonly intel: string | undefined;
  readonly write: boolean;
  readonly help: boolean;
}

/** Returns what the arguments ask for. @throws UsageError naming the option, what is allowed and what came */
export function readIsaOptions(args: readonly string[]): IsaOptions {
  const given = parseOptions(COMMAND, args, ISA_OPTIONS);
  const { texts, out, intel, write = false, help = false } = given;
  const chips = given.chips?.split(',').map((chip) => choice('--chips', chip, Object.keys(CHIPS))) ?? TABLE_CHIPS;
  if (write && (given.chips ?? given.only ?? texts) !== undefined) {
    throw refuse('--write writes the whole table, without --chips, --only and --texts');
  }
  if (texts !== undefined && !(existsSync(texts) && readdirSync(texts).some((file) => file.endsWith('.wgsl')))) {
    throw refuse(`--texts: there is no folder ${texts} with WGSL files`);
  }
  if (out !== undefined && existsSync(out) && !statSync(out).isDirectory()) {
    throw refuse(`--out: ${out} is not a folder`);
  }
  if (intel === undefined && chips.some((chip) => CHIPS[chip].vendor === 'intel')) {
    throw refuse('--chips: those of Intel need --intel, see docs/kernels.md');
  }
  if (intel !== undefined && !existsSync(intel)) throw refuse(`--intel: there is no file ${intel}`);
  return {
    chips: [...new Set(chips)],
    only: given.only === undefined ? undefined : patternOf(given.only),
    texts: texts && resolve(texts),
    out: out && resolve(out),
    intel: intel && resolve(intel),
    write,
    help,
  };
}

function patternOf(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch {
    throw refuse(`--only must be a regular expression, got ${JSON.stringify(text)}`);
  }
}
