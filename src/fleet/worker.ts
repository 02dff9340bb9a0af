import { setTimeout as delay } from 'node:timers/promises';
import type { Dataset } from '../data/dataset.js';
import { EngineError } from '../errors/engine-error.js';
import type { Engine } from '../graph/engine.js';
import type { Opening } from '../tune/open-groups.js';
import { readPart, writePart } from '../tune/saved-part.js';
import { openingOf } from '../tune/search.js';
import { checkSearchOptions, type SearchModel, type SearchOptions } from '../tune/search-options.js';
import { stateOwner, trainJob } from '../tune/train-job.js';
import { type Database, isGone } from './database.js';
import type { DescribedSearch, FleetJob } from './fleet-rows.js';
import { packDataset, unpackDataset } from './packed-dataset.js';
import { searchSchemas } from './search-schemas.js';
import { SearchTables } from './search-tables.js';

/** Data to train on, and to choose by unless that is a cross-validation. */
export interface SearchData {
  readonly train: Dataset;
  readonly validation: Dataset | undefined;
}

/** A process that trains the trials of searches in a database. */
export interface WorkerOptions {
  readonly database: Database;
  readonly engine: Engine;
  readonly version: string;
  /** A name for people, such as the machine's. */
  readonly name: string;
  readonly signal: AbortSignal;
  /** Returns the search of a description, but for its space's draws, which the coordinator makes. */
  makeSearch(config: unknown, data: SearchData): { model: SearchModel; options: SearchOptions };
  /** Reads the data by the path in a description. */
  readData(config: unknown): Promise<SearchData>;
  /** Shows a sentence. */
  tell(sentence: string): void;
}

/** A search that a worker takes part in. */
interface Seat {
  readonly tables: SearchTables;
  readonly id: number;
  readonly opening: Opening;
}

/** The shortest and the longest pause between two looks for jobs. */
const PAUSES = { first: 50, longest: 1000 } as const;
/** So often a worker shows in `pg_stat_activity` that it lives, however long it trains. */
const SIGN_OF_LIFE_MILLISECONDS = 1000;

/** Works on all searches in a database, one job of each in turn, until the signal. @throws EngineError `lost` with the device */
export async function work(options: WorkerOptions): Promise<void> {
  const { database, signal } = options;
  const seats = new Map<string, Seat | 'refused'>();
  const alive = setInterval(() => {
    database.sql('select 1').catch(() => {});
  }, SIGN_OF_LIFE_MILLISECONDS);
  let pause: number = PAUSES.first;
  try {
    while (!signal.aborted) {
      const schemas = await searchSchemas(database);
      for (const schema of seats.keys()) if (!schemas.includes(schema)) seats.delete(schema);
      let worked = false;
      for (const schema of schemas) {
        if (signal.aborted) break;
        try {
          const seat = seats.get(schema) ?? (await takeSeat(schema, options));
          if (seat) seats.set(schema, seat);
          if (seat && seat !== 'refused' && (await workOnce(seat, options))) worked = true;
        } catch (error) {
          if (!isGone(error)) throw error;
          seats.delete(schema); // the search has ended, or is still being made
        }
      }
      pause = worked ? PAUSES.first : Math.min(2 * pause, PAUSES.longest);
      if (!worked) await delay(pause, undefined, { signal }).catch(() => {});
    }
  } finally {
    clearInterval(alive);
  }
}

/** Signs on to a search; returns undefined if it is still being made. */
async function takeSeat(schema: string, options: WorkerOptions): Promise<Seat | 'refused' | undefined> {
  const { database, engine, name, tell } = options;
  const tables = await SearchTables.open(database, schema);
  const search = await tables.search();
  if (!search) return undefined;
  const { adapter } = engine.info;
  try {
    await refuseOther(tables, search, options);
    const id = await tables.signOn({ name, adapter, refused: null }); // before its data come: rounds are shared out by who is there
    const data = await dataOf(tables, search, options);
    const { model, options: asked } = options.makeSearch(search.config, data);
    const opening = openingOf(engine, checkSearchOptions(model, { ...asked, signal: options.signal }), () =>
      engine.check(),
    );
    tell(`Works on ${schema} as worker ${id}.`);
    return { tables, id, opening };
  } catch (error) {
    if (!(error instanceof Refusal || (error instanceof EngineError && error.kind === 'data'))) throw error;
    await tables.signOn({ name, adapter, refused: error.message });
    tell(`Refused by ${schema}: ${error.message}`);
    return 'refused';
  }
}

/** A search that this worker may not take part in. */
class Refusal extends Error {}

async function refuseOther(tables: SearchTables, search: DescribedSearch, { engine, version }: WorkerOptions) {
  if (search.version !== version) throw new Refusal(`the search is of ${search.version}, this is ${version}`);
  if (search.adapters === 'any') return;
  const { adapter } = engine.info;
  const first = await tables.claimAdapter(adapter);
  if (first !== adapter) throw new Refusal(`the search trains on ${first}, this is ${adapter}`);
}

/** Returns the data of a search, from the path that it names or from the database. @throws EngineError `data` if they are others */
async function dataOf(tables: SearchTables, search: DescribedSearch, { readData }: WorkerOptions): Promise<SearchData> {
  const { config, byPath, train, validation } = search;
  if (!byPath) {
    const read = async (described: typeof train) => unpackDataset(described, await tables.readData(described.hash));
    return { train: await read(train), validation: validation ? await read(validation) : undefined };
  }
  const data = await readData(config).catch((error: Error) => {
    throw new Refusal(`its data cannot be read here: ${error.message}`);
  });
  for (const [given, { hash }] of [
    [data.train, train],
    ...(data.validation && validation ? [[data.validation, validation] as const] : []),
  ] as const) {
    const own = packDataset(given).described.hash;
    if (own !== hash) throw new Refusal(`its data have the SHA-256 ${hash}, those at the same path here ${own}`);
  }
  return data;
}

/** Takes a job and trains it; returns false if there was none. */
async function workOnce({ tables, id: worker, opening }: Seat, { signal, tell }: WorkerOptions): Promise<boolean> {
  const taken = await tables.take(worker);
  if (!taken) return false;
  const { id, job } = taken;
  const started = performance.now();
  try {
    const there = await tables.trained(
      [job.round],
      job.trials.map((trial) => trial.id),
    );
    if (there.length < job.trials.length) {
      const states = await statesOf(tables, job);
      const trained = await trainJob(opening, { trials: job.trials, epochs: job.epochs, states });
      const written = trained.map(({ trial, state }) => ({ trial, state: state && writePart(state) }));
      await tables.complete(id, job, worker, written, (performance.now() - started) / 1000);
    } else await tables.complete(id, job, worker, [], 0); // its worker was gone before it could say so
    return true;
  } catch (error) {
    if (isGone(error)) throw error;
    if (signal.aborted) {
      await tables.giveBack(id, worker);
      return true;
    }
    const { message } = error as Error;
    await tables.fail(id, worker, 'error', message);
    tell(`A job failed: ${message}`);
    if (error instanceof EngineError && error.kind === 'lost') throw error;
    return true;
  }
}

/** Returns the states that the trials of a job go on from; undefined if they are fresh. */
async function statesOf(tables: SearchTables, { trials }: FleetJob) {
  if (trials[0].epochs === 0) return undefined;
  const states = [];
  for (const trial of trials) {
    const bytes = await tables.state(stateOwner(trial), trial.epochs);
    if (!bytes) throw new Error(`the state of trial ${trial.id} after ${trial.epochs} epochs is missing`);
    states.push(readPart(bytes));
  }
  return states;
}
