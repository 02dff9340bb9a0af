import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { createReferenceEngine } from '../../index.js';
import { openEngine, whereOf } from '../environment.js';
import { EXIT } from '../exit-code.js';
import { command } from '../help.js';
import { onInterrupt } from '../interrupt.js';
import { optionValues } from '../parse-options.js';
import { writeFacts } from '../terminal/lines.js';
import type { Terminal } from '../terminal/terminal.js';
import { loadTuningData } from '../tune/data.js';
import { configFromWire, fleetVersion, isAddress } from '../tune/fleet.js';
import { searchParts } from '../tune/search-parts.js';
import { WORK_OPTIONS, type WorkOptions, workHelp } from './options.js';

const COMMAND = 'wgrad work';
const { refuse } = optionValues(COMMAND);

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
