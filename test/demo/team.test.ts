import { afterAll, expect, test } from 'vitest';
import type { RunFacts } from '../../demo/contract/protocol.js';
import type { Knobs, State } from '../../demo/contract/state.js';
import { stateOf } from './some-state.js';
import { SomeWorker } from './some-worker.js';

const workers: SomeWorker[] = [];
afterAll(() => {
  for (const worker of workers) worker.tell({ kind: 'pause' });
});

/** Returns a worker that has obeyed a state. */
function workerOf(state: State): SomeWorker {
  const worker = new SomeWorker();
  workers.push(worker);
  worker.tell({ kind: 'state', state }, { kind: 'play' });
  return worker;
}

const isSettled = ({ hash, diverged }: RunFacts) => hash !== undefined || diverged !== undefined;
/** Returns the runs of a worker once all have come to a step, or diverged. */
async function runsAt(worker: SomeWorker, step: number): Promise<readonly RunFacts[]> {
  const isThere = (run: RunFacts) => isSettled(run) && (run.steps === step || run.diverged !== undefined);
  await worker.until(
    ({ runs = [], problem }) => problem || (worker.hasObeyed && runs.length > 0 && runs.every(isThere)),
  );
  expect(worker.facts.problem ?? '').toBe('');
  return worker.facts.runs ?? [];
}
/** Returns the rows of a run's history that a worker has told. */
const historyOf = ({ frames }: SomeWorker, id: number) =>
  frames
    .flatMap(({ runs = [] }) => runs.flatMap((run) => (run.id === id && run.history ? [run.history] : [])))
    .reduce<number[]>((rows, news) => [...(news.replace ? [] : rows), ...news.rows], []);

const bare: Knobs = { l2: 0, dropout: [0], learningRate: 0.01 };
const knobs = [bare, { ...bare, l2: 0.01 }, { ...bare, dropout: [0.5] }, { ...bare, learningRate: 0.03 }];
const all: State = { ...stateOf([8], ...knobs), steps: 12 };
/** The state with some of its runs. */
const only = (state: State, ...ids: readonly number[]): State => ({
  ...state,
  runs: state.runs.filter(({ id }) => ids.includes(id)),
  selected: 0,
});

test('runs that train together become what each becomes alone, also after a knob is turned and others have left', async () => {
  const turned: State = {
    ...all,
    steps: 24,
    runs: all.runs.map((run) => (run.id === 3 ? { ...run, dropout: [0.2] } : run)),
  };
  const alone: RunFacts[] = [];
  const histories = [];
  for (const { id } of all.runs) {
    const worker = workerOf(only(all, id));
    const [first] = await runsAt(worker, 12);
    worker.tell({ kind: 'state', state: only(turned, id) }, { kind: 'play' });
    const [second] = await runsAt(worker, 24);
    alone.push(first, second);
    histories.push(historyOf(worker, id));
  }
  const hashes = alone.map(({ hash }) => hash);
  expect(new Set(hashes).size).toBe(8);
  const together = workerOf(all);
  expect((await runsAt(together, 12)).map(({ hash }) => hash)).toEqual(hashes.filter((_, i) => i % 2 === 0));
  together.tell({ kind: 'state', state: only(turned, 2, 3, 4) }, { kind: 'play' });
  const left = await runsAt(together, 24);
  expect(left.map(({ id, hash }) => [id, hash])).toEqual([
    [2, hashes[3]],
    [3, hashes[5]],
    [4, hashes[7]],
  ]);
  for (const id of [2, 3, 4]) expect(historyOf(together, id)).toEqual(histories[id - 1]);
  together.tell({ kind: 'lose device' }, { kind: 'pause' });
  await together.until(({ notice }) => notice !== undefined && notice !== '');
  expect((await runsAt(together, 24)).map(({ hash }) => hash)).toEqual([hashes[3], hashes[5], hashes[7]]);
});

test('one that diverges leaves the others alone', async () => {
  const wild = { ...bare, learningRate: 10 };
  const state: State = {
    ...stateOf([8], bare, wild, knobs[1]),
    data: 'sine',
    optimizer: 'sgd',
    activation: 'relu',
    steps: 12,
  };
  const [alone] = await runsAt(workerOf(only(state, 2)), 12);
  expect(alone.diverged).toBeDefined();
  const worker = workerOf(state);
  const runs = await runsAt(worker, 12);
  expect(runs.map(({ id, steps, diverged }) => [id, steps, diverged])).toEqual([
    [1, 12, undefined],
    [2, alone.steps, alone.diverged],
    [3, 12, undefined],
  ]);
  const [first] = await runsAt(workerOf(only(state, 1)), 12);
  expect(runs[0].hash).toBe(first.hash);
  // Turned, it goes on.
  const calm = state.runs.map((run) => (run.id === 2 ? { ...run, learningRate: 0.01 } : run));
  worker.tell({ kind: 'state', state: { ...state, runs: calm } }, { kind: 'play' });
  for (const { steps, diverged } of await runsAt(worker, 12))
    expect({ steps, diverged }).toEqual({ steps: 12, diverged: undefined });
});

test('views show a run in company as alone', async () => {
  const views = [
    { kind: 'mask', layer: 0 },
    { kind: 'uncertainty', samples: 8 },
    { kind: 'answer', network: true },
    { kind: 'mistakes' },
  ] as const;
  const shown = async (state: State) => {
    const worker = workerOf(state);
    await runsAt(worker, 12);
    const all = [];
    for (const view of views) {
      const before = worker.facts.view;
      worker.tell({ kind: 'view', view });
      await worker.until(({ view: facts }) => facts !== before);
      all.push(worker.facts.view);
    }
    return all.map((facts) =>
      facts && 'runs' in facts ? { ...facts, runs: facts.runs.filter(({ id }) => id === 3) } : facts,
    );
  };
  const alone = await shown(only(all, 3));
  expect(alone.map((facts) => facts?.kind)).toEqual(['mask', 'uncertain plane', 'plane', 'mistakes']);
  expect(await shown({ ...all, selected: 2 })).toEqual(alone);
});
