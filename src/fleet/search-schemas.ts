import { createHash } from 'node:crypto';
import type { Database } from './database.js';

/** Schemas of searches begin with this. */
const PREFIX = 'wgrad_';

/** Returns the schema of a search, the same for the same search. */
export const schemaOf = (asked: string) => `${PREFIX}${createHash('sha256').update(asked).digest('hex').slice(0, 16)}`;

/** Returns the schemas of all searches in a database. */
export async function searchSchemas({ sql }: Database): Promise<string[]> {
  const found = await sql<{ name: string }>(
    `select nspname as name from pg_namespace where nspname ~ '^${PREFIX}[0-9a-f]{16}$' order by 1`,
  );
  return found.map(({ name }) => name);
}

/** Removes a search from a database, with all its tables. */
export async function removeSearch({ sql }: Database, schema: string): Promise<void> {
  await sql(`drop schema if exists ${schema} cascade`);
}

/** Removes the searches that no process leads; returns their schemas. */
export async function removeAbandoned(database: Database): Promise<string[]> {
  const removed: string[] = [];
  for (const schema of await searchSchemas(database)) {
    const leaders = await database.sql(
      'select 1 from pg_stat_activity where datname = current_database() and application_name like $1',
      [`${schema} %`],
    );
    if (leaders.length > 0) continue;
    await removeSearch(database, schema);
    removed.push(schema);
  }
  return removed;
}
