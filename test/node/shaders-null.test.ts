import { expect, test } from 'vitest';
import { create } from 'webgpu';
import { GpuEngine } from '../../src/gpu/engine.js';
import { KERNELS } from '../../src/kernels/every-kernel.js';
import { everyShader } from '../plan/every-shader.js';

// Dawn aborts the process when what `create` returns is collected while a device is alive.
const gpu = create(['backend=null']);

test('Dawn accepts every shader and every pipeline, without any driver', async () => {
  const adapter = await gpu.requestAdapter();
  const device = await adapter?.requestDevice({ requiredFeatures: ['subgroups'] });
  if (!device) throw new Error('test: no device of the null backend');
  const engine = new GpuEngine(device, true, { kernels: KERNELS });
  for (const { title, wgsl, kinds } of everyShader()) {
    const { messages } = await device.createShaderModule({ code: wgsl }).getCompilationInfo();
    expect(messages.map(({ message }) => `${title}: ${message}`)).toEqual([]);
    await engine.pipelines.get(title, wgsl, kinds);
  }
  engine.dispose();
  await device.lost;
});
