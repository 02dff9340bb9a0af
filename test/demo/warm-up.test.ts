import { expect, test } from 'vitest';
import type { Frame } from '../../demo/contract/protocol.js';
import type { ViewFacts } from '../../demo/contract/view-facts.js';
import { stateOf } from './some-state.js';
import { SomeWorker } from './some-worker.js';

/** As many as come before the first picture. */
const STEPS = 12;
const state = { ...stateOf([16, 16], { l2: 0.01, dropout: [0.5, 0], learningRate: 0.01 }), steps: STEPS };

type Plane = Extract<ViewFacts, { kind: 'plane' }>;
const planeOf = ({ view }: Frame) => (view?.kind === 'plane' ? view : undefined);
const stepsOf = ({ runs }: Frame) => runs?.[0].steps;

test('the CPU trains until the GPU is ready, which takes the same steps and then shows its own answers', async () => {
  const worker = new SomeWorker();
  worker.tell({ kind: 'state', state }, { kind: 'view', view: { kind: 'answer' } }, { kind: 'play' });
  await worker.until((facts) => facts.runs?.[0].hash !== undefined && planeOf(facts)?.columns === 160);
  const { frames } = worker;
  const early = frames.slice(
    0,
    frames.findIndex((frame) => stepsOf(frame) !== undefined),
  );
  const onCpu = early.flatMap((frame) => planeOf(frame) ?? []);
  expect(onCpu.map((plane) => plane.onCpu)).toEqual([STEPS]);
  expect(early.filter(({ data }) => data)).toHaveLength(1);
  // A picture never goes back to an earlier step.
  let steps = 0;
  for (const frame of frames) {
    const plane = planeOf(frame);
    if (plane && plane.onCpu === undefined) expect(steps).toBe(STEPS);
    steps = stepsOf(frame) ?? steps;
  }
  expect(steps).toBe(STEPS);
  expectAlike(onCpu[0], planeOf(worker.facts) as Plane);
});

/** Every fifth place of the fine grid is one of the coarse grid. */
function expectAlike(coarse: Plane, fine: Plane): void {
  const signed = ({ runs: [{ winner, certainty }] }: Plane, place: number) =>
    (winner[place] ? 1 : -1) * certainty[place];
  for (let row = 0; row < coarse.rows; row++) {
    for (let column = 0; column < coarse.columns; column++) {
      const there = signed(fine, (5 * row + 2) * fine.columns + 5 * column + 2);
      expect(signed(coarse, row * coarse.columns + column)).toBeCloseTo(there, 2);
    }
  }
}

test('a state that does not play is shown at step 0', async () => {
  const worker = new SomeWorker();
  worker.tell({ kind: 'state', state }, { kind: 'view', view: { kind: 'answer' } });
  await worker.until(({ runs }) => runs?.[0].hash !== undefined);
  const planes = worker.frames.flatMap((frame) => planeOf(frame) ?? []);
  expect(planes[0].onCpu).toBe(0);
  expect(planes.every(({ onCpu = 0 }) => onCpu === 0)).toBe(true);
});

test('a newer state ends it: its data are told, and no picture of the older one follows', async () => {
  const worker = new SomeWorker();
  worker.tell({ kind: 'state', state }, { kind: 'play' }, { kind: 'state', state: { ...state, examples: 60 } });
  await worker.until(({ runs }) => runs?.[0].hash !== undefined);
  expect(worker.facts.data?.train).toBe(60);
});
