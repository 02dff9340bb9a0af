import { describe, expect, test } from 'vitest';
import { ENGINES } from './engines.js';
import { all, DATA, FOUR, OTHER, OVERFLOW, smallPopulation, smallTwin } from './small-population.js';

describe.each(ENGINES)('on %s', (_, engine) => {
  test('a schedule is asked about each member', async () => {
    using population = await smallPopulation(engine);
    const schedule = (step: number, member: number) => ({ learningRate: (step + 1) / 100 + member / 10 });
    await all(population.fit(DATA, { epochs: 1, schedule }));
    for (const [i, member] of FOUR.entries()) {
      using twin = await smallTwin(engine, member);
      await all(twin.fit(DATA, { epochs: 1, schedule: (step) => schedule(step, i) }));
      expect(await population.weights(i)).toEqual(await twin.weights());
    }
  });

  test('an epoch that began before members were copied into larger memory is measured for each', async () => {
    using population = await smallPopulation(engine);
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

  test('a member that diverged stays so when others are added', async () => {
    const members = [{ learningRate: OVERFLOW, momentum: 0 }, { seed: 4 }];
    using population = await smallPopulation(engine, { members });
    await all(population.fit(DATA, { epochs: 1 }));
    const { diverged } = population;
    expect(diverged.map((each) => each !== undefined)).toEqual([true, false]);
    await population.extend([{ from: 1 }, { from: 1, seed: 5 }]);
    expect(population.diverged).toEqual([...diverged, undefined, undefined]);
    await all(population.fit(DATA, { epochs: 1 }));
    expect(population.diverged).toEqual([...diverged, undefined, undefined]);
  });

  test('a member that has stopped early keeps its best weights whatever it becomes later', async () => {
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
    using population = await smallPopulation(engine, { members });
    const reports = await all(population.fit(DATA, options));
    expect(reports.length).toBeGreaterThan(2);
    expect(reports[1].stopped?.[0]).toBe(true);
    using twin = await smallTwin(engine, members[0]);
    await all(twin.fit(DATA, { ...options, schedule: (step) => options.schedule(step, 0) }));
    expect(await population.weights(0)).toEqual(await twin.weights());
  });
});
