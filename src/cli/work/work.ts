import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { createReferenceEngine } from '../../index.js';
import { openEngine, whereOf } from '../environment.js';
import { EXIT } from '../exit-code.js';
import { command, commandHelp } from '../help.js';
import { onInterrupt } from '../interrupt.js';
import { ADAPTER_OPTION, GENERAL_OPTIONS, type Given, type Options, optionValues } from '../parse-options.js';
import { writeFacts } from '../terminal/lines.js';
import type { Terminal } from '../terminal/terminal.js';
import { loadTuningData } from '../tune/data.js';
import { configFromWire, fleetVersion, isAddress } from '../tune/fleet.js';
import { searchParts } from '../tune/search-parts.js';

const COMMAND = 'wgrad work';
const { refuse } = optionValues(COMMAND);

const WORK_OPTIONS = {
  adapter: ADAPTER_OPTION,
  reference: { text: 'Train on the CPU in float32, without WebGPU: slow, for searches that were started so.' },
  remove: { text: 'Train nothing; remove the searches from the database that no `wgrad tune` leads any more.' },
  ...GENERAL_OPTIONS,
} as const satisfies Options;

type WorkOptions = Given<typeof WORK_OPTIONS>;

const ABOUT =
  'Trains the networks of every `wgrad tune --workers ADDRESS` in a Postgres database, postgres://USER@HOST/DATABASE, until ' +
  'Ctrl-C. PGPASSWORD may hold the password. A worker that is killed or loses its connection loses no network: others train ' +
  'them.';

/** Returns the text of `wgrad work --help`, in lines of at most `width` columns. */
function workHelp(width: number): string {
  const exit = { ok: 'done: with --remove', usage: 'a mistake in the options', diverged: null, unwritten: null };
  return commandHelp({ command: `${COMMAND} ADDRESS`, about: ABOUT, options: { Options: WORK_OPTIONS }, exit }, width);
}

/** Runs `wgrad work` and returns the exit code. */
export async function work([first, ...rest]: readonly string[], terminal: Terminal): Promise<number> {
  const isUrl = first !== undefined && !first.startsWith('-');
  const url = isUrl ? first : undefined;
  const run = command(COMMAND, WORK_OPTIONS, workHelp, (given) => workAsGiven(url, given, terminal));
  return run(isUrl || first === undefined ? rest : [first, ...rest], terminal);
}

async function workAsGiven(url: string | undefined, given: WorkOptions, terminal: Terminal): Promise<number> {
  if (url === undefined) throw refuse('the address of a database is missing, such as postgres://user@host/database');
  const { openDatabase, withoutPassword } = await import('../../fleet/database.js');
  if (!isAddress(url)) {
    throw refuse(
      `the address must be one of a Postgres database, such as postgres://user@host/database, got ${JSON.stringify(withoutPassword(url))}`,
    );
  }
  const database = await openDatabase(url, `wgrad work ${randomBytes(6).toString('hex')}`);
  if (given.remove) {
    const { removeAbandoned } = await import('../../fleet/search-schemas.js');
    const removed = await removeAbandoned(database);
    await database.close();
    terminal.write(`Removed ${removed.length === 0 ? 'nothing' : removed.join(', ')}.\n`);
    return EXIT.ok;
  }
  const interrupt = onInterrupt(() =>
    terminal.write('\nStopping; the job goes back to the others. Ctrl-C again ends at once.\n'),
  );
  process.once('disconnect', () => process.exit(EXIT.interrupted)); // local workers end with the process that started them
  const engine = given.reference ? createReferenceEngine() : await openEngine(given.adapter, refuse);
  try {
    writeFacts(terminal, [
      [fleetVersion(), `working on ${whereOf(engine.info)}`],
      ['Database', withoutPassword(url)],
    ]);
    const { work: workOn } = await import('../../fleet/worker.js');
    await workOn({
      database,
      engine,
      version: fleetVersion(),
      name: `${hostname()}:${process.pid}`,
      signal: interrupt.signal,
      makeSearch: (config, data) => searchParts(configFromWire(config), data),
      readData: async (config) => loadTuningData(configFromWire(config)),
      tell: (sentence) => terminal.write(`${sentence}\n`),
    });
    return EXIT.interrupted;
  } finally {
    interrupt.release();
    engine.dispose();
    await database.close();
    if (process.connected) process.disconnect();
  }
}
