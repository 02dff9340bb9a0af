import { afterAll, expect, test } from 'vitest';
import { HISTORY } from '../../demo/contract/protocol.js';
import { stateOf } from './some-state.js';
import { SomeWorker } from './some-worker.js';

const worker = new SomeWorker();
afterAll(() => worker.tell({ kind: 'pause' }));

const runOf = ({ runs = [] }: SomeWorker['facts']) => runs[0];
/** Returns the last measurement that the worker has told of. */
const lastRow = () => {
  const rows = worker.frames.findLast(({ runs }) => runs?.[0].history)?.runs?.[0].history?.rows ?? [];
  return Object.fromEntries(HISTORY.map((name, i) => [name, rows.at(i - HISTORY.length)]));
};

test('a run goes on with edited points, and is measured on them where it stands', async () => {
  const state = { ...stateOf([8], { l2: 0, dropout: [0], learningRate: 0.01 }), steps: 20 };
  worker.tell({ kind: 'state', state }, { kind: 'play' });
  await worker.until((facts) => runOf(facts)?.steps === 20 && runOf(facts)?.hash !== undefined);
  const [{ hash }, before] = [runOf(worker.facts), lastRow()];
  const far = { kind: 'add', x: 40, y: 40, label: 0 } as const;
  worker.tell({ kind: 'state', state: { ...state, edits: [far, { ...far, label: 1 }] } });
  await worker.until((facts) => facts.data?.train === 102 && runOf(facts)?.hash !== undefined && worker.hasObeyed);
  const after = lastRow();
  expect(after).toMatchObject({ step: 20, validationLoss: before.validationLoss });
  expect(after.trainLoss).not.toBe(before.trainLoss);
  expect(runOf(worker.facts)).toMatchObject({ steps: 20, hash, marks: [{ step: 20, text: 'points edited' }] });
  worker.tell({ kind: 'step' });
  await worker.until((facts) => runOf(facts)?.steps === 21 && runOf(facts)?.hash !== undefined);
  expect(runOf(worker.facts)?.hash).not.toBe(hash);
});
