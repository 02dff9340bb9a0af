import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../../src/fleet/database.js';
import { createCluster, runServer, stopServer } from '../../src/fleet/local-postgres.js';
import type { SearchResult } from '../../src/tune.js';
import { scratchFolder } from '../node/scratch-folder.js';

const scratch = await scratchFolder();
const cluster = await createCluster();
let server = await runServer(cluster);
afterAll(() => stopServer(server));
const { port, password } = cluster;
const url = `postgres://wgrad@127.0.0.1:${port}/postgres`;
const observer = await openDatabase(url.replace('@', `:${password}@`), 'observer');
afterAll(() => observer.close());

/** Some seconds of small jobs, in four rounds. */
const SEARCH =
  'tune --preset dropout --hidden 16,16 --epochs 54 --members 27 --strategy halving --reference --seed 3 --job-trials 3';

const running = new Set<ChildProcess>();

/** Starts a command of its own. */
function start(line: string) {
  const env = { ...process.env, PGPASSWORD: password };
  const child = spawn(process.execPath, ['dist/cli.js', ...line.split(' ')], { env });
  running.add(child);
  let said = '';
  child.stdout.on('data', (text) => {
    said += text;
  });
  child.stderr.on('data', (text) => {
    said += text;
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  ended.then(() => running.delete(child));
  return { said: () => said, ended, kill: () => child.kill('SIGKILL') };
}

afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
});

const worker = () => start(`work ${url} --reference`);
const json = (name: string) => join(scratch, `${name}.json`);
const withPassword = url.replace('@', `:${password}@`);
const coordinator = (name: string) => start(`${SEARCH} --workers ${withPassword} --json ${json(name)}`);

/** Returns what a search found, without what depends on the clock and on who trained. */
async function foundIn(name: string) {
  const { trials, best } = JSON.parse(await readFile(json(name), 'utf8')) as SearchResult;
  const timeless = trials.map(({ seconds: _, rungs, ...trial }) => ({
    ...trial,
    rungs: rungs.map(({ seconds: _, ...rung }) => rung),
  }));
  return { trials: timeless, best };
}

let expected: Awaited<ReturnType<typeof foundIn>>;
beforeAll(async () => {
  const alone = start(`${SEARCH.replace(' --job-trials 3', '')} --json ${json('alone')}`);
  expect([await alone.ended, alone.said()]).toEqual([0, expect.any(String)]);
  expected = await foundIn('alone');
});

const schemaName = async () => {
  const [row] = await observer.sql<{ name: string }>(
    "select nspname as name from pg_namespace where nspname like 'wgrad%'",
  );
  return row?.name;
};

/** Resolves once so many trials have been trained and a worker is in the middle of a job; returns the worker's name. */
async function inAJob(trials: number): Promise<string> {
  for (;;) {
    const schema = await schemaName().catch(() => undefined);
    const count =
      schema && (await observer.sql<{ n: number }>(`select count(*)::int as n from ${schema}.trained`).catch(() => []));
    if (schema && count && count[0]?.n >= trials) {
      const [at] = await observer.sql<{ name: string }>(`select name from ${schema}.worker where job is not null`);
      if (at) return at.name;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Expects that a coordinator ends well, with the table of one process, and leaves nothing. */
async function expectSame(name: string, lead: ReturnType<typeof start>) {
  expect([await lead.ended, lead.said()]).toEqual([0, expect.any(String)]);
  expect(await foundIn(name)).toEqual(expected);
  expect(await schemaName()).toBeUndefined();
  for (const text of [lead.said(), await readFile(json(name), 'utf8')]) {
    expect(text).toContain('postgres://wgrad:***@127.0.0.1');
    expect(text).not.toContain(password);
  }
}

test('a worker that is killed in a job loses nothing', async () => {
  const crew = [worker(), worker()];
  const lead = coordinator('worker');
  const at = await inAJob(3);
  process.kill(Number(at.split(':').at(-1)), 'SIGKILL');
  await expectSame('worker', lead);
  expect(lead.said()).toMatch(/A job of worker \d failed, 1 of 3: its worker is gone/);
  for (const each of crew) each.kill();
});

test('a coordinator that is killed is started again with the same command', async () => {
  const crew = [worker(), worker()];
  const first = coordinator('coordinator');
  await inAJob(6);
  first.kill();
  expect(await first.ended).toBeNull();
  await expectSame('coordinator', coordinator('coordinator'));
  for (const each of crew) each.kill();
});

test('a Postgres that is killed and started again loses nothing', async () => {
  const crew = [worker(), worker()];
  const lead = coordinator('postgres');
  await inAJob(6);
  const [pid] = (await readFile(join(cluster.folder, 'data', 'postmaster.pid'), 'utf8')).split('\n');
  const gone = new Promise((resolve) => server.once('exit', resolve));
  process.kill(Number(pid), 'SIGKILL');
  await gone;
  await new Promise((resolve) => setTimeout(resolve, 1500)); // everybody notices
  server = await runServer(cluster);
  await expectSame('postgres', lead);
  for (const each of crew) each.kill();
});
