import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import type { Frame } from '../../demo/contract/protocol.js';
import type { State } from '../../demo/contract/state.js';
import { stateOf } from './some-state.js';
import { SomeWorker } from './some-worker.js';

const state = { ...stateOf([8], { l2: 0, dropout: [0], learningRate: 0.01 }), steps: 10 };
const plan = { l2: [0, 0.01], dropout: [0, 0.5], epochs: 5000, strategy: 'grid' } as const;

/** Milliseconds by which the worker's clock is ahead. */
let ahead = 0;
const now = performance.now.bind(performance);
vi.spyOn(performance, 'now').mockImplementation(() => now() + ahead);

const worker = new SomeWorker();
let id = 100;
/** The state with a run that no test had. */
const fresh = (more: Partial<State> = {}): State => ({ ...state, ...more, runs: [{ ...state.runs[0], id: ++id }] });

const stepsOf = ({ runs }: Frame) => Math.min(...(runs ?? []).map(({ steps }) => steps));
const jobOf = ({ jobs = [] }: Frame, name: string) => jobs.find(({ job }) => job === name);
/** The epoch of the search that runs; one that is over does not count. */
const epochOf = ({ search }: Frame) => (search?.running ? search.epoch : 0);
const stands = (id: number, at: number) => (facts: Frame) =>
  facts.runs?.[0].id === id && stepsOf(facts) === at && facts.runs[0].hash !== undefined;

const rest = () => worker.tell({ kind: 'stop search' }, { kind: 'stop verify' }, { kind: 'pause' });
afterAll(async () => {
  rest();
  await worker.until(({ jobs }) => jobs?.length === 0);
  vi.restoreAllMocks();
});

beforeEach(async () => {
  rest();
  worker.tell({ kind: 'state', state: fresh() });
  await worker.until(stands(id, 0));
  await worker.until(({ jobs = [] }) => jobs.length === 0);
});

test('training goes on while a search runs, and the search goes on after it', async () => {
  worker.tell({ kind: 'search', plan }, { kind: 'play' });
  await worker.until((facts) => stands(id, 10)(facts));
  expect(worker.facts.search?.running).toBe(true);
  expect(worker.frames.some(({ jobs }) => jobs?.length === 2 && jobs.every(({ waitsFor }) => !waitsFor))).toBe(true);
  const epoch = epochOf(worker.facts);
  await worker.until((facts) => epochOf(facts) > epoch + 2);
  expect(jobOf(worker.facts, 'train')).toBeUndefined();
  expect(jobOf(worker.facts, 'search')?.progress).toBeCloseTo(epochOf(worker.facts) / plan.epochs, 2);
});

test('training and a search wait for a check, say so, and go on after it', async () => {
  worker.tell({ kind: 'state', state: fresh({ steps: 0 }) }, { kind: 'search', plan }, { kind: 'play' });
  await worker.until((facts) => epochOf(facts) > 1 && stepsOf(facts) > 1);
  worker.tell({ kind: 'verify' });
  await worker.until((facts) => jobOf(facts, 'verify') !== undefined && (facts.verify?.done ?? 0) > 0);
  for (const name of ['train', 'search']) expect(jobOf(worker.facts, name)?.waitsFor).toBe('verify');
  expect(jobOf(worker.facts, 'verify')?.waitsFor).toBeUndefined();
  const [steps, epoch] = [stepsOf(worker.facts), epochOf(worker.facts)];
  worker.tell({ kind: 'stop verify' });
  await worker.until((facts) => jobOf(facts, 'verify') === undefined);
  expect(worker.facts.verify).toMatchObject({ running: false, failed: 'It was stopped.' });
  await worker.until((facts) => stepsOf(facts) > steps && epochOf(facts) > epoch);
  expect(jobOf(worker.facts, 'train')?.waitsFor).toBeUndefined();
});

test('a search goes on from its last save when the device is lost, and a check begins again by itself', async () => {
  worker.tell({ kind: 'search', plan });
  await worker.until((facts) => epochOf(facts) > 3);
  const saved = epochOf(worker.facts);
  ahead += 20_000; // a save is due
  await worker.until((facts) => epochOf(facts) > saved + 1);
  worker.tell({ kind: 'verify' });
  await worker.until(({ verify }) => verify?.running === true && verify.done > 0);
  const from = worker.frames.length;
  worker.tell({ kind: 'lose device' });
  await worker.until(() => worker.frames.slice(from).some(({ verify }) => verify?.done === 0));
  await worker.until(({ verify }) => (verify?.done ?? 0) > 0);
  worker.tell({ kind: 'stop verify' });
  await worker.until((facts) => facts.search?.running === true && epochOf(facts) > saved + 3);
  const epochs = worker.frames.slice(from).flatMap(({ search }) => search?.epoch ?? []);
  expect(Math.min(...epochs)).toBeGreaterThan(saved);
  expect(worker.facts.engine?.recovered).toBe(1);
  expect(worker.frames.some(({ problem }) => problem)).toBe(false);
});

test('a search ends with the data or the network that it is of, and says so; other settings leave it alone', async () => {
  worker.tell({ kind: 'search', plan });
  await worker.until((facts) => epochOf(facts) > 1);
  worker.tell({ kind: 'state', state: fresh({ steps: 7 }) }); // other runs, and another end
  await worker.until((facts) => stands(id, 0)(facts));
  expect(worker.facts.search).toMatchObject({ running: true });
  worker.tell({ kind: 'state', state: fresh({ batch: 20 }) });
  await worker.until(({ search }) => search?.running === false);
  expect(worker.facts.search).toMatchObject({ complete: false, stopped: 'changed' });
  worker.tell({ kind: 'search', plan });
  await worker.until((facts) => facts.search?.running === true && epochOf(facts) > 1);
  worker.tell({ kind: 'stop search' });
  await worker.until(({ search }) => search?.running === false);
  expect(worker.facts.search).toMatchObject({ complete: false, stopped: 'asked' });
});

test('the winner of a search is trained again from other seeds, and tested on other points', async () => {
  worker.tell({ kind: 'search', plan: { ...plan, l2: [0, 0.01], epochs: 3 } });
  await worker.until(({ search }) => search?.complete === true && search.running);
  expect(jobOf(worker.facts, 'search')).toBeDefined();
  await worker.until(({ search }) => search?.running === false);
  const { winner, best } = worker.facts.search ?? {};
  expect(best).toBeDefined();
  expect(winner).toMatchObject({ seeds: 5, epoch: 3, epochs: 3, diverged: 0 });
  expect(winner?.loss?.mean).toBeGreaterThan(0.1);
  expect(winner?.loss?.mean).toBeLessThan(2);
  expect(winner?.loss?.deviation).toBeGreaterThan(0); // the seeds are different ones
  expect(winner?.accuracy?.mean).toBeGreaterThan(0.2);
});
