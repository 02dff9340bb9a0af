import { expect, test } from 'vitest';
import { createTrainer, dataset, type Trainer } from '../../src/index.js';
import { complaint } from './complaint.js';
import { ENGINES } from './engines.js';
import { MODEL, OPTIONS } from './refusals.js';

const x = Float32Array.from({ length: 8 }, (_, i) => Math.sin(i));
const data = dataset({ x, y: Uint32Array.of(0, 1, 2, 0), features: 2 });
const CALLS: readonly ((trainer: Trainer) => unknown)[] = [
  (trainer) => trainer.step({ x, y: Uint32Array.of(0, 1, 2, 0) }),
  (trainer) => trainer.metrics(),
  (trainer) => trainer.fit(data, { epochs: 1 }),
  (trainer) => trainer.evaluate(data),
  (trainer) => trainer.predict(x),
  (trainer) => trainer.weights(),
  (trainer) => trainer.save(),
  (trainer) => trainer.set({ learningRate: 1 }),
];

test.each(ENGINES)('a disposed trainer on %s says so, and disposing twice is harmless', async (_, createEngine) => {
  const trainer = await createTrainer(await createEngine(), MODEL, OPTIONS);
  trainer.dispose();
  trainer.dispose();
  for (const call of CALLS) {
    const found = await complaint(() => call(trainer));
    expect(found).toBe('EngineError of kind disposed: trainer: it was disposed; create a new one');
  }
});
