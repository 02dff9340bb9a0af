import { randomBytes } from 'node:crypto';
import { openDatabase } from '../../src/fleet/database.js';
import { type FleetSearch, type LeadOptions, leadSearch } from '../../src/fleet/lead-search.js';
import { startLocalPostgres } from '../../src/fleet/local-postgres.js';
import { type SearchData, type WorkerOptions, work } from '../../src/fleet/worker.js';
import { createReferenceEngine, type Engine } from '../../src/index.js';
import type { SearchModel } from '../../src/tune/search-options.js';
import type { SearchOptions } from '../../src/tune.js';

/** A Postgres for the tests of a file. */
export async function database() {
  const postgres = await startLocalPostgres();
  const url = postgres.url.replace('@', `:${postgres.password}@`);
  const open = () => openDatabase(url, `test ${randomBytes(4).toString('hex')}`);
  return { url, open, stop: postgres.stop };
}

const VERSION = 'wgrad test';

/** Starts a worker in this process; returns a function that stops it. */
export async function startWorker(
  url: string,
  { model, options }: { model: SearchModel; options: SearchOptions },
  more: Partial<WorkerOptions> & { engine?: Engine } = {},
) {
  const own = more.engine ? undefined : createReferenceEngine();
  const controller = new AbortController();
  const opened = await openDatabase(url, `wgrad work ${randomBytes(6).toString('hex')}`);
  const told: string[] = [];
  const done = work({
    database: opened,
    engine: more.engine ?? (own as Engine),
    version: VERSION,
    name: 'test',
    signal: controller.signal,
    makeSearch: (_: unknown, { train, validation }: SearchData) => ({
      model,
      options: { ...options, train, ...(validation && { validation }) },
    }),
    readData: async () => ({ train: options.train, validation: options.validation }),
    tell: (sentence) => told.push(sentence),
    ...more,
  });
  done.catch(() => {});
  return {
    told,
    stop: async () => {
      controller.abort();
      await done;
      await opened.close();
      own?.dispose();
    },
  };
}

/** Leads a search in this process. */
export async function lead(
  url: string,
  { model, options }: { model: SearchModel; options: SearchOptions },
  more: Partial<LeadOptions> = {},
): Promise<FleetSearch & { told: string[] }> {
  const told: string[] = [];
  const fleet = await leadSearch(createReferenceEngine(), model, options, {
    url,
    version: VERSION,
    config: null,
    byPath: false,
    adapters: 'one',
    expected: 1,
    tell: (sentence) => told.push(sentence),
    ...more,
  });
  return { ...fleet, told };
}
