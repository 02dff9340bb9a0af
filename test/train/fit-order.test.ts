import { describe, expect, test } from 'vitest';
import { createTrainer, dataset, dense, meanSquaredError, sequential, sgd } from '../../src/index.js';
import { permutation } from '../../src/random/permutation.js';
import { seedKey } from '../../src/random/seed.js';
import { ENGINES } from './engines.js';

const EXAMPLES = 10;

describe.each(ENGINES)('on %s', (_, engine) => {
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
        if (report.kind !== 'step') continue;
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
      if (report.kind === 'step') losses.push(Math.round(report.loss));
    }
    expect(losses).toEqual([0, 1, 4, 9, 16, 25, 36, 49, 64, 81]);
  });
});
