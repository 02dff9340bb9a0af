import { type Options, optionValues, parseOptions } from '../../src/cli/parse-options.js';
import { PARTS } from './parts.js';

/** The script's name in messages. */
export const COMMAND = 'npm run hardware --';
const { refuse, choice, number } = optionValues(COMMAND);

export { refuse };

const names = PARTS.map(({ name }) => name);
/** The first part always runs: without it nobody knows whose numbers the others are. */
const others = names.slice(1);

/** The options of `npm run hardware`, in the order of its help. */
export const HARDWARE_OPTIONS = {
  minutes: { value: 'COUNT', text: 'Time for all of it; default 10. What does not fit is left out, and said to be.' },
  parts: { value: 'NAMES', text: `Parts beside ${names[0]}, separated by commas: ${others.join(', ')}; default: all.` },
  adapter: { value: 'NAME', text: "Part of the GPU's name, such as llvmpipe; default: the one that Dawn prefers." },
  json: { value: 'FILE', text: 'The file of all numbers; default hardware.json.' },
  html: { value: 'FILE', text: 'The page; default hardware.html.' },
  help: { short: 'h', text: 'Print this.' },
} as const satisfies Options;

/** The options of a run. */
export interface HardwareOptions {
  readonly minutes: number;
  readonly parts: readonly string[];
  readonly adapter: string | undefined;
  readonly json: string;
  readonly html: string;
  readonly help: boolean;
}

/** Returns what the arguments ask for. @throws UsageError naming the option, what is allowed and what came */
export function readHardwareOptions(args: readonly string[]): HardwareOptions {
  const given = parseOptions(COMMAND, args, HARDWARE_OPTIONS);
  const wanted = given.parts?.split(',').map((name) => choice('--parts', name, others));
  return {
    minutes: number('--minutes', given.minutes, { min: 0, max: 600, exclusive: 'min' }) ?? 10,
    parts: names.filter((name, i) => i === 0 || (wanted?.includes(name) ?? true)),
    adapter: given.adapter,
    json: given.json ?? 'hardware.json',
    html: given.html ?? 'hardware.html',
    help: given.help ?? false,
  };
}
