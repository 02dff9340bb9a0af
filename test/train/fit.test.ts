import { beforeAll, describe, expect, test } from 'vitest';
import {
  createTrainer,
  dataset,
  dense,
  type Engine,
  type EpochReport,
  l2,
  meanSquaredError,
  type StepReport,
  sequential,
  sgd,
  softmaxCrossEntropy,
} from '../../src/index.js';
import { permutation } from '../../src/random/permutation.js';
import { seedKey } from '../../src/random/seed.js';
import { complaint } from './complaint.js';
import { ENGINES } from './engines.js';

const EXAMPLES = 10;
const x = Float32Array.from({ length: EXAMPLES * 3 }, (_, i) => Math.sin(i * i));
const data = dataset({ x, y: Uint32Array.from({ length: EXAMPLES }, (_, i) => i % 2), features: 3 });
const isStep = (report: EpochReport | StepReport): report is StepReport => report.kind === 'step';

describe.each(ENGINES)('on %s', (_, createEngine) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await createEngine();
  });
  const classifier = () =>
    createTrainer(engine, sequential([dense(2)]), {
      input: [3],
      batchSize: 4,
      loss: softmaxCrossEntropy(),
      optimizer: sgd(),
      regularizer: l2(0.1),
    });
  /** A trainer that learns nothing and whose loss at example i is i². */
  const counter = async (batchSize: number, shuffleSeed: number) => {
    const trainer = await createTrainer(engine, sequential([dense(1)]), {
      input: [1],
      batchSize,
      loss: meanSquaredError(),
      optimizer: sgd(),
      shuffleSeed,
    });
    trainer.set({ learningRate: 0 });
    return trainer;
  };
  const counted = dataset({
    x: new Float32Array(EXAMPLES),
    y: Float32Array.from({ length: EXAMPLES }, (_, i) => i),
    features: 1,
  });

  test('reports epochs and steps, a short last batch among them', async () => {
    using trainer = await classifier();
    const reports: (EpochReport | StepReport)[] = [];
    for await (const report of trainer.fit(data, { epochs: 2, validation: data, steps: true })) reports.push(report);
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
    expect(last.trainAccuracy).toBeCloseTo(
      (4 * Number(a.accuracy) + 4 * Number(b.accuracy) + 2 * Number(c.accuracy)) / 10,
      12,
    );
    const evaluation = await trainer.evaluate(data);
    expect(last).toMatchObject({
      trainPenalty: evaluation.penalty,
      trainObjective: last.trainLoss + evaluation.penalty,
      validationLoss: evaluation.loss,
      validationPenalty: evaluation.penalty,
      validationAccuracy: evaluation.accuracy,
    });
    expect(last.seconds * 1000).toBeCloseTo(last.stepMilliseconds * 3, 6);
  });

  test('reports epochs alone, and no accuracy where there is no such thing', async () => {
    using trainer = await counter(4, 0);
    const kinds: string[] = [];
    for await (const { kind, ...report } of trainer.fit(counted, { epochs: 2 })) {
      kinds.push(kind);
      expect(Object.keys(report).filter((key) => /accuracy|validation/i.test(key))).toEqual([]);
      expect(report.trainLoss).toBeCloseTo(28.5, 4); // the mean of i², 0 to 9
    }
    expect(kinds).toEqual(['epoch', 'epoch']);
  });

  test.each([1, 3])(
    'every epoch reads every example once, in the order of its permutation, batches of %i',
    async (batch) => {
      using trainer = await counter(batch, 7);
      const losses: number[] = [];
      for await (const report of trainer.fit(counted, { epochs: 2, steps: true })) {
        if (!isStep(report)) continue;
        losses.push(report.loss);
        // An evaluation of the same data must not disturb the order.
        if (report.step === 1) expect((await trainer.evaluate(counted)).loss).toBeCloseTo(28.5, 4);
      }
      const expected = [0, 1].flatMap((epoch) => {
        const order = [...permutation(EXAMPLES, seedKey('test', 'seed', 7), epoch)];
        const batches = Array.from({ length: Math.ceil(EXAMPLES / batch) }, (_, i) =>
          order.slice(i * batch, (i + 1) * batch),
        );
        return batches.map((rows) => rows.reduce((sum, row) => sum + row * row, 0) / rows.length);
      });
      expect(losses).toHaveLength(expected.length);
      for (const [i, loss] of losses.entries()) expect(loss).toBeCloseTo(expected[i], 4);
    },
  );

  test('shuffle: false keeps the order, also after an epoch that was shuffled', async () => {
    using trainer = await counter(1, 7);
    for await (const _ of trainer.fit(counted, { epochs: 1 }));
    const losses: number[] = [];
    for await (const report of trainer.fit(counted, { epochs: 1, shuffle: false, steps: true })) {
      if (isStep(report)) losses.push(Math.round(report.loss));
    }
    expect(losses).toEqual([0, 1, 4, 9, 16, 25, 36, 49, 64, 81]);
  });

  test('u8 data are scaled on the way', async () => {
    const bytes = Uint8Array.from({ length: EXAMPLES * 3 }, (_, i) => (i * 37) % 256);
    const y = data.y;
    const train = async (x: Uint8Array | Float32Array, scaling: object) => {
      using trainer = await classifier();
      const set = dataset({ x, y, features: 3, ...scaling });
      for await (const _ of trainer.fit(set, { epochs: 1 }));
      return { weights: await trainer.weights(), loss: (await trainer.evaluate(set)).loss };
    };
    const scaled = Float32Array.from(bytes, (byte) => Math.fround(Math.fround(byte * 0.5) - 3));
    expect(await train(bytes, { scale: 0.5, offset: -3 })).toEqual(await train(scaled, {}));
  });

  test('more data sets than stay in memory, while one of them is trained on', async () => {
    using trainer = await classifier();
    const sets = Array.from({ length: 7 }, () => dataset({ x, y: data.y, features: 3 }));
    const losses: number[] = [];
    for await (const report of trainer.fit(data, { epochs: 1, steps: true })) {
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
    for await (const report of trainer.fit(data, { epochs: 1, steps: true })) {
      if (!isStep(report)) {
        expect(report.steps).toBe(3);
        continue;
      }
      steps.push(report.step);
      expect(await complaint(() => trainer.fit(data, { epochs: 1 }).next())).toBe(
        'TypeError: fit: the trainer is in another fit; let it end or leave its loop first',
      );
      if (report.stepInEpoch === 2) trainer.step({ x: x.subarray(0, 3), y: Uint32Array.of(1) });
    }
    expect(steps).toHaveLength(3);
    expect(trainer.stepsTaken).toBe(4);
  });
});
