import { expect, test } from 'vitest';
import { testGpu } from './gpu.js';

test('the test run has a GPU', async () => {
  const adapter = await (await testGpu()).requestAdapter();
  expect(adapter).not.toBeNull();
  const device = await adapter?.requestDevice();
  expect(device?.limits.maxComputeInvocationsPerWorkgroup).toBeGreaterThanOrEqual(128);
  device?.destroy();
});
