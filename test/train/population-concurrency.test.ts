import { describe, expect, test } from 'vitest';
import type { Population } from '../../src/index.js';
import { complaint } from './complaint.js';
import { ENGINES } from './engines.js';
import { all, BATCH, DATA, EXAMPLES, FOUR, OTHER, smallPopulation, smallTwin } from './small-population.js';

const FIT = 'a fit is under way; let it end or leave its loop first';
const REPLACE = 'members are being replaced; await that first';

describe.each(ENGINES)('on %s', (_, engine) => {
  const open = () => smallPopulation(engine);

  test('whatever is asked at once is answered as if it had been asked in turn', async () => {
    using population = await open();
    await all(population.fit(DATA, { epochs: 1 }));
    const calls: ((of: Population) => Promise<unknown>)[] = [
      (of) => of.evaluate(DATA),
      (of) => of.evaluate(OTHER, { weights: FOUR.map((_, i) => Float32Array.of(1, i, 0, 2, 1)) }),
      (of) => of.predict(BATCH.x),
      ...FOUR.map((_, i) => (of: Population) => of.weights(i)),
      ...FOUR.map((_, i) => (of: Population) => of.save(i)),
    ];
    const together = await Promise.all([...calls, ...calls].map((call) => call(population)));
    for (const [i, call] of calls.entries()) {
      const alone = await call(population);
      expect([together[i], together[i + calls.length]]).toEqual([alone, alone]);
    }
  });

  test('what is under way is done before members are replaced, or a fit begins', async () => {
    using population = await open();
    using other = await open();
    const evaluation = population.evaluate(DATA);
    const selection = population.select([2, 0]);
    expect((await Promise.all([evaluation, selection]))[0]).toEqual(await other.evaluate(DATA));
    const again = population.evaluate(OTHER);
    const fit = all(population.fit(DATA, { epochs: 1 }));
    await other.select([2, 0]);
    expect(await again).toEqual(await other.evaluate(OTHER));
    await fit;
    await all(other.fit(DATA, { epochs: 1 }));
    for (const i of [0, 1]) expect(await population.weights(i)).toEqual(await other.weights(i));
  });

  test('while a fit or a replacement is under way nothing else begins', async () => {
    using population = await open();
    const second = population.fit(DATA, { epochs: 1 });
    const calls = (why: string): [run: () => unknown, message: string][] => [
      [() => population.step(BATCH), `TypeError: step: ${why}`],
      [() => population.metrics(), `TypeError: metrics: ${why}`],
      [() => population.evaluate(DATA), `TypeError: evaluate: ${why}`],
      [() => population.predict(BATCH.x), `TypeError: predict: ${why}`],
      [() => population.weights(0), `TypeError: weights: ${why}`],
      [() => population.save(0), `TypeError: save: ${why}`],
      [() => population.select([0]), `TypeError: select: ${why}`],
      [() => population.extend([{ from: 0 }]), `TypeError: extend: ${why}`],
      [() => population.replace([{ from: 0 }]), `TypeError: replace: ${why}`],
      [() => population.fit(DATA, { epochs: 1 }), `TypeError: fit: ${why}`],
    ];
    for await (const _ of population.fit(DATA, { epochs: 1 })) {
      for (const [run, message] of calls(FIT)) expect(await complaint(run)).toBe(message);
      expect(await complaint(() => all(second))).toBe(`TypeError: fit: ${FIT}`);
    }
    const extension = population.extend([{ from: 3 }]);
    for (const [run, message] of calls(REPLACE)) expect(await complaint(run)).toBe(message);
    expect(await complaint(() => population.set(0, { l2: 0 }))).toBe(`TypeError: set: ${REPLACE}`);
    await extension;
    await all(population.fit(DATA, { epochs: 1 }));
    using twin = await smallTwin(engine, FOUR[3]);
    await all(twin.fit(DATA, { epochs: 2 }));
    expect(await population.weights(4)).toEqual(await twin.weights());
  });

  test('a fit whose members have changed since it was asked for says so', async () => {
    using population = await open();
    const weights = FOUR.map((_, i) => new Float32Array(EXAMPLES).fill(i + 1));
    const fit = population.fit(DATA, { epochs: 1, weights });
    await population.select([1, 3]);
    expect(await complaint(() => all(fit))).toBe(
      'RangeError: fit: weights must be one list for all members, or one list for each of the 2, got 4',
    );
    expect(population.stepsTaken).toBe(0);
  });

  test('hyper-parameters set at any moment hold from then on', async () => {
    using population = await open();
    let fitting = true;
    let value = 0;
    const turn = () => new Promise<void>((resolve) => setTimeout(resolve));
    const setting = (async () => {
      while (fitting) {
        value++;
        for (const i of FOUR.keys()) population.set(i, { l2: value / 1000 });
        for (const i of FOUR.keys()) expect(population.hyperParameters(i)['dense0.l2']).toBe(value / 1000);
        await (value % 3 === 0 ? turn() : Promise.resolve());
      }
    })();
    await all(population.fit(DATA, { epochs: 3, validation: OTHER }));
    fitting = false;
    await setting;
    for (const i of FOUR.keys()) expect(population.hyperParameters(i)['dense0.l2']).toBe(value / 1000);
  });

  test('a loop that is left, or thrown out of, leaves a population that goes on', async () => {
    using population = await open();
    for await (const _ of population.fit(DATA, { epochs: 5 })) break;
    const thrown = async () => {
      for await (const _ of population.fit(DATA, { epochs: 5 })) throw new RangeError('mine');
    };
    expect(await complaint(thrown)).toBe('RangeError: mine');
    const [report] = await all(population.fit(DATA, { epochs: 1 }));
    expect([report.epoch, population.stepsTaken]).toEqual([3, 9]);
    for (const [i, member] of FOUR.entries()) {
      using twin = await smallTwin(engine, member);
      await all(twin.fit(DATA, { epochs: 3 }));
      expect(await population.weights(i)).toEqual(await twin.weights());
    }
  });

  test('what is disposed while it works says so', async () => {
    const calls: ((of: Population) => Promise<unknown>)[] = [
      (of) => of.evaluate(DATA),
      (of) => of.predict(BATCH.x),
      (of) => of.weights(3),
      (of) => of.save(0),
      (of) => of.select([1]),
      (of) => of.extend([{ from: 0 }]),
      (of) => all(of.fit(DATA, { epochs: 2, validation: OTHER, earlyStopping: { patience: 1 } })),
    ];
    for (const call of calls) {
      for (const turns of [0, 1, 9]) {
        const population = await open();
        const ended = complaint(() => call(population));
        for (let i = 0; i < turns; i++) await Promise.resolve();
        population.dispose();
        expect(await ended).toMatch(
          /^(nothing|EngineError of kind disposed: trainer: it was disposed; create a new one)$/,
        );
      }
    }
  });

  test('a step while a fit with weights begins is a step without weights', async () => {
    const weights = Float32Array.from({ length: EXAMPLES }, (_, i) => i % 3);
    const turn = () => new Promise<void>((resolve) => setTimeout(resolve));
    for (let turns = 0; turns < 16; turns++) {
      using trainer = await smallTwin(engine, {});
      using twin = await smallTwin(engine, {});
      const fit = trainer.fit(DATA, { epochs: 1, weights, maxSteps: 1 });
      const first = fit.next();
      for (let i = 0; i < turns; i++) await (i % 4 === 3 ? turn() : Promise.resolve());
      let at: number | undefined;
      const said = await complaint(() => {
        at = trainer.step(BATCH);
      });
      await first;
      await all(fit);
      if (at === undefined) {
        expect(said).toBe('TypeError: step: a fit with weights is under way; let it end or leave its loop first');
      }
      if (at === 0) twin.step(BATCH);
      await all(twin.fit(DATA, { epochs: 1, weights, maxSteps: 1 }));
      if (at === 1) twin.step(BATCH);
      for (const each of [trainer, twin]) each.step(BATCH);
      const [{ steps }, { steps: wanted }] = [await trainer.metrics(), await twin.metrics()];
      expect(steps.at(-1)).toEqual(wanted.at(-1));
      expect(await trainer.weights()).toEqual(await twin.weights());
    }
  });
});
