import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { reported } from '../../src/cli/exit-code.js';
import { parseOptions } from '../../src/cli/parse-options.js';
import { terminalOf } from '../../src/cli/terminal/terminal.js';
import { verifyCommand } from '../../src/cli/verify/verify.js';
import { main as bench } from '../bench/main.js';
import { main as reproduce } from '../witness/reproduce/reproduce.js';
import { COMMAND } from './hardware-options.js';
import { measureDevice } from './measure-device.js';
import { measureProducts } from './measure-products.js';
import { tuneNetworks } from './tune-networks.js';

/** Measures something on an adapter, and calls `save` with what there is whenever there is more. */
export type Measurement = (adapter: string | undefined, save: (result: unknown) => Promise<void>) => Promise<void>;

const OPTIONS = { json: { value: 'FILE', text: '' }, adapter: { value: 'NAME', text: '' } } as const;

/** Runs a measurement and returns the exit code. */
async function measure(measurement: Measurement, args: readonly string[]): Promise<number> {
  const { json, adapter } = parseOptions(COMMAND, args, OPTIONS);
  const { replaceFile } = await import('../../src/cli/replace-file.js');
  await measurement(adapter, async (result) => {
    if (json !== undefined) await replaceFile(json, JSON.stringify(result));
  });
  return 0;
}

/** The parts by the first argument; the rest is theirs. */
const RUN: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  device: (args) => measure(measureDevice, args),
  products: (args) => measure(measureProducts, args),
  autotune: (args) => measure(tuneNetworks, args),
  verify: (args) => verifyCommand(args, terminalOf(process.stdout, process.env)),
  bench: (args) => {
    const folder = dirname(fileURLToPath(import.meta.url));
    return bench(args, { root: process.cwd(), folder });
  },
  reproduce,
};

const [name, ...args] = process.argv.slice(2);
process.exit(await reported(() => RUN[name](args)));
