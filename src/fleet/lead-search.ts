import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { EngineError } from '../errors/engine-error.js';
import type { Engine } from '../graph/engine.js';
import { askedOf } from '../tune/saved-search.js';
import { Search } from '../tune/search.js';
import { checkSearchOptions, type SearchModel, type SearchOptions } from '../tune/search-options.js';
import { type Database, openDatabase } from './database.js';
import type { DescribedSearch, WorkerRow } from './fleet-rows.js';
import { type FleetOptions, FleetTrials } from './fleet-trials.js';
import { packDataset } from './packed-dataset.js';
import { removeSearch, schemaOf } from './search-schemas.js';
import { SearchTables } from './search-tables.js';

/** A search that workers of a database train. */
export interface FleetSearch {
  readonly run: Search;
  /** Looks at workers and jobs now. */
  look(): Promise<void>;
  /** The workers and jobs as they were seen last. */
  standing(): { workers: readonly WorkerRow[]; jobsLeft: number; jobsAMinute: number };
  /** Returns by trial the numbers of the workers that trained it, in their order. */
  trainers(): ReadonlyMap<number, readonly number[]>;
  /** Leaves the database; with `remove` nothing of the search stays there. */
  leave(remove: boolean): Promise<void>;
}

/** Options of a search that workers train, beside those of the search. */
export interface LeadOptions extends FleetOptions, Pick<DescribedSearch, 'version' | 'config' | 'byPath' | 'adapters'> {
  readonly url: string;
}

/** The time that a process which led the search before has to be gone: Postgres notices a killed one at once. */
const MOST_WAITED_MILLISECONDS = 3000;

/**
 * Opens a search in a database, or the one that is there with the same options: it goes on where it was.
 * @throws EngineError of kind `unsupported` if the database cannot be used or another process leads this search
 */
export async function leadSearch(
  engine: Engine,
  model: SearchModel,
  options: SearchOptions,
  lead: LeadOptions,
): Promise<FleetSearch> {
  const checked = checkSearchOptions(model, options);
  const { version, config, byPath, adapters } = lead;
  const train = packDataset(checked.train);
  const validation = checked.validation && packDataset(checked.validation);
  const described: DescribedSearch = {
    version,
    config,
    byPath,
    adapters,
    train: train.described,
    validation: validation?.described ?? null,
  };
  const schema = schemaOf(JSON.stringify([askedOf(checked), described]));
  const database = await openDatabase(lead.url, `${schema} ${randomBytes(4).toString('hex')}`);
  try {
    await refuseSecond(database, schema);
    const tables = await SearchTables.open(database, schema, true);
    if (!byPath) {
      for (const data of [train, validation]) if (data) await tables.writeData(data.described.hash, data.bytes);
    }
    await tables.describe(described);
    const opened: FleetTrials[] = [];
    const run = new Search(engine, checked, (opening) => {
      const trials = new FleetTrials(opening, tables, lead);
      opened.push(trials);
      return trials;
    });
    const [trials] = opened;
    return {
      run,
      look: () => trials.watch.look(true),
      standing: () => ({
        workers: trials.watch.workers,
        jobsLeft: trials.jobsLeft,
        jobsAMinute: trials.watch.jobsAMinute,
      }),
      trainers: () => trials.trainers,
      leave: async (remove) => {
        if (remove) await removeSearch(database, schema);
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Refuses to lead a search that another process leads. @throws EngineError of kind `unsupported` */
async function refuseSecond({ sql, session }: Database, schema: string): Promise<void> {
  const started = Date.now();
  for (;;) {
    const others = await sql(
      `select 1 from pg_stat_activity
       where datname = current_database() and application_name like $1 and application_name <> $2`,
      [`${schema} %`, session],
    );
    if (others.length === 0) return;
    if (Date.now() - started > MOST_WAITED_MILLISECONDS) {
      throw new EngineError('unsupported', 'search: another process leads this search in this database');
    }
    await delay(200);
  }
}
