import { expect, test } from 'vitest';
import { commands } from 'vitest/browser';
import { testGpu } from '../gpu.js';

test('crashGpu loses the device for an unknown reason, and a new one can be had', async () => {
  const gpu = await testGpu();
  for (let crash = 0; crash < 4; crash++) {
    const adapter = await gpu.requestAdapter();
    const device = await adapter?.requestDevice();
    await commands.crashGpu();
    expect((await device?.lost)?.reason).toBe('unknown');
  }
});
