import { expect, test } from 'vitest';
import { loadMnist } from '../../src/cli/mnist.js';
import * as w from '../../src/index.js';

test('mnist', async () => {
  const { train, test: held } = await loadMnist();
  const engine = await w.createEngine();
  const t0 = performance.now();
  const trainer = await w.createTrainer(engine, w.sequential([w.dense(128), w.relu(), w.dropout(0.2), w.dense(10)]), {
    input: [784], batchSize: 64, loss: w.softmaxCrossEntropy(), regularizer: w.l2(1e-5), optimizer: w.adam(), seed: 42 });
  console.log('created', performance.now() - t0, trainer.dispatchesPerStep);
  for await (const epoch of trainer.fit(train, { epochs: 3, validation: held })) console.log(epoch);
  console.log(await trainer.evaluate(held));
  const bytes = await trainer.save();
  const again = await w.loadTrainer(engine, bytes);
  for (const t of [trainer, again]) { for await (const e of t.fit(w.take(train, 6400), { epochs: 1 })) console.log(e.trainLoss); }
  const [a, b] = [await trainer.weights(), await again.weights()];
  expect(b).toEqual(a);
  const y = await trainer.predict(Float32Array.from(held.x.subarray(0, 784 * 70), v => v / 255));
  console.log(y.length, y.slice(690));
}, 600000);
