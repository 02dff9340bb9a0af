import { afterAll, describe, expect, test } from 'vitest';
import { type Batch, createPopulation, dataset, type Trainer } from '../../src/index.js';
import { complaint } from './complaint.js';
import { countedEngine, countingDevice } from './counting-device.js';
import { labels, MODEL, numbers, OPTIONS, ROWS, trainerOf, upload } from './gpu-batches.js';

const { device, engine } = await countedEngine();
const { device: other } = await countingDevice();
afterAll(() => other.destroy());

const arrays = (step: number) => ({ x: numbers(ROWS * 4, step), y: labels(step) });
const buffers = (step: number): Batch => {
  const { x, y } = arrays(step);
  return { x: upload(device, x), y: upload(device, y) };
};
const data = dataset({
  x: numbers(5 * ROWS * 4, 1),
  y: Uint32Array.from([0, 1, 2, 3, 4].flatMap((i) => [...labels(i)])),
  features: 4,
});

/** Batches that WebGPU refuses once they are submitted. */
const REFUSED: Readonly<Record<string, () => Batch>> = {
  'a destroyed x': () => {
    const batch = buffers(0);
    (batch.x as GPUBuffer).destroy();
    return batch;
  },
  'a destroyed y': () => {
    const batch = buffers(0);
    (batch.y as GPUBuffer).destroy();
    return batch;
  },
  'an x of another device': () => ({ ...buffers(0), x: upload(other, arrays(0).x) }),
};

const TOLD = /^EngineError of kind validation: step: step \d+ was not taken: submit: WebGPU refuses it: /;

/** Everything that a trainer tells after it went on. */
async function goOn(trainer: Trainer) {
  trainer.step(arrays(7));
  trainer.step(buffers(8));
  const told: unknown[] = [await trainer.metrics(), await trainer.weights()];
  for await (const { seconds: _, stepMilliseconds: __, ...report } of trainer.fit(data, { epochs: 2 }))
    told.push(report);
  told.push(await trainer.evaluate(data), await trainer.predict(arrays(3).x), trainer.stepsTaken, await trainer.save());
  return told;
}

describe.each(Object.entries(REFUSED))('%s', (_, refused) => {
  // 15 steps before: the step that is refused would end a window of the steps after which good states are kept.
  test.each([0, 3, 15])(
    'after %i steps is told once, and the trainer is as if it had not been given',
    async (before) => {
      using trainer = await trainerOf(engine, 4);
      using twin = await trainerOf(engine, 4);
      for (const each of [trainer, twin]) for (let step = 0; step < before; step++) each.step(buffers(step));
      if (before === 3) for (const each of [trainer, twin]) await each.metrics();
      trainer.step(refused());
      trainer.step(refused());
      const waits = before === 15 ? () => trainer.save() : () => trainer.metrics();
      const told = await complaint(waits);
      expect(told).toMatch(/^EngineError of kind validation: step: step \d+ and 1 more were not taken: submit: /);
      expect(trainer.stepsTaken).toBe(before);
      expect(await goOn(trainer)).toEqual(await goOn(twin));
    },
  );

  test('between other steps keeps its number, and the others count', async () => {
    using trainer = await trainerOf(engine, 4);
    using twin = await trainerOf(engine, 4);
    for (const each of [trainer, twin]) each.step(buffers(0));
    expect(trainer.step(refused())).toBe(1);
    expect(trainer.step(arrays(2))).toBe(2);
    expect(await complaint(() => trainer.metrics())).toMatch(TOLD);
    const { steps } = await trainer.metrics();
    expect(steps.map(({ step }) => step)).toEqual([0, 2]);
    expect(steps[0]).toEqual((await twin.metrics()).steps[0]);
    expect(trainer.stepsTaken).toBe(3);
    for await (const { steps, trainLoss } of trainer.fit(data, { epochs: 1 }))
      expect([steps, Number.isFinite(trainLoss)]).toEqual([5, true]);
  });

  test('of a population is told once too', async () => {
    const create = () => createPopulation(engine, MODEL, { ...OPTIONS, members: [{}, { learningRate: 0.01 }] });
    using population = await create();
    using twin = await create();
    population.step(refused());
    expect(await complaint(() => population.metrics())).toMatch(TOLD);
    for (const each of [population, twin]) each.step(arrays(1));
    expect(await population.metrics()).toEqual(await twin.metrics());
    expect(await population.save(1)).toEqual(await twin.save(1));
  });

  test('in an encoder that WebGPU then refuses is a step that has not run, and training goes on', async () => {
    using trainer = await trainerOf(engine, 4);
    const encoder = device.createCommandEncoder();
    trainer.encode(encoder, refused());
    device.pushErrorScope('validation');
    device.queue.submit([encoder.finish()]);
    expect(await device.popErrorScope()).not.toBe(null);
    trainer.step(arrays(1));
    expect(await complaint(() => trainer.metrics())).toMatch(
      /: metrics: step 0 was encoded, but its encoder was not submitted/,
    );
    trainer.step(arrays(2));
    expect((await trainer.metrics()).steps.map(({ step }) => step)).toEqual([2]);
    await trainer.save();
  });
});

test('a mapped buffer is refused at once', async () => {
  using trainer = await trainerOf(engine, 4);
  const usage = GPUBufferUsage.COPY_SRC | GPUBufferUsage.MAP_WRITE;
  const x = device.createBuffer({ size: ROWS * 16, usage, mappedAtCreation: true });
  expect(await complaint(() => trainer.step({ ...buffers(0), x }))).toBe(
    'TypeError: step: x is mapped; call its unmap() first',
  );
  x.unmap();
  const pending = x.mapAsync(GPUMapMode.WRITE);
  const encoder = device.createCommandEncoder();
  expect(await complaint(() => trainer.encode(encoder, { ...buffers(0), x }))).toBe(
    'TypeError: encode: x is mapped; call its unmap() first',
  );
  await pending;
  x.unmap();
  expect(trainer.step({ ...buffers(0), x })).toBe(0);
  expect((await trainer.metrics()).steps).toHaveLength(1);
});
