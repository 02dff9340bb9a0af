import { beforeAll, describe, expect, test } from 'vitest';
import {
  cosineDecay,
  createTrainer,
  dataset,
  dense,
  dropout,
  type Engine,
  l2,
  relu,
  sequential,
  sgd,
  softmaxCrossEntropy,
} from '../../src/index.js';
import { SeedPopulation } from '../../src/train/seed-population.js';
import { ENGINES } from './engines.js';

const EXAMPLES = 50;
const EPOCHS = 3;
const SEEDS = [7, 0, 123456789n, 7];
const x = Uint8Array.from({ length: EXAMPLES * 9 }, (_, i) => (i * i * 31) % 256);
const data = dataset({ x, y: Uint8Array.from({ length: EXAMPLES }, (_, i) => (i * i) % 3), features: 9 });

const model = () => sequential([dropout(0.2), dense(10), relu(), dropout(0.5), dense(3)]);
const training = () => ({
  input: [9],
  batchSize: 16, // the last batch of an epoch has 2 examples
  loss: softmaxCrossEntropy(),
  regularizer: l2(1e-3),
  optimizer: sgd({ learningRate: cosineDecay(0.1, { steps: 12 }), momentum: 0.9 }),
  shuffleSeed: 5,
});

async function drain(reports: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of reports);
}

describe.each(ENGINES)('on %s', (_, createEngine) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await createEngine();
  });

  test('member i is bit-equal to a trainer with its seed', async () => {
    using population = await SeedPopulation.create(engine, model(), { ...training(), seeds: SEEDS });
    await drain(population.fit(data, 5)); // in the middle of an epoch, from which the next call goes on
    await drain(population.fit(data, EPOCHS * 4 - 5));
    expect([population.steps, population.diverged]).toEqual([12, SEEDS.map(() => undefined)]);
    const evaluations = await population.evaluate(data);
    for (const [member, seed] of SEEDS.entries()) {
      using trainer = await createTrainer(engine, model(), { ...training(), seed });
      await drain(trainer.fit(data, { epochs: EPOCHS }));
      expect(await population.weights(member)).toEqual((await trainer.weights()).map((each) => each.data));
      const { loss, accuracy } = await trainer.evaluate(data);
      expect(evaluations[member]).toEqual({ loss, accuracy });
    }
    expect(await population.weights(1)).not.toEqual(await population.weights(0));
  });

  test('a schedule changes what trainer.set changes', async () => {
    const schedule = (step: number) => ({ momentum: step < 4 ? 0.5 : 0.8 });
    using population = await SeedPopulation.create(engine, model(), { ...training(), seeds: [3, 4], schedule });
    await drain(population.fit(data, 8));
    using trainer = await createTrainer(engine, model(), { ...training(), seed: 4 });
    for (const momentum of [0.5, 0.8]) {
      trainer.set({ momentum });
      await drain(trainer.fit(data, { epochs: 1 }));
    }
    expect(await population.weights(1)).toEqual((await trainer.weights()).map((each) => each.data));
  });

  test('a member that diverges does not touch the others', async () => {
    using population = await SeedPopulation.create(engine, model(), { ...training(), seeds: [1, 2] });
    const [{ tensor }] = population.model.parameters;
    population.executor.write(tensor, new Float32Array(tensor.rows * tensor.cols).fill(Number.NaN), 0);
    await drain(population.fit(data, 4));
    expect(population.diverged).toEqual([{ step: 0, what: 'loss' }, undefined]);
    using trainer = await createTrainer(engine, model(), { ...training(), seed: 2 });
    await drain(trainer.fit(data, { epochs: 1 }));
    expect(await population.weights(1)).toEqual((await trainer.weights()).map((each) => each.data));
  });

  test('divergence is noted by member, and training ends when none is left', async () => {
    const optimizer = sgd({ learningRate: 1e30 });
    using population = await SeedPopulation.create(engine, model(), { ...training(), optimizer, seeds: [1, 2] });
    await drain(population.fit(data, 1000));
    expect(population.steps).toBeLessThan(1000);
    for (const each of population.diverged) {
      expect(each?.step).toBeLessThan(population.steps);
      expect(each?.what).toMatch(/^(loss|dense\d\.[wb](\.\w+)?)$/);
    }
  });

  test('stops at a signal', async () => {
    using population = await SeedPopulation.create(engine, model(), { ...training(), seeds: [1] });
    const stop = new AbortController();
    const reports = population.fit(data, 1000, stop.signal);
    await reports.next();
    stop.abort();
    await expect(reports.next()).rejects.toMatchObject({ kind: 'aborted' });
    await drain(population.fit(data, 1));
    expect(population.steps).toBe(2);
  });
});
