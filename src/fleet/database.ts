import { setTimeout as delay } from 'node:timers/promises';
import type { Pool, PoolConfig } from 'pg';
import { EngineError } from '../errors/engine-error.js';

/** A value of a query. */
export type SqlValue = string | number | boolean | null | Uint8Array | readonly (string | number | Uint8Array | null)[];

/** A Postgres database that is asked again where a connection breaks, so every query must bear being run twice. */
export interface Database {
  /** The name that its connections have in `pg_stat_activity`. */
  readonly session: string;
  sql<Row>(text: string, values?: readonly SqlValue[]): Promise<Row[]>;
  close(): Promise<void>;
}

/** The longest time that a query waits for a server that is away, such as one that restarts. */
const MOST_WAITED_MILLISECONDS = 600_000;
const PAUSE_MILLISECONDS = 500;

/** Socket errors, and the SQLSTATEs of a server that stops, starts, has no connection left or ended a deadlock. */
const AWAY = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN'],
  ...['57P01', '57P02', '57P03', '08000', '08001', '08003', '08006', '53300', '40P01'],
]);

/** Returns true if an error says that the server is away, not that the query is wrong. */
const isAway = (error: unknown) =>
  AWAY.has(codeOf(error) ?? '') || /connection terminated|connection timeout/i.test((error as Error).message);

/** Returns the code of an error of the network, or the SQLSTATE of one of Postgres. */
export const codeOf = (error: unknown): string | undefined => {
  const { code } = Object(error) as { code?: unknown };
  return typeof code === 'string' ? code : undefined;
};

/** Returns true if a table, a schema or the queue in it is gone: its search has ended. */
export const isGone = (error: unknown) =>
  ['42P01', '3F000'].includes(codeOf(error) ?? '') || /pg-boss is not installed/.test((error as Error).message);

/** Returns an address, or a text with one, without its password. */
export const withoutPassword = (text: string) =>
  text.replace(/(postgres(?:ql)?:\/\/[^:@/\s]*):.*@/gi, '$1:***@').replace(/([?&]password=)[^&\s]*/gi, '$1***');

/**
 * Connects to a database. The password may stand in the address or in PGPASSWORD; no message holds it.
 * @throws EngineError of kind `unsupported` if the package `pg` is missing or nothing answers at the address
 */
export async function openDatabase(url: string, session: string): Promise<Database> {
  const { default: pg } = await import('pg').catch((cause: unknown) => {
    throw missing('pg', cause);
  });
  const config: PoolConfig = {
    connectionString: url,
    application_name: session,
    max: 2,
    idleTimeoutMillis: 0, // others see by its connections that a process lives
    connectionTimeoutMillis: 30_000,
    keepAlive: true,
    options:
      '-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3 -c client_min_messages=warning',
  };
  let pool: Pool;
  try {
    pool = new pg.Pool(config);
    pool.on('error', () => {}); // an idle connection broke; the next query makes another
    await pool.query('select 1');
  } catch (error) {
    const { message } = error as Error;
    throw new EngineError(
      'unsupported',
      `cannot use the database ${withoutPassword(url)}: ${withoutPassword(message || codeOf(error) || 'no answer')}`,
    );
  }
  return {
    session,
    async sql<Row>(text: string, values: readonly SqlValue[] = []): Promise<Row[]> {
      const started = Date.now();
      for (;;) {
        try {
          const { rows } = await pool.query(text, [...values]);
          return rows as Row[];
        } catch (error) {
          if (!isAway(error) || Date.now() - started > MOST_WAITED_MILLISECONDS) throw error;
          await delay(PAUSE_MILLISECONDS);
        }
      }
    },
    close: () => pool.end(),
  };
}

/** Returns the error of an optional package that is not installed. */
export const missing = (name: string, cause: unknown) =>
  new EngineError('unsupported', `searches on several machines need the package ${name}: npm install pg pg-boss@10`, {
    cause,
  });
