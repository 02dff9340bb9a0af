import { describe, expect, test } from 'vitest';
import { dataset } from '../../src/index.js';
import { ENGINES } from './engines.js';
import { all, DATA, FEATURES, OTHER, smallTwin } from './small-population.js';

const numbers = (count: number, seed: number) => Float32Array.from({ length: count }, (_, i) => Math.sin(seed + i * i));
const labels = (count: number) => Uint32Array.from({ length: count }, (_, i) => i % 3);
const dataOf = (rows: number, seed: number) =>
  dataset({ x: numbers(rows * FEATURES, seed), y: labels(rows), features: FEATURES, classes: 3 });
const batch = (seed: number) => ({ x: numbers(4 * FEATURES, seed), y: labels(4) });

describe.each(ENGINES)('on %s', (_, engine) => {
  const create = () => smallTwin(engine, {});

  test('predictions and evaluations at the same time do not disturb each other', async () => {
    const trainer = await create();
    const sets = [1, 9, 30].map((rows) => dataOf(rows, rows));
    const calls = [
      ...sets.map((set) => () => trainer.evaluate(set)),
      ...sets.map((set) => () => trainer.predict(set.x as Float32Array)),
      () => trainer.weights(),
      () => trainer.save(),
    ];
    const together = await Promise.all([...calls, ...calls].map((call) => call()));
    for (const [i, call] of calls.entries()) {
      expect(together[i]).toEqual(await call());
      expect(together[i + calls.length]).toEqual(together[i]);
    }
  });

  test('steps, predictions and evaluations in any order leave the training as it is', async () => {
    const [mixed, plain] = [await create(), await create()];
    const waiting: Promise<unknown>[] = [];
    for (let step = 0; step < 12; step++) {
      for (const each of [mixed, plain]) each.step(batch(step));
      waiting.push(mixed.predict(numbers(9 * FEATURES, step)), mixed.evaluate(dataOf(7, step)), mixed.metrics());
      if (step % 3 === 0) await waiting[step];
    }
    await Promise.all(waiting);
    expect(await mixed.save()).toEqual(await plain.save());
  });

  test('metrics asked for at once tell every step once, in order', async () => {
    const trainer = await create();
    const reads = Array.from({ length: 6 }, (_, i) => {
      for (let step = 0; step < i; step++) trainer.step(batch(step));
      return trainer.metrics();
    });
    const steps = (await Promise.all(reads)).map((read) => read.steps.map(({ step }) => step));
    expect(steps).toEqual([[], [0], [1, 2], [3, 4, 5], [6, 7, 8, 9], [10, 11, 12, 13, 14]]);
  });

  test('two trainers of one engine, made and trained at the same time, are strangers', async () => {
    const alone = await create();
    await all(alone.fit(DATA, { epochs: 2 }));
    const weights = await alone.weights();
    const others = await Promise.all([1, 2, 3].map(create));
    await Promise.all(
      others.map(async (trainer) => {
        await all(trainer.fit(DATA, { epochs: 2, validation: OTHER }));
        expect(await trainer.weights()).toEqual(weights);
      }),
    );
  });
});
