import { expect, test } from 'vitest';
import { createEngine, dense, relu, sequential } from '../../src/index.js';
import { type Configuration, choice, search } from '../../src/tune.js';
import { complaint } from '../train/complaint.js';
import { countingDevice } from '../train/counting-device.js';
import { all, bytesFor, DATA, FOUR, OTHER, smallPopulation, smallTwin } from '../train/small-population.js';
import { drain, found, small, smallModel } from '../tune/small-search.js';

const LOST = /^EngineError of kind lost: engine: the GPU device was lost/;

test('a population whose device is lost in the middle of a fit says so', async () => {
  const { device, uncaught } = await countingDevice();
  const engine = await createEngine({ device });
  const population = await smallPopulation(engine);
  const run = async () => {
    for await (const _ of population.fit(DATA, { epochs: 50, validation: OTHER })) device.destroy();
  };
  expect(await complaint(run)).toMatch(LOST);
  for (const call of [
    () => population.select([0]),
    () => population.extend([{ from: 0 }]),
    () => population.evaluate(DATA),
    () => population.weights(3),
    () => population.save(0),
    () => all(population.fit(DATA, { epochs: 1 })),
  ]) {
    expect(await complaint(call)).toMatch(LOST);
  }
  population.dispose();
  expect(uncaught).toEqual([]);
});

// Milliseconds after a report at which the device is lost; undefined: before the search goes on.
test.each([
  ['side by side', 9, {}, [undefined, 0, 20]],
  ['taking turns', 2, {}, [0]],
  ['with folds', 9, { folds: 2 }, [3]],
  ['with patience', 9, { patience: 1 }, [20]],
])(
  'a search whose device is lost goes on from its last save on a new engine, bit for bit, %s',
  async (_, atOnce, more, moments) => {
    using engine = await createEngine();
    const options = small({ ...more, memory: await bytesFor(engine, atOnce) });
    const whole = search(engine, smallModel(), options);
    await drain(whole);
    for (const milliseconds of moments) {
      const { device, uncaught } = await countingDevice();
      const first = search(await createEngine({ device }), smallModel(), options);
      let bytes: Uint8Array | undefined;
      const run = async () => {
        for await (const _ of first) {
          bytes ??= await first.save();
          if (milliseconds === undefined) device.destroy();
          else setTimeout(() => device.destroy(), milliseconds);
        }
      };
      const message = await complaint(run);
      if (!first.result.complete) expect(message).toMatch(LOST);
      else await device.lost;
      if (!first.result.complete) expect(await complaint(() => first.save())).toMatch(LOST);
      first.dispose();
      const resumed = search(engine, smallModel(), { ...options, ...(bytes && { resume: bytes }) });
      await drain(resumed);
      expect(found(resumed).trials).toEqual(found(whole).trials);
      expect(await resumed.bestNetwork()).toEqual(await whole.bestNetwork());
      expect(uncaught).toEqual([]);
    }
  },
);

test('a population and a search give back every buffer, whenever they end', async () => {
  const { device, live, uncaught } = await countingDevice();
  const engine = await createEngine({ device });
  const before = live.size;
  for (const options of [{}, { capacity: 6 }, { order: 'own' as const }]) {
    const population = await smallPopulation(engine, options);
    await all(population.fit(DATA, { epochs: 2, validation: OTHER, earlyStopping: { patience: 1 } }));
    await all(population.fit(DATA, { epochs: 1, weights: new Float32Array(DATA.examples).fill(2) }));
    await population.extend(FOUR.map((_, from) => ({ from })));
    await population.evaluate(OTHER, { weights: new Float32Array(OTHER.examples).fill(1) });
    await population.select([1]);
    population.dispose();
    expect(live.size).toBe(before);
  }
  const make = ({ hidden }: Configuration) => sequential([dense(Number(hidden)), relu(), dense(3)]);
  const widths = [2, 3, 4, 5, 6, 7, 8];
  const space = { hidden: choice(widths), learningRate: 0.1 };
  const most: number[] = [];
  for (let turn = 0; turn < 3; turn++) {
    const run = search(engine, make, small({ space, population: 8 }));
    let largest = 0;
    for await (const _ of run) {
      largest = Math.max(largest, live.size);
      if (turn === 1) break;
    }
    most.push(largest);
    if (turn === 1) run.dispose();
    expect(live.size).toBe(before);
  }
  expect(most[2]).toBe(most[0]);
  expect(uncaught).toEqual([]);
});

test('early stopping takes memory for the best states of a trainer once', async () => {
  const { device, live } = await countingDevice();
  const engine = await createEngine({ device });
  using trainer = await smallTwin(engine, {});
  const train = () => all(trainer.fit(DATA, { epochs: 1, validation: OTHER, earlyStopping: { patience: 1 } }));
  await train();
  const first = live.size;
  for (let i = 0; i < 3; i++) await train();
  expect(live.size).toBe(first);
});
