import { afterAll, expect, test } from 'vitest';
import { asynchronousHalving } from '../../src/fleet/asynchronous-halving.js';
import { isGone, withoutPassword } from '../../src/fleet/database.js';
import { createReferenceEngine, dense, relu, sequential } from '../../src/index.js';
import type { SearchOptions } from '../../src/tune.js';
import { choice, grid, logUniform, populationBased, search, successiveHalving } from '../../src/tune.js';
import { drain, found, small, smallModel } from '../tune/small-search.js';
import { database, lead, startWorker } from './fleet.js';

const { url, open, stop } = await database();
afterAll(stop);

const observer = await open();
afterAll(() => observer.close());

const schemas = async () =>
  (await observer.sql<{ name: string }>("select nspname as name from pg_namespace where nspname like 'wgrad%'")).length;

const model = smallModel();

const named = { ...small().train, classNames: ['red', 'green', 'blue'] };

/** Returns what a search finds in one process, with its network. */
async function alone(options: SearchOptions, made: Parameters<typeof search>[1] = model) {
  using run = search(createReferenceEngine(), made, options);
  await drain(run);
  return { found: found(run), network: await run.bestNetwork() };
}

/** Returns what workers find. */
async function together(options: SearchOptions, workers: number, jobTrials?: number, made = model) {
  const parts = { model: made, options };
  const crew = await Promise.all(Array.from({ length: workers }, () => startWorker(url, parts)));
  try {
    const fleet = await lead(url, parts, { expected: workers, jobTrials });
    await drain(fleet.run);
    await fleet.look();
    const all = { found: found(fleet.run), network: await fleet.run.bestNetwork(), standing: fleet.standing() };
    await fleet.leave(true);
    return all;
  } finally {
    await Promise.all(crew.map((worker) => worker.stop()));
  }
}

test.each<[string, SearchOptions, number?]>([
  ['halving', small({ train: named, strategy: successiveHalving({ eta: 2 }), population: 8, budget: { epochs: 4 } })],
  ['one trial a job', small({ population: 5 }), 1],
  ['copies', small({ strategy: populationBased({ every: 1 }), population: 4 })],
  [
    'patience',
    small({ patience: 1, budget: { epochs: 6 }, space: { learningRate: logUniform(0.1, 5) }, population: 6 }),
  ],
  ['folds', small({ folds: 3, strategy: successiveHalving({ eta: 2 }), population: 4 })],
])('two workers find the same bits as one process: %s', async (_, options, jobTrials) => {
  const { standing, ...all } = await together(options, 2, jobTrials);
  expect(all).toEqual(await alone(options));
  expect(standing.workers.reduce((sum, { jobs }) => sum + jobs, 0)).toBeGreaterThan(1);
  expect(await schemas()).toBe(0);
});

const poison = { l2: 0, hidden: 6 };
const byUnits = ({ hidden }: { hidden?: unknown }) => sequential([dense(Number(hidden)), relu(), dense(3)]);
const units = small({ space: { l2: 0, hidden: choice([4, 5, 6]) }, strategy: grid(), population: undefined });

test('a job that fails three times is given up, and the rest goes on', async () => {
  const parts = {
    model: (config: object) => {
      if (JSON.stringify(config) === JSON.stringify(poison)) throw new Error('poisoned');
      return byUnits(config);
    },
    options: units,
  };
  const worker = await startWorker(url, parts);
  const fleet = await lead(url, { model: byUnits, options: units });
  await drain(fleet.run);
  const { trials } = found(fleet.run);
  const sane = (await alone(units, byUnits)).found.trials;
  expect(trials.slice(0, 2)).toEqual(sane.slice(0, 2));
  expect(trials[2]).toMatchObject({ config: poison, status: 'dropped', failure: 'poisoned', rungs: [] });
  expect(fleet.told.filter((line) => line.includes('of 3: poisoned'))).toHaveLength(3);
  await fleet.leave(true);
  await worker.stop();
});

test('a worker serves several searches, and each gets its own', async () => {
  const all = [small({ seed: 1 }), small({ seed: 2 })];
  const fleets = await Promise.all(all.map((options, i) => lead(url, { model, options }, { jobTrials: 1, config: i })));
  const makeSearch = (config: unknown) => ({ model, options: all[Number(config)] });
  const worker = await startWorker(url, { model, options: all[0] }, { makeSearch });
  await Promise.all(fleets.map(({ run }) => drain(run)));
  for (const [i, fleet] of fleets.entries()) {
    expect(found(fleet.run)).toEqual((await alone(all[i])).found);
    await fleet.leave(true);
  }
  await worker.stop();
});

test('a coordinator that starts again goes on where the search was, and trains nothing twice', async () => {
  const controller = new AbortController();
  const options = small({ strategy: successiveHalving({ eta: 2 }), population: 8, budget: { epochs: 4 } });
  const parts = { model, options };
  const first = await lead(url, { model, options: { ...options, signal: controller.signal } });
  const worker = await startWorker(url, parts);
  await expect(async () => {
    for await (const { round } of first.run) if (round === 1) controller.abort();
  }).rejects.toThrow('aborted');
  await expect(lead(url, parts)).rejects.toThrow('search: another process leads this search in this database');
  await first.leave(false);
  expect(await schemas()).toBe(1);
  const second = await lead(url, parts);
  await drain(second.run);
  await second.look();
  expect(found(second.run)).toEqual((await alone(options)).found);
  const [{ schema }] = await observer.sql<{ schema: string }>(
    "select nspname as schema from pg_namespace where nspname like 'wgrad%'",
  );
  const [{ rounds }] = await observer.sql<{ rounds: number }>(`select count(*)::int as rounds from ${schema}.round`);
  expect(second.standing().workers.map(({ jobs }) => jobs)).toEqual([rounds]);
  await second.leave(true);
  await worker.stop();
});

test('a worker of another version or with other data is refused, and says why', async () => {
  const options = small();
  const parts = { model, options };
  const fleet = await lead(url, parts, { byPath: true });
  const old = await startWorker(url, parts, { version: 'wgrad old' });
  const other = await startWorker(url, parts, {
    readData: async () => ({ train: { ...options.train, classes: 7 }, validation: options.validation }),
  });
  const missing = await startWorker(url, parts, { readData: () => Promise.reject(new Error('no such file')) });
  const right = await startWorker(url, parts);
  await drain(fleet.run);
  expect(found(fleet.run)).toEqual((await alone(options)).found);
  expect(old.told.join()).toMatch(/^Refused by wgrad_\w+: the search is of wgrad test, this is wgrad old$/);
  expect(other.told.join()).toMatch(
    /its data have the SHA-256 [0-9a-f]{64}, those at the same path here [0-9a-f]{64}$/,
  );
  expect(missing.told.join()).toMatch(/its data cannot be read here: no such file$/);
  await fleet.leave(true);
  await Promise.all([old, other, missing, right].map((worker) => worker.stop()));
});

test('another kind of adapter is refused, or taken and marked', async () => {
  const parts = { model, options: small() };
  const engine = createReferenceEngine();
  Object.defineProperty(engine, 'info', { value: { ...engine.info, adapter: 'another' } });
  for (const adapters of ['one', 'any'] as const) {
    const fleet = await lead(url, parts, { adapters, expected: adapters === 'any' ? 2 : 1, jobTrials: 1 });
    const first = await startWorker(url, parts);
    if (adapters === 'one') await expect.poll(() => first.told.length).toBe(1);
    const second = await startWorker(url, parts, { engine });
    if (adapters === 'one') await expect.poll(() => second.told.length).toBe(1);
    await drain(fleet.run);
    await fleet.look();
    const { workers } = fleet.standing();
    const refused = 'the search trains on CPU reference interpreter, this is another';
    expect(workers.map((worker) => worker.refused).filter(Boolean)).toEqual(adapters === 'one' ? [refused] : []);
    const trained = new Set([...fleet.trainers().values()].flat());
    expect([...trained].every((id) => workers.some((worker) => worker.id === id && !worker.refused))).toBe(true);
    await fleet.leave(true);
    await Promise.all([first.stop(), second.stop()]);
  }
  engine.dispose();
});

/** Returns the space of the first trial that was trained to the end. */
const firstOf = (trials: readonly { config: Record<string, unknown>; epochs: number }[]) =>
  (trials.find(({ epochs }) => epochs === 4)?.config ?? {}) as Record<string, number>;

test('asynchronous halving keeps several workers busy, and is the same again with the same order of results', async () => {
  const options = small({ strategy: asynchronousHalving({ eta: 2 }), population: 8, budget: { epochs: 4 } });
  const parts = { model, options };
  const crew = await Promise.all([startWorker(url, parts), startWorker(url, parts)]);
  const controller = new AbortController();
  const cut = await lead(url, { model, options: { ...options, signal: controller.signal } }, { expected: 2 });
  await expect(async () => {
    for await (const { trials } of cut.run) if (trials.length === 5) controller.abort();
  }).rejects.toThrow('aborted');
  await cut.leave(false);
  const first = await lead(url, parts);
  await drain(first.run);
  await first.look();
  await first.leave(false);
  await Promise.all(crew.map((worker) => worker.stop()));
  const { trials } = found(first.run);
  expect(trials.map(({ id }) => id)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  const done = trials.map(({ epochs }) => epochs);
  expect([1, 2, 4].map((rung) => done.filter((epochs) => epochs >= rung).length)).toEqual([
    8,
    expect.any(Number),
    expect.any(Number),
  ]);
  expect(done.filter((epochs) => epochs >= 2).length).toBeGreaterThanOrEqual(4);
  expect(done.filter((epochs) => epochs === 4).length).toBeGreaterThanOrEqual(2);
  expect(trials.every(({ status, epochs }) => status === (epochs === 4 ? 'finished' : 'dropped'))).toBe(true);
  const single = (await alone(small({ population: 1, budget: { epochs: 4 }, space: firstOf(trials) }))).found.trials[0];
  const again = await lead(url, parts); // without any worker
  await drain(again.run);
  expect(found(again.run)).toEqual(found(first.run));
  await again.leave(true);
  const longest = trials.find(({ epochs }) => epochs === 4);
  expect(longest?.rungs).toEqual(single.rungs);
});

test.each([
  ['postgres://me:secret@host:5432/db', 'postgres://me:***@host:5432/db'],
  ['tune --workers postgresql://me:se:cr@et@host/db --html x', 'tune --workers postgresql://me:***@host/db --html x'],
  ['postgres://host/db?user=me&password=secret&x=1', 'postgres://host/db?user=me&password=***&x=1'],
  ['postgres://me@host/db', 'postgres://me@host/db'],
])('%s is shown without its password', (text, shown) => {
  expect(withoutPassword(text)).toBe(shown);
});

test('an address where nobody answers, or a wrong password, is refused without the password', async () => {
  const wrong = url.replace(/:[0-9a-f]+@/, ':secret@');
  const refusal =
    /^cannot use the database postgres:\/\/wgrad:\*\*\*@127\.0\.0\.1:\d+\/postgres: password authentication failed/;
  await expect(lead(wrong, { model, options: small() })).rejects.toThrow(refusal);
  await expect(lead('postgres://me:secret@127.0.0.1:1/x', { model, options: small() })).rejects.toThrow(
    'cannot use the database postgres://me:***@127.0.0.1:1/x: connect ECONNREFUSED 127.0.0.1:1',
  );
});

test('a table that is gone is known by its error', async () => {
  await expect(observer.sql('select 1 from wgrad_0.search')).rejects.toSatisfy(isGone);
  await expect(observer.sql('select nothing')).rejects.not.toSatisfy(isGone);
});
