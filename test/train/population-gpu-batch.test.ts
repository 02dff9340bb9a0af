import { expect, test } from 'vitest';
import { createEngine } from '../../src/index.js';
import { countingDevice } from './counting-device.js';
import { upload } from './gpu-batches.js';
import { BATCH, FOUR, smallPopulation } from './small-population.js';

test('every member of a population trains on a batch of buffers as on one of arrays', async () => {
  const { device } = await countingDevice();
  const engine = await createEngine({ device });
  using byArrays = await smallPopulation(engine);
  using byBuffers = await smallPopulation(engine);
  const batch = { x: upload(device, BATCH.x), y: upload(device, BATCH.y) };
  for (let step = 0; step < 3; step++) {
    expect(byArrays.step(BATCH)).toBe(step);
    expect(byBuffers.step(batch)).toBe(step);
  }
  expect(await byBuffers.metrics()).toEqual(await byArrays.metrics());
  for (const member of FOUR.keys()) expect(await byBuffers.weights(member)).toEqual(await byArrays.weights(member));
  engine.dispose();
  device.destroy();
});
