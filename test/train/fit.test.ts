import { describe, expect, test } from 'vitest';
import { dataset, type EpochReport, type Numbers, type StepReport } from '../../src/index.js';
import { complaint } from './complaint.js';
import { ENGINES } from './engines.js';
import { all, BATCH, DATA, EXAMPLES, FEATURES, smallTwin } from './small-population.js';

const { x, y } = DATA;
const isStep = (report: EpochReport | StepReport): report is StepReport => report.kind === 'step';

describe.each(ENGINES)('on %s', (_, engine) => {
  const classifier = () => smallTwin(engine, {});

  test('reports epochs and steps, a short last batch among them', async () => {
    using trainer = await classifier();
    const reports = await all(trainer.fit(DATA, { epochs: 2, validation: DATA, steps: true }));
    const numbers = reports.map((each) =>
      isStep(each) ? [each.epoch, each.stepInEpoch, each.steps, each.step] : [each.epoch, each.steps],
    );
    expect(numbers).toEqual([
      [1, 1, 3, 0],
      [1, 2, 3, 1],
      [1, 3, 3, 2],
      [1, 3],
      [2, 1, 3, 3],
      [2, 2, 3, 4],
      [2, 3, 3, 5],
      [2, 3],
    ]);
    expect(trainer.stepsTaken).toBe(6);
    const last = reports[7] as EpochReport;
    const [a, b, c] = reports.slice(4, 7).filter(isStep);
    expect(last.trainLoss).toBeCloseTo((4 * a.loss + 4 * b.loss + 2 * c.loss) / 10, 12);
    const [first, second, third] = [a, b, c].map(({ accuracy }) => Number(accuracy));
    expect(last.trainAccuracy).toBeCloseTo((4 * first + 4 * second + 2 * third) / 10, 12);
    const evaluation = await trainer.evaluate(DATA);
    expect(last).toMatchObject({
      trainPenalty: evaluation.penalty,
      trainObjective: last.trainLoss + evaluation.penalty,
      validationLoss: evaluation.loss,
      validationPenalty: evaluation.penalty,
      validationAccuracy: evaluation.accuracy,
    });
    expect(last.seconds * 1000).toBeCloseTo(last.stepMilliseconds * 3, 6);
  });

  test('weights come in any array of numbers; one that float32 would lose is refused', async () => {
    const weights = Array.from({ length: EXAMPLES }, (_, i) => i % 3);
    const train = async (given: Numbers) => {
      using trainer = await classifier();
      const options = { epochs: 1, validation: DATA, weights: given, validationWeights: given };
      const [{ validationLoss }] = await trainer.fit(DATA, options);
      expect((await trainer.evaluate(DATA, { weights: given })).loss).toBe(validationLoss);
      return await trainer.weights();
    };
    const expected = await train(Float32Array.from(weights));
    for (const given of [weights, Float64Array.from(weights), BigInt64Array.from(weights, BigInt), [weights]]) {
      expect(await train(given)).toEqual(expected);
    }
    const refused = (weight: unknown) => complaint(() => train(weights.with(4, weight as number)));
    expect(await refused(1e-60)).toMatch(/^RangeError: fit: weights must be 0 or in \[1e-30, 1e\+30\], .* at row 4$/);
    expect(await refused('1')).toBe('RangeError: fit: weights must hold finite numbers >= 0, got NaN at row 4');
  });

  test('names of fewer classes than the model has outputs are refused', async () => {
    using trainer = await classifier();
    const two = dataset({ x, y: y.map(() => 1), features: FEATURES, classNames: ['cat', 'dog'] });
    expect(await complaint(() => trainer.fit(two, { epochs: 1 }))).toBe(
      'RangeError: fit: data names 2 classes, the model has 3 outputs; give it as many, or a name for each',
    );
  });

  test('u8 data are scaled on the way', async () => {
    const bytes = Uint8Array.from({ length: EXAMPLES * FEATURES }, (_, i) => (i * 37) % 256);
    const train = async (x: Uint8Array | Float32Array, scaling: object) => {
      using trainer = await classifier();
      const set = dataset({ x, y, features: FEATURES, ...scaling });
      await all(trainer.fit(set, { epochs: 1 }));
      return { weights: await trainer.weights(), loss: (await trainer.evaluate(set)).loss };
    };
    const scaled = Float32Array.from(bytes, (byte) => Math.fround(Math.fround(byte * 0.5) - 3));
    expect(await train(bytes, { scale: 0.5, offset: -3 })).toEqual(await train(scaled, {}));
  });

  test('more data sets than stay in memory, while one of them is trained on', async () => {
    using trainer = await classifier();
    const sets = Array.from({ length: 7 }, () => dataset({ x, y, features: FEATURES }));
    const losses: number[] = [];
    for await (const report of trainer.fit(DATA, { epochs: 1, steps: true })) {
      if (!isStep(report)) continue;
      losses.push(report.loss);
      const found = await Promise.all(sets.map((set) => trainer.evaluate(set)));
      expect(new Set(found.map(({ loss }) => loss)).size).toBe(1);
    }
    expect(losses).toHaveLength(3);
  });

  test('one fit at a time; the caller may step in between', async () => {
    using trainer = await classifier();
    const steps: number[] = [];
    for await (const report of trainer.fit(DATA, { epochs: 1, steps: true })) {
      if (!isStep(report)) {
        expect(report.steps).toBe(3);
        continue;
      }
      steps.push(report.step);
      expect(await complaint(() => trainer.fit(DATA, { epochs: 1 }).next())).toBe(
        'TypeError: fit: the trainer is in another fit; let it end or leave its loop first',
      );
      if (report.stepInEpoch === 2) trainer.step(BATCH);
    }
    expect(steps).toHaveLength(3);
    expect(trainer.stepsTaken).toBe(4);
  });
});
