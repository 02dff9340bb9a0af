import { expect, test } from 'vitest';
import { GpuEngine } from '../../src/gpu/engine.js';
import { createEngine, dataset } from '../../src/index.js';
import { labels, numbers, ROWS, trainerOf, upload } from '../train/gpu-batches.js';

test('after a fit with weights, a step on buffers is one without weights', async () => {
  const engine = await createEngine();
  if (!(engine instanceof GpuEngine)) throw new Error('test: the engine has no device');
  const { device } = engine;
  const data = dataset({
    x: numbers(3 * ROWS * 4, 1),
    y: Uint32Array.from([0, 1, 2].flatMap((i) => [...labels(i)])),
    features: 4,
  });
  const weights = Float32Array.from({ length: 3 * ROWS }, (_, i) => i % 2);
  const [x, y] = [numbers(ROWS * 4, 7), labels(1)];
  for (const how of ['step', 'encode'] as const) {
    using buffers = await trainerOf(engine, 4);
    using twin = await trainerOf(engine, 4);
    for (const each of [buffers, twin]) for await (const _ of each.fit(data, { epochs: 1, weights }));
    twin.step({ x, y });
    const batch = { x: upload(device, x), y: upload(device, y) };
    if (how === 'step') buffers.step(batch);
    else {
      const encoder = device.createCommandEncoder();
      buffers.encode(encoder, batch);
      device.queue.submit([encoder.finish()]);
    }
    expect(await buffers.metrics()).toEqual(await twin.metrics());
    expect(await buffers.weights()).toEqual(await twin.weights());
  }
  engine.dispose();
});
