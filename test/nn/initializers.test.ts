import { expect, test } from 'vitest';
import {
  createReferenceEngine,
  createTrainer,
  dense,
  glorot,
  he,
  lecun,
  meanSquaredError,
  relu,
  sequential,
  sgd,
} from '../../src/index.js';
import { seedKey } from '../../src/random/seed.js';

const [FAN_IN, FAN_OUT] = [200, 100];
const N = FAN_IN * FAN_OUT;

test.each([
  ['he', he, 2 / FAN_IN],
  ['glorot', glorot, 2 / (FAN_IN + FAN_OUT)],
  ['lecun', lecun, 1 / FAN_IN],
] as const)('%s has its variance, uniform and normal', (_, make, variance) => {
  for (const distribution of ['uniform', 'normal'] as const) {
    const key = seedKey('test', 'seed', 3);
    const weights = make({ distribution }).fill(new Float32Array(N), FAN_IN, FAN_OUT, key, 0);
    const mean = weights.reduce((sum, w) => sum + w, 0) / N;
    const found = weights.reduce((sum, w) => sum + (w - mean) ** 2, 0) / N;
    // Five standard errors: of the mean sqrt(v / n); of the variance v · sqrt((kurtosis - 1) / n), kurtosis 9/5 and 3.
    expect(Math.abs(mean)).toBeLessThan(5 * Math.sqrt(variance / N));
    const kurtosis = distribution === 'uniform' ? 9 / 5 : 3;
    expect(Math.abs(found - variance)).toBeLessThan(5 * variance * Math.sqrt((kurtosis - 1) / N));
    if (distribution === 'uniform') {
      expect(weights.every((w) => Math.abs(w) <= Math.fround(Math.sqrt(3 * variance)))).toBe(true);
    }
  }
});

async function initial(seed: number | bigint) {
  const model = sequential([dense(6, { initializer: glorot() }), relu(), dense(3)]);
  using trainer = await createTrainer(createReferenceEngine(), model, {
    input: [4],
    batchSize: 2,
    loss: meanSquaredError(),
    optimizer: sgd(),
    seed,
  });
  return await trainer.weights();
}

test('the seed decides the initial weights, every layer draws its own, biases are 0', async () => {
  const weights = await initial(7);
  expect(weights).toEqual(await initial(7n));
  expect(weights.map(({ name, shape }) => [name, ...shape])).toEqual([
    ['dense0.w', 4, 6],
    ['dense0.b', 1, 6],
    ['dense1.w', 6, 3],
    ['dense1.b', 1, 3],
  ]);
  const [w0, b0, w1, b1] = weights.map(({ data }) => data);
  expect([...b0, ...b1]).toEqual(new Array(9).fill(0));
  for (const other of [await initial(8), await initial(7n + (1n << 32n))]) {
    expect(other[0].data).not.toEqual(w0);
    expect(other[2].data).not.toEqual(w1);
  }
  // Scaled to the same range, two layers of one seed would be equal if they drew the same words.
  const scaled = (data: Float32Array, limit: number) => Array.from(data.subarray(0, 8), (w) => (w / limit).toFixed(4));
  expect(scaled(w0, Math.sqrt(6 / 10))).not.toEqual(scaled(w1, Math.sqrt(6 / 6)));
});
