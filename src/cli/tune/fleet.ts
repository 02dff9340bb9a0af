import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { withoutPassword } from '../../fleet/database.js';
import type { Engine } from '../../index.js';
import type { Search, SearchModel, SearchOptions } from '../../tune.js';
import { dawnVersion, packageVersion } from '../environment.js';
import { count } from '../terminal/numbers.js';
import { TUNE_VALUES, type TuneConfig } from './config.js';
import type { TuneOptions } from './options.js';
import { asSpaceRefusal } from './search-parts.js';
import type { SearchProgress } from './search-progress.js';

const { refuse, choice, number } = TUNE_VALUES;

/** The options of a search on several machines, read. */
export interface FleetGiven {
  /** The address of a database; or the number of workers on this machine, which get a database of their own. */
  readonly where: string | number;
  readonly jobTrials: number | undefined;
  readonly adapters: 'one' | 'any';
  readonly byPath: boolean;
  /** The options of local workers that choose their GPU. */
  readonly machine: readonly string[];
}

/** The workers of a search and the trials that each has trained, as plain data. */
export interface FleetReport {
  /** The kinds of adapter that have trained. */
  readonly adapters: readonly string[];
  readonly workers: readonly {
    readonly id: number;
    readonly name: string;
    readonly adapter: string;
    readonly jobs: number;
    readonly refused: string | null;
  }[];
  /** The numbers of the workers that trained each trial, the first one first. */
  readonly trained: Readonly<Record<number, readonly number[]>>;
}

/** A search on several machines. */
export interface Fleet {
  readonly run: Search;
  /** The place where it trains, in words. */
  readonly place: string;
  /** The sentence that says how a search that was stopped goes on. */
  readonly goOn: string;
  /** Returns workers, jobs a minute and jobs left, in words. */
  standing(): string;
  report(): Promise<FleetReport>;
  /** Leaves the database, which keeps nothing of a search that is done. */
  leave(isDone: boolean): Promise<void>;
}

const LOCAL = /^local:(\d+)$/;
/** More workers of one machine would only wait for each other. */
const MOST_LOCAL = 64;
const RESTART_MILLISECONDS = 1000;

/** Returns the options of a search on several machines; undefined if it runs in this process. @throws UsageError */
export function readFleet(given: TuneOptions): FleetGiven | undefined {
  const { workers, adapters, checkpoint, adapter, reference, strategy } = given;
  const byPath = given['by-path'] === true;
  const jobTrials = number('--job-trials', given['job-trials'], { min: 1, integer: true });
  if (workers === undefined) {
    const alone = Object.entries({
      '--job-trials': jobTrials,
      '--adapters': adapters,
      '--by-path': byPath || undefined,
    });
    const [other] = alone.find(([, value]) => value !== undefined) ?? [];
    if (strategy === 'asynchronous-halving') throw refuse('--strategy asynchronous-halving is for --workers');
    if (other !== undefined) throw refuse(`${other} is for --workers`);
    return undefined;
  }
  if (checkpoint !== undefined) {
    throw refuse('--checkpoint is not for --workers: the database keeps the search, and the same command goes on');
  }
  const local = LOCAL.exec(workers)?.[1];
  if (local === undefined && !isAddress(workers)) {
    throw refuse(
      `--workers must be an address such as postgres://user@host/database, or local:2, got ${JSON.stringify(withoutPassword(workers))}`,
    );
  }
  const range = { min: 1, max: MOST_LOCAL, integer: true };
  return {
    where: local === undefined ? workers : (number('--workers local', local, range) ?? 1),
    jobTrials,
    adapters: choice('--adapters', adapters ?? 'one', ['one', 'any']),
    byPath,
    machine: [...(adapter === undefined ? [] : ['--adapter', adapter]), ...(reference ? ['--reference'] : [])],
  };
}

/** Returns true for the address of a Postgres database. */
export const isAddress = (text: string) => /^postgres(ql)?:\/\//.test(text) && URL.canParse(text);

/** Opens a search on several machines; with local workers, starts them and their database. */
export async function openFleet(
  { where, machine, ...given }: FleetGiven,
  {
    engine,
    model,
    options,
    config,
    progress,
  }: { engine: Engine; model: SearchModel; options: SearchOptions; config: TuneConfig; progress: SearchProgress },
): Promise<Fleet> {
  const { leadSearch } = await import('../../fleet/lead-search.js');
  const local = typeof where === 'number' ? await startLocal(where, machine) : undefined;
  try {
    const search = await leadSearch(engine, model, options, {
      ...given,
      url: local?.url ?? String(where),
      version: fleetVersion(),
      config: configOnWire(config),
      expected: typeof where === 'number' ? where : undefined,
      tell: (sentence) => progress.tell(sentence),
    }).catch((error: unknown) => {
      throw asSpaceRefusal(error);
    });
    return {
      run: search.run,
      place: local
        ? `${count(Number(where))} workers of this machine`
        : `the workers of ${withoutPassword(String(where))}`,
      goOn: local ? '' : ' The same command goes on from here; wgrad work ADDRESS --remove removes the search.',
      standing: () => {
        const { workers, jobsLeft, jobsAMinute } = search.standing();
        const present = workers.filter(({ alive, refused }) => alive && refused === null).length;
        return `${count(present)} ${present === 1 ? 'worker' : 'workers'}, ${count(jobsAMinute)} jobs a minute, ${count(jobsLeft)} left`;
      },
      report: async () => {
        await search.look();
        const workers = search.standing().workers.map(({ alive: _, ...worker }) => worker);
        const trained = Object.fromEntries(search.trainers());
        const ids = new Set(Object.values(trained).flat());
        const adapters = new Set(workers.filter(({ id }) => ids.has(id)).map(({ adapter }) => adapter));
        return { adapters: [...adapters], workers, trained };
      },
      leave: async (isDone) => {
        await search.leave(isDone);
        await local?.stop();
      },
    };
  } catch (error) {
    await local?.stop();
    throw error;
  }
}

/** Returns the versions that a coordinator and its workers must share: that of wgrad and, since it compiles the kernels, Dawn's. */
export const fleetVersion = () => `wgrad ${packageVersion()}, ${dawnVersion()}`;

/** Returns a configuration that JSON can hold and every machine can read. */
function configOnWire({ train, ...config }: TuneConfig): unknown {
  const { seed, data } = train;
  return { ...config, train: { ...train, seed: String(seed), data: data === null ? null : resolve(data) } };
}

/** Returns the configuration that `configOnWire` wrote. */
export function configFromWire(config: unknown): TuneConfig {
  const { train, ...rest } = config as TuneConfig;
  const seed = BigInt(train.seed);
  return { ...rest, train: { ...train, seed: seed <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(seed) : seed } };
}

/** Starts a database and so many workers, which end with this process, however it ends. */
async function startLocal(workers: number, machine: readonly string[]) {
  const { startLocalPostgres } = await import('../../fleet/local-postgres.js');
  const { url, password, stop } = await startLocalPostgres();
  const children = new Set<ChildProcess>();
  let isOver = false;
  const start = () => {
    const child = spawn(process.execPath, [process.argv[1], 'work', url, ...machine], {
      env: { ...process.env, PGPASSWORD: password }, // not in the arguments, which everybody can list
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    children.add(child);
    child.once('exit', () => {
      children.delete(child);
      if (!isOver) setTimeout(() => isOver || start(), RESTART_MILLISECONDS);
    });
  };
  for (let i = 0; i < workers; i++) start();
  return {
    url: url.replace('@', `:${password}@`),
    stop: async () => {
      isOver = true;
      const ended = [...children].map((child) => new Promise((resolve) => child.once('exit', resolve)));
      for (const child of children) child.kill();
      await Promise.all(ended);
      await stop();
    },
  };
}
