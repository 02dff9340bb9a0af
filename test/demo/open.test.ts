import { beforeEach, expect, test } from 'vitest';
import { readAddress, writeAddress } from '../../demo/contract/address.js';
import { withOpened } from '../../demo/contract/opened.js';
import type { Frame, Opened } from '../../demo/contract/protocol.js';
import { configOf, runsWith, type State } from '../../demo/contract/state.js';
import { createReferenceEngine, loadModel } from '../../src/index.js';
import { stateOf } from './some-state.js';
import { SomeWorker } from './some-worker.js';

const knobs = { l2: 0.01, dropout: [0.5], learningRate: 0.01 };
const base: State = { ...stateOf([8], knobs), steps: 6, examples: 60, batch: 20 };
const worker = new SomeWorker();
let id = 0;
const fresh = (state: State): State => ({ ...state, runs: state.runs.map((run) => ({ ...run, id: ++id })) });

/** Flowers with a width, a height and a kind that follows from them. */
const FLOWERS = ['width,height,colour,kind'];
for (let i = 0; i < 200; i++) {
  FLOWERS.push(`${(i * 7) % 20},${i % 2 ? 30 + (i % 5) : i % 5},${i % 3 ? 'red' : 'blue'},${i % 2 ? 'tall' : 'short'}`);
}

const drop = (name: string, content: string | Uint8Array) => {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  worker.tell({ kind: 'open', files: [{ name, bytes: Uint8Array.from(bytes).buffer }] });
};

/** Drops a file and returns what it asks for. */
async function open(name: string, content: string | Uint8Array): Promise<Opened> {
  const from = worker.frames.length;
  drop(name, content);
  const found = () => worker.frames.slice(from).find(({ opened }) => opened)?.opened;
  await worker.until(() => found() !== undefined);
  return found() as Opened;
}

/** Drops a file and returns why it is refused. */
async function refusal(name: string, content: string): Promise<string> {
  worker.tell({ kind: 'state', state: base });
  drop(name, content);
  await worker.until(({ problem = '' }) => problem.startsWith(name));
  return worker.facts.problem ?? '';
}

const stands = (run: number, at: number) => (facts: Frame) =>
  facts.runs?.[0].id === run && facts.runs[0].steps === at && facts.runs[0].hash !== undefined;

/** Sends what the page makes of an opened file, and waits until it is so. */
async function take(opened: Opened, before: State, steps = 0): Promise<State> {
  const state = withOpened(before, opened, ++id);
  worker.tell({ kind: 'state', state });
  await worker.until((facts) => worker.hasObeyed && stands(state.runs[0].id, steps)(facts));
  return state;
}

async function train(state: State): Promise<void> {
  worker.tell({ kind: 'play' });
  await worker.until(stands(state.runs[0].id, 6));
}

beforeEach(async () => {
  worker.tell({ kind: 'pause' }, { kind: 'state', state: fresh(base) });
  await worker.until(stands(id, 0));
});

test('a correction touches what it corrects, and nothing else', async () => {
  worker.tell({ kind: 'state', state: fresh({ ...base, batch: 500 }) });
  await worker.until(({ correction }) => correction !== undefined);
  expect(worker.facts.correction?.part).toEqual({ batch: 60 });
});

test('what is changed while a file is read stays; the file changes the data alone', async () => {
  const from = worker.frames.length;
  drop('flowers.csv', FLOWERS.join('\n'));
  const meanwhile = fresh({ ...base, batch: 10, seed: 7 });
  worker.tell({ kind: 'state', state: meanwhile });
  await worker.until(() => worker.frames.slice(from).some(({ opened }) => opened));
  const { opened } = worker.facts;
  expect(opened).toEqual({
    change: { data: 'own', file: expect.any(Number), table: undefined, examples: 128, noise: 0 },
  });
  const state = await take(opened as Opened, meanwhile);
  expect(worker.facts.data).toMatchObject({ name: 'flowers.csv', train: 128, available: 128, validation: 32 });
  await train(state);
});

test('a long table is read while runs train, with the share that is read; all of its rows may be used', async () => {
  const rows = 30_000;
  const lines = Array.from({ length: rows }, (_, i) => `${(i * 7919) % 1000},${(i * i) % 97},${i % 2}`);
  worker.tell({ kind: 'state', state: fresh({ ...base, steps: 0 }) }, { kind: 'play' });
  await worker.until(({ runs }) => (runs?.[0].steps ?? 0) > 1);
  const from = worker.frames.length;
  const opened = await open('long.csv', `a,b,c\n${lines.join('\n')}`);
  const during = worker.frames.slice(from);
  const shares = during.flatMap(({ jobs = [] }) =>
    jobs.flatMap(({ job, progress }) => (job === 'open' ? [progress] : [])),
  );
  expect(shares.some((share = 0) => share > 0 && share < 1)).toBe(true);
  expect(opened.change.examples).toBe(6000);
  worker.tell({ kind: 'pause' });
  const state = await take(opened, fresh(base));
  expect(worker.facts.data).toMatchObject({ train: 6000, available: 19_200, validation: 1000, table: { rows } });
  worker.tell({ kind: 'state', state: { ...state, examples: 19_200 } });
  await worker.until(({ data }) => data?.train === 19_200);
});

test('a configuration that does not fit the data is refused; one that fits is taken', async () => {
  const config = (features: number, outputs: number, classes: boolean) =>
    JSON.stringify(configOf({ ...base, hidden: [5] }, knobs, { features, outputs, classes }));
  expect(await refusal('wide.json', config(4, 2, true))).toBe(
    'wide.json: it does not fit these data: the network’s input is 4 numbers, and Two moons needs 2 numbers. Choose the data that it was made for first',
  );
  expect(await refusal('three.json', config(2, 3, true))).toContain(
    'output is 3 numbers, and Two moons needs 2 numbers',
  );
  expect(await refusal('numbers.json', config(2, 2, false))).toContain(
    'kind of answer is numbers, and Two moons needs classes',
  );
  expect(await open('good.json', config(2, 2, true))).toEqual({
    change: { hidden: [5], activation: 'tanh', optimizer: 'adam', batch: 20 },
    run: knobs,
  });
});

test('the history that the page saves has every knob, and sets up the same runs again', async () => {
  const parts = { l1: true, gaussian: true, maxNorm: 2 } as const;
  const runs = [
    { ...knobs, dropout: [0.5, 0.5], l1: 0.003 },
    { l2: 0, dropout: [0.25, 0], learningRate: 0.002, l1: 0 },
  ];
  const trained = fresh({ ...base, parts, seed: 5, hidden: [6, 5], runs: runsWith(runs) });
  worker.tell({ kind: 'state', state: trained });
  await worker.until(stands(trained.runs[0].id, 0));
  await train(trained);
  const hashes = worker.facts.runs?.map(({ hash }) => hash);
  const from = worker.frames.length;
  worker.tell({ kind: 'export', what: 'history', address: writeAddress(trained, 'l2') });
  await worker.until(() => worker.frames.slice(from).some(({ files }) => files));
  const history = new TextDecoder().decode(worker.facts.files?.[0].bytes);
  const lines = history.trim().split('\r\n');
  expect(lines[0]).toMatch(/^run,l2,l1,dropout,dropoutKind,maxNorm,learningRate,step,trainLoss,.*,penalty,settings$/);
  expect(lines[1]).toMatch(/^1,0\.01,0\.003,0\.5 0\.5,gaussianDropout,2,0\.01,0,/);
  expect(lines.at(-1)).toMatch(/^2,0,0,0\.25 0,gaussianDropout,2,0\.002,6,/);

  worker.tell({ kind: 'state', state: fresh(base) });
  await worker.until(stands(id, 0));
  const { address = '' } = await open('history.csv', history);
  const { state, notes } = readAddress(address);
  expect(notes).toEqual([]);
  const again = fresh(state);
  expect(again).toEqual({
    ...trained,
    edits: undefined,
    runs: trained.runs.map((run, i) => ({ ...run, id: again.runs[i].id })),
  });
  worker.tell({ kind: 'state', state: again });
  await worker.until(stands(again.runs[0].id, 0));
  await train(again);
  expect(worker.facts.runs?.map(({ hash }) => hash)).toEqual(hashes);
  const cut = lines.map((line) => line.replace(/,("#.*"|settings)?$/, '')).join('\n');
  expect(await refusal('cut.csv', cut)).toContain('cut.csv: this history of runs has lost the settings');
  expect(await refusal('of-mine.csv', history.replace('"#', '"#data=own&'))).toContain('drop that table');
});

test('a network goes on where it stopped; what it is not for is refused', async () => {
  await train({ ...base, runs: [{ ...base.runs[0], id }] });
  const hash = worker.facts.runs?.[0].hash;
  const from = worker.frames.length;
  worker.tell({ kind: 'export', what: 'model' });
  await worker.until(() => worker.frames.slice(from).some(({ files }) => files));
  const model = worker.facts.files?.[0].bytes ?? new Uint8Array();
  worker.tell({ kind: 'state', state: fresh({ ...base, hidden: [3] }) });
  await worker.until(stands(id, 0));
  const opened = await open('net.safetensors', model);
  expect(opened).toMatchObject({ change: { hidden: [8], seed: 1 }, run: { ...knobs, network: expect.any(Number) } });
  const state = await take(opened, base, 6);
  expect(worker.facts.runs?.[0].hash).toBe(hash);
  // Its step is saved: it goes on from there on another device, too.
  worker.tell({ kind: 'lose device' });
  await worker.until(({ engine }) => engine?.recovered === 1);
  await worker.until(stands(state.runs[0].id, 6));
  expect(worker.facts.runs?.[0].hash).toBe(hash);
  worker.tell({ kind: 'state', state: fresh({ ...base, data: 'sine' }) });
  await worker.until(stands(id, 0));
  drop('net.safetensors', model);
  await worker.until(({ problem = '' }) => problem.includes('Noisy sine needs'));
});

test('a table of one’s own: columns, choices, predictions, model, code', async () => {
  const state = await take(await open('flowers.csv', FLOWERS.join('\n')), fresh(base));
  expect(worker.facts.data?.table).toMatchObject({ rows: 200, target: 'kind', task: 'classes' });
  expect(worker.facts.data?.table?.columns.map(({ name, kind }) => `${name}: ${kind}`)).toEqual([
    'width: number',
    'height: number',
    'colour: category',
    'kind: category',
  ]);
  await train(state);
  worker.tell({ kind: 'predict', row: { width: '3', height: '33', colour: 'blue' } });
  await worker.until(({ prediction }) => prediction !== undefined);
  const { prediction } = worker.facts;
  expect(prediction).toMatchObject({ run: state.runs[0].id, answer: expect.stringMatching(/^(tall|short)$/) });
  const sum = prediction?.probabilities?.reduce((a, b) => a + b, 0);
  expect(sum).toBeCloseTo(1, 5);

  const files = async (what: 'code' | 'predictions') => {
    const from = worker.frames.length;
    worker.tell({ kind: 'export', what });
    await worker.until(() => worker.frames.slice(from).some(({ files }) => files));
    return worker.facts.files ?? [];
  };
  const [model, code] = await files('code');
  using read = await loadModel(createReferenceEngine(), model.bytes);
  expect(await read.predict([{ width: 3, height: 33, colour: 'blue' }])).toEqual([prediction?.answer]);
  expect(new TextDecoder().decode(code.bytes)).toContain(`readFile('${model.name}')`);
  const [csv] = await files('predictions');
  const lines = new TextDecoder().decode(csv.bytes).trim().split('\r\n');
  expect([lines[0], lines.length]).toEqual(['width,height,colour,kind,prediction', 201]);
  expect(lines[2]).toMatch(/^7,31,red,tall,(tall|short)$/);

  // Another column to learn; a choice that cannot be learned is taken back.
  worker.tell({ kind: 'state', state: { ...state, table: { target: 'height' } } });
  await worker.until(({ data }) => data?.table?.target === 'height');
  worker.tell({ kind: 'state', state: { ...state, table: { target: 'colour', task: 'number' } } });
  await worker.until(({ problem = '' }) => problem.includes("'colour' cannot be learned as a number"));
  expect(worker.facts.correction?.part).toEqual({ table: { target: 'height' } });
});
