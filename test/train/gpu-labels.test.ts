import { expect, test } from 'vitest';
import {
  adam,
  type Batch,
  createPopulation,
  createTrainer,
  dense,
  dropout,
  relu,
  sequential,
  softmaxCrossEntropy,
  type Trainer,
} from '../../src/index.js';
import { complaint } from './complaint.js';
import { countedEngine } from './counting-device.js';
import { numbers, upload } from './gpu-batches.js';

const { device, engine } = await countedEngine();

const ROWS = 70; // more than the rows of one workgroup
const model = (classes: number) => sequential([dense(6), relu(), dropout(0.5), dense(classes)]);
const options = () => ({ input: [4], batchSize: ROWS, loss: softmaxCrossEntropy(), optimizer: adam() });
const labelsOf = (classes: number, bad: Readonly<Record<number, number>> = {}) =>
  Uint32Array.from({ length: ROWS }, (_, i) => bad[i] ?? i % classes);
const batchOf = (labels: Uint32Array<ArrayBuffer>, seed: number, rows = ROWS): Batch => ({
  x: upload(device, numbers(ROWS * 4, seed)),
  y: upload(device, labels),
  rows,
});

/** Takes a step, through an encoder of the caller's or not. */
function take(trainer: Trainer, how: 'step' | 'encode', batch: Batch): void {
  if (how === 'step') return void trainer.step(batch);
  const encoder = device.createCommandEncoder();
  trainer.encode(encoder, batch);
  device.queue.submit([encoder.finish()]);
}

// 3 classes ride in the kernel of the last layer, 40 have one of their own.
for (const classes of [3, 40]) {
  test.each([
    ['step', { 0: classes }],
    ['encode', { 69: classes }],
    ['step', { 33: 0xffffffff, 64: classes + 1 }],
  ] as const)(`of ${classes} classes, a label that is none is told and undone: %s, %j`, async (how, bad) => {
    using trainer = await createTrainer(engine, model(classes), options());
    using spared = await createTrainer(engine, model(classes), options());
    for (let step = 0; step < 2; step++) take(trainer, how, batchOf(labelsOf(classes), step));
    await trainer.metrics();
    take(trainer, how, batchOf(labelsOf(classes, bad), 2));
    take(trainer, how, batchOf(labelsOf(classes), 3));
    expect(await complaint(() => trainer.metrics())).toBe(
      'EngineError of kind data: training: a label of step 2 is no class; the trainer is back at step 0',
    );
    expect(trainer.stepsTaken).toBe(0);
    expect(await trainer.save()).toEqual(await spared.save());
    for (const each of [trainer, spared]) take(each, how, batchOf(labelsOf(classes), 4));
    expect(await trainer.metrics()).toEqual(await spared.metrics());
    expect(await trainer.weights()).toEqual(await spared.weights());
  });

  test(`of ${classes} classes, labels after the valid rows do not count`, async () => {
    using trainer = await createTrainer(engine, model(classes), options());
    take(trainer, 'step', batchOf(labelsOf(classes, { 69: classes }), 0));
    expect(await complaint(() => trainer.metrics())).toMatch(/^EngineError of kind data: training: a label of step 0/);
    take(trainer, 'step', batchOf(labelsOf(classes, { 68: 999 }), 0, 68)); // row 69 still holds what is no class
    expect((await trainer.metrics()).steps).toHaveLength(1);
  });
}

test('a population marks its members: all have read the label', async () => {
  using population = await createPopulation(engine, model(3), { ...options(), members: [{}, { seed: 1 }] });
  population.step(batchOf(labelsOf(3), 0));
  await population.metrics();
  expect(population.diverged).toEqual([undefined, undefined]);
  population.step(batchOf(labelsOf(3, { 69: 3 }), 1));
  await population.metrics();
  expect(population.diverged).toEqual([0, 1].map(() => ({ step: 1, what: 'labels' })));
});
