import { expect, test } from 'vitest';
import type { Trainer } from '../../src/index.js';
import { complaint } from './complaint.js';
import { ENGINES } from './engines.js';
import { BATCH, DATA, smallTwin } from './small-population.js';

const CALLS: readonly ((trainer: Trainer) => unknown)[] = [
  (trainer) => trainer.step(BATCH),
  (trainer) => trainer.metrics(),
  (trainer) => trainer.fit(DATA, { epochs: 1 }),
  (trainer) => trainer.evaluate(DATA),
  (trainer) => trainer.predict(BATCH.x),
  (trainer) => trainer.weights(),
  (trainer) => trainer.save(),
  (trainer) => trainer.set({ learningRate: 1 }),
];

test.each(ENGINES)('a disposed trainer on %s says so, and disposing twice is harmless', async (_, engine) => {
  const trainer = await smallTwin(engine, {});
  trainer.dispose();
  trainer.dispose();
  for (const call of CALLS) {
    const found = await complaint(() => call(trainer));
    expect(found).toBe('EngineError of kind disposed: trainer: it was disposed; create a new one');
  }
});
