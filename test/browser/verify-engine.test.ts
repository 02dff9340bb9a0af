import { expect, test } from 'vitest';
import { createEngine } from '../../src/index.js';
import { verifyEngine } from '../../src/verify.js';

test('random numbers, kernels, gradients and steps hold in this browser', { timeout: 300_000 }, async () => {
  using engine = await createEngine();
  const report = await verifyEngine(engine, { quick: true, seed: 1, seconds: 280 });
  expect(report.passed, `${report}`).toBe(true);
});
