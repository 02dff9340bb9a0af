import { expect, test } from 'vitest';
import {
  adam,
  createReferenceEngine,
  createTrainer,
  dataset,
  dense,
  dropout,
  ema,
  l2,
  meanSquaredError,
  relu,
  sequential,
  sgd,
} from '../../src/index.js';
import { tuneByGradient } from '../../src/tune.js';
import { sharedEngine } from '../gpu/stored.js';

/** Four columns of a Hadamard matrix: XᵀX / 8 is the identity, and every column has mean 0. */
const x = Array.from({ length: 8 }, (_, row) =>
  [1, 2, 4, 7].map((col) => (-1) ** [1, 2, 4].filter((bit) => row & bit && col & bit).length),
);
const linear = (weights: readonly number[]) =>
  dataset({ x, y: Float32Array.from(x, (row) => row.reduce((sum, value, i) => sum + value * weights[i], 0)) });
const common = { input: [4], batchSize: 8, loss: meanSquaredError() };

test('λ per input becomes what the closed form of ridge regression gives', async () => {
  const fitted = [2, 1, 1, -1];
  const wanted = [1, 2 / 3, 0, -1];
  const { weights, lambdas, epochs } = await tuneByGradient(createReferenceEngine(), sequential([dense(1)]), {
    ...common,
    optimizer: sgd({ learningRate: 0.2 }),
    train: linear(fitted),
    validation: linear(wanted),
    epochs: 200,
  });
  const [{ parameter, values }] = lambdas;
  expect(parameter).toBe(weights[0].name);
  // w_i = 2 a_i / (2 + λ_i), which is the wanted v_i at λ_i = 2 (a_i - v_i) / v_i.
  for (const [i, value] of weights[0].data.entries()) expect(value).toBeCloseTo((2 * fitted[i]) / (2 + values[i]), 1);
  expect(values[0]).toBeCloseTo(2, 0);
  expect(values[1]).toBeCloseTo(1, 0);
  expect(values[2]).toBe(5); // 1 / the learning rate
  expect(values[3]).toBeLessThan(0.01 / 4); // began with 0.01, goes to 0
  expect(epochs).toHaveLength(200);
});

const data = linear([2, 1, 1, -1]);
const small = { ...common, optimizer: adam({ learningRate: 0.05 }), train: data, validation: linear([1, 1, 0, -1]) };
const network = sequential([dense(3), relu(), dropout(0.2), dense(1)]);

test('what comes back is the network of the best epoch, with a λ for each input or for each layer', async () => {
  const engine = await sharedEngine();
  const result = await tuneByGradient(engine, network, { ...small, epochs: 6, rate: 0.3, seed: 3 });
  expect(result.lambdas.map(({ parameter, values }) => [parameter, values.length])).toEqual([
    [result.weights[0].name, 4],
    [result.weights[2].name, 1],
  ]);
  expect(result.validationLoss).toBe(Math.min(...result.epochs.map(({ validationLoss }) => validationLoss)));
  expect(result.epochs[result.epoch - 1].validationLoss).toBe(result.validationLoss);
  using trainer = await createTrainer(engine, network, { ...common, optimizer: sgd() });
  await trainer.setWeights(result.weights);
  expect((await trainer.evaluate(small.validation)).loss).toBe(result.validationLoss);

  const perLayer = await tuneByGradient(engine, network, { ...small, epochs: 1, per: 'layer', l2: 0.5 });
  expect(perLayer.lambdas.map(({ values }) => [...values])).toEqual([[0.5], [0.5]]);
});

test('a signal stops it', async () => {
  const reason = new Error('enough');
  const stopped = tuneByGradient(createReferenceEngine(), network, {
    ...small,
    epochs: 2,
    signal: AbortSignal.abort(reason),
  });
  await expect(stopped).rejects.toMatchObject({ kind: 'aborted' });
});

const decayed = sequential([dense(3, { regularizer: l2(0.1) }), dense(1)]);
test.each([
  [{ epochs: 0 }, network, 'epochs must be a positive integer, got 0'],
  [{ per: 'unit' }, network, "per must be one of 'input', 'layer', got \"unit\""],
  [{ l2: 0 }, network, 'l2 must be a number in [0.000001, 10], got 0'],
  [{ rate: 0 }, network, 'rate must be a number in (0, 1], got 0'],
  [{ regularizer: l2(1) }, network, "unknown option 'regularizer'"],
  [{ optimizer: ema(sgd()) }, network, 'optimizer must keep no averages of weights'],
  [{}, decayed, "the model's layers must have no penalty of their own, got dense0.l2"],
])('%o is refused', async (change, model, message) => {
  const asked = tuneByGradient(createReferenceEngine(), model, { ...small, epochs: 2, ...change } as never);
  await expect(asked).rejects.toThrow(`tuneByGradient: ${message}`);
});
