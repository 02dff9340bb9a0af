import { expect, test } from 'vitest';
import {
  binaryCrossEntropy,
  createReferenceEngine,
  createTrainer,
  type DatasetOptions,
  dataset,
  dense,
  type Loss,
  meanSquaredError,
  sequential,
  sgd,
  softmaxCrossEntropy,
} from '../../src/index.js';

const X = Float32Array.from({ length: 12 }, (_, i) => Math.sin(i));

/** Returns the weights after two epochs, chosen by the same data. */
async function train(loss: Loss, units: number, options: Pick<DatasetOptions, 'y' | 'labels'>) {
  using trainer = await createTrainer(createReferenceEngine(), sequential([dense(units)]), {
    input: [3],
    batchSize: 3,
    loss,
    optimizer: sgd({ learningRate: 0.1 }),
  });
  const data = dataset({ x: X, features: 3, ...options });
  await trainer.fit(data, { epochs: 2, validation: data, earlyStopping: { patience: 2 } });
  return { weights: await trainer.weights(), evaluation: await trainer.evaluate(data) };
}

test.each<[string, Loss, number, Pick<DatasetOptions, 'y' | 'labels'>[]]>([
  [
    'a loss of classes reads whole numbers as class indices',
    softmaxCrossEntropy(),
    3,
    [
      { y: Uint32Array.of(0, 2, 1, 2) },
      { y: [0, 2, 1, 2] },
      { y: Float32Array.of(0, 2, 1, 2) },
      { y: Float64Array.of(0, 2, 1, 2) },
      { y: Int32Array.of(0, 2, 1, 2) },
      { y: BigInt64Array.of(0n, 2n, 1n, 2n) },
      { y: [[0], [2], [1], [2]] },
      { labels: ['ant', 'cat', 'bee', 'cat'] },
      { labels: [7, 30, 9, 30] },
    ],
  ],
  [
    'a loss of numbers reads integers as numbers',
    meanSquaredError(),
    1,
    [{ y: Float32Array.of(3, 500, 7, 9) }, { y: [3, 500, 7, 9] }, { y: Uint32Array.of(3, 500, 7, 9) }],
  ],
  [
    'two names are 0 and 1',
    binaryCrossEntropy(),
    1,
    [{ y: Float32Array.of(0, 1, 1, 0) }, { y: Uint8Array.of(0, 1, 1, 0) }, { labels: ['no', 'yes', 'yes', 'no'] }],
  ],
])('%s', async (_, loss, units, kinds) => {
  const [first, ...others] = await Promise.all(kinds.map((kind) => train(loss, units, kind)));
  for (const other of others) expect(other).toEqual(first);
});
