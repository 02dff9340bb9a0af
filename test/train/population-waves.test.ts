import { beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../src/index.js';
import { complaint } from './complaint.js';
import { ENGINES } from './engines.js';
import { all, bytesFor, DATA, FOUR, OTHER, OVERFLOW, smallPopulation, smallTwin } from './small-population.js';

describe.each(ENGINES)('on %s', (_, createEngine) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await createEngine();
  });

  test('more networks than the host may keep waiting are refused, with numbers', async () => {
    const memory = await bytesFor(engine, 1);
    const members = Array.from({ length: 5000 }, () => ({}));
    const state = 2 * 4 * (3 * 5 + 5 + 5 * 3 + 3); // parameters and velocities
    const refusal = (where: string, count: number) =>
      `EngineError of kind memory: ${where}: ${count} networks, of which 1 fit side by side, take turns, and wait in ` +
      `${count * state} bytes of the host's memory; allowed are ${8 * memory}, 8 times memory: use fewer networks, or set memory higher`;
    const most = Math.floor((8 * memory) / state);
    expect(await complaint(() => smallPopulation(engine, { memory, members }))).toBe(refusal('createPopulation', 5000));
    using population = await smallPopulation(engine, { memory });
    const copies = Array.from({ length: most }, () => ({ from: 0 }));
    expect(await complaint(() => population.extend(copies))).toBe(refusal('extend', most + 4));
    expect(population.size).toBe(4);
  });

  test.each([1, 2, 3])('a schedule is asked about members of the population, %i at once', async (atOnce) => {
    using population = await smallPopulation(engine, { memory: await bytesFor(engine, atOnce) });
    const schedule = (step: number, member: number) => ({ learningRate: (step + 1) / 100 + member / 10 });
    await all(population.fit(DATA, { epochs: 1, schedule }));
    for (const [i, member] of FOUR.entries()) {
      using twin = await smallTwin(engine, member);
      await all(twin.fit(DATA, { epochs: 1, schedule: (step) => schedule(step, i) }));
      expect(await population.weights(i)).toEqual(await twin.weights());
    }
  });

  test.each([
    ['into new memory', 9, undefined],
    ['in waves of 1', 1, undefined],
    ['in waves of 2', 2, undefined],
    ['in waves of 3', 3, undefined],
  ])('an epoch that began before members were rearranged is measured for each, %s', async (_, atOnce) => {
    using population = await smallPopulation(engine, { memory: await bytesFor(engine, atOnce) });
    await all(population.fit(DATA, { epochs: 1, maxSteps: 2 }));
    const from = [3, 3, 1, 0, 2, 1];
    await population.replace(from.map((each) => ({ from: each })));
    const [report] = await all(population.fit(DATA, { epochs: 1, validation: OTHER }));
    for (const [i, member] of from.entries()) {
      using twin = await smallTwin(engine, FOUR[member]);
      await all(twin.fit(DATA, { epochs: 1, maxSteps: 2 }));
      const [alone] = await all(twin.fit(DATA, { epochs: 1, validation: OTHER }));
      expect([report.trainLoss[i], report.validationLoss?.[i], report.steps]).toEqual([
        alone.trainLoss,
        alone.validationLoss,
        alone.steps,
      ]);
      expect(await population.weights(i)).toEqual(await twin.weights());
    }
  });

  test.each([1, 2, 3])(
    'members rearranged while waves stand at different steps stay where they are, %i at once',
    async (atOnce) => {
      const from = [3, 0, 2, 0, 1];
      for (let looks = 1; looks < 30; looks += 2) {
        using population = await smallPopulation(engine, { memory: await bytesFor(engine, atOnce) });
        let left = looks;
        const signal = Object.create(null, { aborted: { get: () => left-- <= 0 }, reason: { value: 'enough' } });
        if ((await complaint(() => all(population.fit(DATA, { epochs: 1, signal })))) === 'nothing') break;
        await population.replace(from.map((each) => ({ from: each })));
        const [report] = await all(population.fit(DATA, { epochs: 1 }));
        expect(population.stepsTaken).toBe(3);
        for (const [i, member] of from.entries()) {
          using twin = await smallTwin(engine, FOUR[member]);
          const [alone] = await all(twin.fit(DATA, { epochs: 1 }));
          expect(await population.weights(i)).toEqual(await twin.weights());
          expect(report.trainLoss[i]).toBe(alone.trainLoss);
        }
      }
    },
  );

  test.each([1, 2, 9])('a member that diverged stays so when others are added, %i at once', async (atOnce) => {
    const members = [{ learningRate: OVERFLOW, momentum: 0 }, { seed: 4 }];
    using population = await smallPopulation(engine, { members, memory: await bytesFor(engine, atOnce) });
    await all(population.fit(DATA, { epochs: 1 }));
    const { diverged } = population;
    expect(diverged.map((each) => each !== undefined)).toEqual([true, false]);
    await population.extend([{ from: 1 }, { from: 1, seed: 5 }]);
    expect(population.diverged).toEqual([...diverged, undefined, undefined]);
    await all(population.fit(DATA, { epochs: 1 }));
    expect(population.diverged).toEqual([...diverged, undefined, undefined]);
  });

  test.each([1, 2, 9])(
    'a member that has stopped early keeps its best weights whatever it becomes later, %i at once',
    async (atOnce) => {
      // Its rate rises after it has stopped, while the other one goes on.
      const members = [
        { seed: 1, learningRate: 0 },
        { seed: 2, learningRate: 0.01 },
      ];
      const options = {
        epochs: 6,
        validation: DATA,
        earlyStopping: { patience: 1, minDelta: 0 },
        schedule: (step: number, member: number) => (member === 0 && step >= 6 ? { learningRate: OVERFLOW } : {}),
      };
      using population = await smallPopulation(engine, { members, memory: await bytesFor(engine, atOnce) });
      const reports = await all(population.fit(DATA, options));
      expect(reports.length).toBeGreaterThan(2);
      expect(reports[1].stopped?.[0]).toBe(true);
      using twin = await smallTwin(engine, members[0]);
      await all(twin.fit(DATA, { ...options, schedule: (step) => options.schedule(step, 0) }));
      expect(await population.weights(0)).toEqual(await twin.weights());
    },
  );
});
