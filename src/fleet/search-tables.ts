import type PgBoss from 'pg-boss';
import { readNonFinite, withNonFinite } from '../data/parse-json.js';
import type { Trial } from '../tune/trial.js';
import { type Database, missing, type SqlValue } from './database.js';
import type { DescribedSearch, FailureRow, FleetJob, PlannedRound, TrainedRow, WorkerRow } from './fleet-rows.js';

const QUEUE = 'jobs';
/** Bytes of a row of data. */
const PIECE_BYTES = 2 ** 22;
/** A job that has failed so often is given up. */
export const MOST_FAILURES = 3;
/** The least age of a job that nobody works on: a worker notes its job right after taking it. */
const ORPHAN_SECONDS = 2;

/** The tables of one search, in a schema of its own beside those of its queue. */
export class SearchTables {
  readonly schema: string;
  readonly #database: Database;
  readonly #boss: PgBoss;

  /** Takes part in a search that is there, or with `create` makes its tables where they are missing. */
  static async open(database: Database, schema: string, create = false): Promise<SearchTables> {
    const { default: Boss } = await import('pg-boss').catch((cause: unknown) => {
      throw missing('pg-boss', cause);
    });
    const executeSql = async (text: string, values: SqlValue[]) => ({ rows: await database.sql(text, values) });
    const boss = new Boss({ db: { executeSql }, schema, supervise: false, schedule: false, migrate: create });
    await boss.start();
    const tables = new SearchTables(database, schema, boss);
    if (create) await tables.#create();
    return tables;
  }

  private constructor(database: Database, schema: string, boss: PgBoss) {
    this.#database = database;
    this.schema = schema;
    this.#boss = boss;
  }

  async #create(): Promise<void> {
    const { schema } = this;
    await this.#sql(`
      create table if not exists ${schema}.search (one bool primary key default true check (one), described text, adapter text);
      create table if not exists ${schema}.piece (hash text, number int, bytes bytea, primary key (hash, number));
      create table if not exists ${schema}.round (number int primary key, plan text);
      create table if not exists ${schema}.trained (
        round int, trial int, after text, worker int, seconds float8, primary key (round, trial));
      create table if not exists ${schema}.state (trial int, epochs int, bytes bytea, primary key (trial, epochs));
      create table if not exists ${schema}.failure (
        id serial primary key, job uuid, worker int, kind text, message text);
      create table if not exists ${schema}.worker (
        id serial primary key, session text unique, name text, adapter text, refused text, job uuid, jobs int default 0)`);
    if (!(await this.#boss.getQueue(QUEUE))) {
      await this.#boss.createQueue(QUEUE, { name: QUEUE, retryLimit: 1_000_000, retryDelay: 0 });
    }
  }

  #sql<Row>(text: string, values: readonly SqlValue[] = []): Promise<Row[]> {
    return this.#database.sql<Row>(text, values);
  }

  /** Returns the description of the search; undefined before it is written. */
  async search(): Promise<(DescribedSearch & { adapter: string | null }) | undefined> {
    const [row] = await this.#sql<{ described: string; adapter: string | null }>(
      `select described, adapter from ${this.schema}.search`,
    );
    return row && { ...(JSON.parse(row.described) as DescribedSearch), adapter: row.adapter };
  }

  /** Writes the description of the search, after its data. */
  async describe(described: DescribedSearch): Promise<void> {
    const text = JSON.stringify(described);
    await this.#sql(`insert into ${this.schema}.search (described) values ($1) on conflict do nothing`, [text]);
  }

  /** Makes an adapter the one that all must have, unless there is one; returns which it is. */
  async claimAdapter(adapter: string): Promise<string> {
    await this.#sql(`update ${this.schema}.search set adapter = $1 where adapter is null`, [adapter]);
    return (await this.search())?.adapter ?? adapter;
  }

  /** Writes data in pieces, those that are missing. */
  async writeData(hash: string, bytes: Uint8Array): Promise<void> {
    const there = await this.#sql<{ number: number }>(`select number from ${this.schema}.piece where hash = $1`, [
      hash,
    ]);
    const known = new Set(there.map(({ number }) => number));
    for (let number = 0; number * PIECE_BYTES < bytes.length; number++) {
      if (known.has(number)) continue;
      const piece = bytes.subarray(number * PIECE_BYTES, (number + 1) * PIECE_BYTES);
      await this.#sql(`insert into ${this.schema}.piece values ($1, $2, $3) on conflict do nothing`, [
        hash,
        number,
        Buffer.from(piece),
      ]);
    }
  }

  /** Reads data, piece by piece. */
  async readData(hash: string): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    for (;;) {
      const [row] = await this.#sql<{ bytes: Uint8Array }>(
        `select bytes from ${this.schema}.piece where hash = $1 and number = $2`,
        [hash, pieces.length],
      );
      if (!row) return Buffer.concat(pieces);
      pieces.push(row.bytes);
    }
  }

  /** Returns the plan of a round, or makes `planned` its plan. */
  async plan(round: number): Promise<PlannedRound | undefined>;
  async plan(round: number, planned: PlannedRound): Promise<PlannedRound>;
  async plan(round: number, planned?: PlannedRound): Promise<PlannedRound | undefined> {
    if (planned) {
      const text = JSON.stringify(planned);
      await this.#sql(`insert into ${this.schema}.round values ($1, $2) on conflict do nothing`, [round, text]);
    }
    const [row] = await this.#sql<{ plan: string }>(`select plan from ${this.schema}.round where number = $1`, [round]);
    return row && (JSON.parse(row.plan) as PlannedRound);
  }

  /** Puts a job into the queue, unless it is there. */
  async send(id: string, job: FleetJob): Promise<void> {
    await this.#boss.send(QUEUE, { job: JSON.stringify(job, withNonFinite) }, { id }); // as text: jsonb would sort its fields
  }

  /** Takes the next job, if there is one, and notes who works on it. */
  async take(worker: number): Promise<{ id: string; job: FleetJob } | undefined> {
    const [taken] = await this.#boss.fetch<{ job: string }>(QUEUE);
    if (!taken) return undefined;
    await this.#sql(`update ${this.schema}.worker set job = $2 where id = $1`, [worker, taken.id]);
    return { id: taken.id, job: JSON.parse(taken.data.job, readNonFinite) as FleetJob };
  }

  /** Stores what a job has brought, its results all or none, and ends the job. */
  async complete(
    id: string,
    { round }: FleetJob,
    worker: number,
    trained: readonly { trial: Trial; state: Uint8Array | undefined }[],
    seconds: number,
  ): Promise<void> {
    // First the states: another worker that sees the results relies on them.
    for (const { trial, state } of trained) {
      if (!state) continue;
      const values = [trial.id, trial.epochs, Buffer.from(state.buffer, state.byteOffset, state.byteLength)];
      await this.#sql(`insert into ${this.schema}.state values ($1, $2, $3) on conflict do nothing`, values);
    }
    await this.#sql(
      `with worker as (
         update ${this.schema}.worker set job = null, jobs = jobs + 1 where id = $4::int and job = $6::uuid)
       insert into ${this.schema}.trained
       select $3::int, trial, after, $4::int, $5::float8 from unnest($1::int[], $2::text[]) as row (trial, after)
       on conflict do nothing`,
      [
        trained.map(({ trial }) => trial.id),
        trained.map(({ trial }) => JSON.stringify(trial, withNonFinite)),
        round,
        worker,
        seconds,
        id,
      ],
    );
    await this.#boss.complete(QUEUE, id);
  }

  /** Notes that a job has failed; it is tried again, unless it has failed too often. */
  async fail(id: string, worker: number | null, kind: FailureRow['kind'], message: string): Promise<void> {
    await this.#sql(`insert into ${this.schema}.failure (job, worker, kind, message) values ($1, $2, $3, $4)`, [
      id,
      worker,
      kind,
      message,
    ]);
    const failures = await this.#sql(`select 1 from ${this.schema}.failure where job = $1`, [id]);
    await this.giveBack(id, worker, failures.length >= MOST_FAILURES);
  }

  /** Puts a job back into the queue, or takes it out for good. */
  async giveBack(id: string, worker: number | null, forGood = false): Promise<void> {
    if (worker !== null) await this.#sql(`update ${this.schema}.worker set job = null where id = $1`, [worker]);
    if (forGood) await this.#boss.cancel(QUEUE, id);
    else await this.#boss.fail(QUEUE, id);
  }

  /** Returns the jobs that are being worked on by nobody who lives, with the worker that took each. */
  abandoned(): Promise<{ id: string; worker: number | null }[]> {
    return this.#sql(
      `select job.id, (select max(id) from ${this.schema}.worker where worker.job = job.id) as worker
       from ${this.schema}.job where name = $1 and state = 'active' and started_on < now() - interval '${ORPHAN_SECONDS} s'
       and not exists (select 1 from ${this.schema}.worker join pg_stat_activity on application_name = session
         where worker.job = job.id)`,
      [QUEUE],
    );
  }

  /** Returns the failures after number `after`. */
  failures(after: number): Promise<FailureRow[]> {
    return this.#sql(`select * from ${this.schema}.failure where id > $1 order by id`, [after]);
  }

  /** Returns the results of these rounds and trials. */
  async trained(rounds: readonly number[], trials: readonly number[]): Promise<TrainedRow[]> {
    const rows = await this.#sql<Omit<TrainedRow, 'after'> & { after: string }>(
      `select * from ${this.schema}.trained where round = any($1::int[]) and trial = any($2::int[]) order by round, trial`,
      [rounds, trials],
    );
    return rows.map(({ after, ...row }) => ({ ...row, after: JSON.parse(after, readNonFinite) as Trial }));
  }

  /** Returns the state of a trial after so many epochs. */
  async state(trial: number, epochs: number): Promise<Uint8Array | undefined> {
    const [row] = await this.#sql<{ bytes: Uint8Array }>(
      `select bytes from ${this.schema}.state where trial = $1 and epochs = $2`,
      [trial, epochs],
    );
    return row?.bytes;
  }

  /** Removes states of trials: those of fewer epochs than given. */
  async dropStates(trials: readonly { readonly id: number; readonly below: number }[]): Promise<void> {
    await this.#sql(
      `delete from ${this.schema}.state using unnest($1::int[], $2::int[]) as old (id, below)
       where trial = id and epochs < below`,
      [trials.map(({ id }) => id), trials.map(({ below }) => below)],
    );
  }

  /** Signs a worker on, or notes why it is refused; returns its number. */
  async signOn(worker: { name: string; adapter: string; refused: string | null }): Promise<number> {
    const { name, adapter, refused } = worker;
    const [{ id }] = await this.#sql<{ id: number }>(
      `insert into ${this.schema}.worker (session, name, adapter, refused) values ($1, $2, $3, $4)
       on conflict (session) do update set refused = excluded.refused returning id`,
      [this.#database.session, name, adapter, refused],
    );
    return id;
  }

  /** Returns all workers there ever were. */
  workers(): Promise<WorkerRow[]> {
    return this.#sql(
      `select id, name, adapter, refused, jobs, exists (
         select 1 from pg_stat_activity where application_name = session) as alive
       from ${this.schema}.worker order by id`,
    );
  }
}
