import { expect, test } from 'vitest';
import { sharedEngine } from '../gpu/stored.js';
import { everyShader, kernelShaders } from './every-shader.js';

// test/kernels makes those that are written for this device; Dawn's null backend makes all of them.
test('kernels that are written for other devices make pipelines', async () => {
  const engine = await sharedEngine();
  const able = everyShader().filter(
    ({ wgsl }) => !/^enable subgroups;/m.test(wgsl) || engine.traits.subgroupMinSize > 0,
  );
  const here = new Set(kernelShaders(engine.traits).map(({ wgsl }) => wgsl));
  const others = able.filter(({ bare, wgsl }) => bare && !here.has(wgsl));
  expect(others.length).toBeGreaterThan(0);
  for (const { title, wgsl, kinds } of others) await engine.pipelines.get(title, wgsl, kinds);
});
