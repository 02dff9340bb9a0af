import { afterAll, expect, test } from 'vitest';
import { createTrainer, dense, meanSquaredError, sequential, sgd } from '../../src/index.js';
import { sharedEngine } from '../gpu/stored.js';
import { klSparsity } from './reproduce/kl-sparsity.js';

const engine = await sharedEngine();
const [strength, target, rate] = [0.3, 0.2, 0.1];
const rows = [
  [0.5, 2],
  [1.5, 0.25],
  [3, 0.75],
];

test('a step of KL-sparsity is that by hand, in a short batch too', async () => {
  const model = sequential([dense(2, { bias: false }), klSparsity({ strength, target })]);
  const trainer = await createTrainer(engine, model, {
    input: [2],
    batchSize: 4,
    loss: meanSquaredError(),
    optimizer: sgd({ learningRate: rate }),
  });
  afterAll(() => trainer.dispose());
  const start = [1, 0.5, 0.25, 1];
  const [weights] = await trainer.weights();
  await trainer.setWeights([{ ...weights, data: Float32Array.from(start) }]);
  trainer.step({ x: rows.flat(), y: [0, 0, 0, 0, 0, 0] });
  const [{ data }] = await trainer.weights();
  const expected = start.map((w, at) => {
    const [input, unit] = [at >> 1, at & 1];
    const outputs = rows.map((x) => x[0] * start[unit] + x[1] * start[2 + unit]);
    const share = outputs.reduce((sum, h) => sum + h / (1 + h), 0) / rows.length;
    const slope = strength * ((1 - target) / (1 - share) - target / share);
    const gradient = rows.reduce((sum, x, i) => {
      const h = outputs[i];
      return sum + (x[input] * (h + slope / (1 + h) ** 2)) / rows.length; // squared errors are halved by the mean over two outputs
    }, 0);
    return w - rate * gradient;
  });
  for (const [at, value] of data.entries()) expect(value).toBeCloseTo(expected[at], 5);
});
