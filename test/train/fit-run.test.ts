import { describe, expect, test } from 'vitest';
import {
  createTrainer,
  dataset,
  dense,
  type FitOptions,
  sequential,
  sgd,
  softmaxCrossEntropy,
} from '../../src/index.js';
import { complaint } from './complaint.js';
import { ENGINES } from './engines.js';
import { all, DATA, FEATURES, OTHER, OVERFLOW, smallPopulation, smallTwin } from './small-population.js';

const withoutTimes = (reports: readonly object[]) =>
  reports.map((report) => ({ ...report, seconds: 0, stepMilliseconds: 0 }));

describe.each(ENGINES)('on %s', (_, engine) => {
  const trainer = () => smallTwin(engine, {});

  test.each(['trainer', 'population'] as const)('awaited, a %s trains as in a loop', async (kind) => {
    const create = () => (kind === 'trainer' ? trainer() : smallPopulation(engine));
    const options = { epochs: 3, validation: OTHER };
    using awaited = await create();
    using looped = await create();
    const history = await awaited.fit(DATA, options);
    expect(history.map(({ kind, epoch }) => [kind, epoch])).toEqual([1, 2, 3].map((epoch) => ['epoch', epoch]));
    expect(withoutTimes(history)).toEqual(withoutTimes(await all<object>(looped.fit(DATA, options))));
    expect(await awaited.weights(0)).toEqual(await looped.weights(0));
    const steps = await awaited.fit(DATA, { epochs: 1, steps: true });
    expect(steps.map((each) => each.kind)).toEqual(['step', 'step', 'step', 'epoch']);
  });

  test('it begins when it is used, once', async () => {
    using fitting = await trainer();
    const fit = fitting.fit(DATA, { epochs: 2 });
    await new Promise((done) => setTimeout(done));
    expect(fitting.stepsTaken).toBe(0);
    const [first, second] = await Promise.all([fit, fit.finally(() => {})]);
    expect(first).toBe(second);
    expect(await fit).toBe(first);
    expect(fitting.stepsTaken).toBe(6);
  });

  test('it is awaited or iterated over, not both', async () => {
    using fitting = await trainer();
    const awaited = fitting.fit(DATA, { epochs: 1 });
    await awaited;
    expect(await complaint(() => all(awaited))).toBe(
      'TypeError: fit: it was awaited, which gives all its reports; call fit again to go on',
    );
    const looped = fitting.fit(DATA, { epochs: 1 });
    for await (const _ of looped) break;
    expect(await complaint(async () => looped)).toBe(
      'TypeError: fit: a loop takes its reports; await another call of fit, or collect them there',
    );
    await fitting.fit(DATA, { epochs: 1 });
    expect(fitting.stepsTaken).toBe(9);
  });

  test('awaited, it rejects as a loop throws', async () => {
    using fitting = await trainer();
    const fit = fitting.fit(DATA, { epochs: 1, signal: AbortSignal.abort() });
    const error = await fit.catch((caught) => caught);
    expect(error).toMatchObject({ kind: 'aborted' });
    expect(await complaint(async () => fit)).toMatch(/^EngineError of kind aborted/);
  });

  describe('however early stopping ends, the best weights are back', () => {
    /** Members of which epoch 1 is the best, since the rate grows a thousandfold then. */
    const options = (more: Partial<FitOptions> = {}): FitOptions => ({
      epochs: 9,
      validation: DATA,
      earlyStopping: { patience: 20 },
      schedule: (step) => ({ learningRate: step < 3 ? 0.01 : 20 }),
      ...more,
    });
    const best = async () => {
      using once = await trainer();
      await once.fit(DATA, { epochs: 1, schedule: () => ({ learningRate: 0.01 }) });
      return await once.weights();
    };

    test('left after an epoch, or within one', async () => {
      for (const kind of ['epoch', 'step'] as const) {
        using fitting = await trainer();
        for await (const report of fitting.fit(DATA, { ...options(), steps: true })) {
          if (report.kind === kind && report.epoch === 3) break;
        }
        expect(await fitting.weights()).toEqual(await best());
        await fitting.fit(DATA, { epochs: 1 });
      }
    });

    test('aborted', async () => {
      using fitting = await trainer();
      const controller = new AbortController();
      const run = async () => {
        for await (const { epoch } of fitting.fit(DATA, options({ signal: controller.signal }))) {
          if (epoch === 3) controller.abort();
        }
      };
      expect(await complaint(run)).toMatch(/^EngineError of kind aborted/);
      expect(await fitting.weights()).toEqual(await best());
    });

    test('diverged', async () => {
      using fitting = await trainer();
      const schedule = (step: number) => ({ learningRate: step < 3 ? 0.01 : step < 8 ? 20 : OVERFLOW });
      expect(await complaint(async () => fitting.fit(DATA, options({ schedule })))).toMatch(
        /^EngineError of kind diverged/,
      );
      expect(await fitting.weights()).toEqual(await best());
    });

    test('in a population', async () => {
      using population = await smallPopulation(engine, { members: [{}, { seed: 3 }] });
      for await (const { epoch } of population.fit(DATA, options())) if (epoch === 3) break;
      expect(await population.weights(0)).toEqual(await best());
    });

    test('those before the first epoch, if no epoch was better', async () => {
      using fitting = await trainer();
      const start = await fitting.weights();
      const useless = options({ schedule: () => ({ learningRate: 20 }) });
      for await (const _ of fitting.fit(DATA, { ...useless, steps: true })) break; // after a step

      expect(await fitting.weights()).not.toEqual(start);
      await fitting.setWeights(start);
      const history = await fitting.fit(DATA, { ...useless, earlyStopping: { patience: 2 } });
      expect(history.length).toBeGreaterThanOrEqual(3); // patience counts from the first epoch
      expect(await fitting.weights()).toEqual(start);
      using population = await smallPopulation(engine, { members: [{}, { seed: 3 }] });
      const untrained = await population.weights(1);
      const schedule = (step: number, member: number) => ({ learningRate: step >= 3 || member === 1 ? 20 : 0.01 });
      await population.fit(DATA, options({ epochs: 3, schedule }));
      expect([await population.weights(0), await population.weights(1)]).toEqual([await best(), untrained]);
    });

    test('a trainer that is disposed in the loop can be left', async () => {
      const fitting = await trainer();
      for await (const _ of fitting.fit(DATA, options())) {
        fitting.dispose();
        break;
      }
    });
  });

  test('a batch larger than the data is the data', async () => {
    const few = dataset({ x: DATA.x.slice(0, 3 * FEATURES), y: DATA.y.slice(0, 3), features: FEATURES, classes: 3 });
    const train = async (batchSize: number) => {
      using fitting = await createTrainer(engine, sequential([dense(3)]), {
        input: [FEATURES],
        batchSize,
        loss: softmaxCrossEntropy(),
        optimizer: sgd({ learningRate: 0.1 }),
      });
      const history = await fitting.fit(few, { epochs: 2, validation: few });
      return { history: withoutTimes(history), weights: await fitting.weights() };
    };
    const whole = await train(3);
    expect(await train(4)).toEqual(whole);
    expect(await train(100)).toEqual(whole);
  });
});
