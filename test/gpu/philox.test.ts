import { expect, test } from 'vitest';
import { CommandQueue } from '../../src/gpu/command-queue.js';
import type { GpuEngine } from '../../src/gpu/engine.js';
import { LIBRARY_SHADERS, shader } from '../../src/plan/shaders.js';
import { philox } from '../../src/random/philox.js';
import { Random } from '../ops/random.js';
import { gpuEngine } from './stored.js';

/** Four words of counter and two of key a row; four words of result. */
const PROGRAM = `
  @group(0) @binding(0) var<storage, read> given: array<u32>;
  @group(0) @binding(1) var<storage, read_write> drawn: array<vec4u>;
  ${shader(LIBRARY_SHADERS, 'philox')}
  @compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
    let at = id.x * 6u;
    let counter = vec4u(given[at], given[at + 1u], given[at + 2u], given[at + 3u]);
    drawn[id.x] = philox(counter, vec2u(given[at + 4u], given[at + 5u]));
  }`;

async function draw(engine: GpuEngine, given: Uint32Array): Promise<Uint32Array> {
  const { device } = engine;
  const rows = given.length / 6;
  const module = device.createShaderModule({ code: PROGRAM });
  const pipeline = device.createComputePipeline({ layout: 'auto', compute: { module } });
  const input = device.createBuffer({
    size: given.byteLength,
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
  });
  const output = device.createBuffer({ size: rows * 16, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC });
  device.queue.writeBuffer(input, 0, given.buffer, given.byteOffset, given.byteLength);
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  const entries = [input, output].map((buffer, binding) => ({ binding, resource: { buffer } }));
  pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
  pass.dispatchWorkgroups(rows / 64);
  pass.end();
  device.queue.submit([encoder.finish()]);
  const regions = [{ buffer: output, offset: 0, size: output.size }];
  const bytes = await new CommandQueue(engine).readBack(regions);
  return new Uint32Array(bytes);
}

/** Counter, key and result. Source: Random123, tests/kat_vectors, philox4x32 with 10 rounds. */
const KNOWN = [
  '00000000 00000000 00000000 00000000 00000000 00000000 6627e8d5 e169c58d bc57ac4c 9b00dbd8',
  'ffffffff ffffffff ffffffff ffffffff ffffffff ffffffff 408f276d 41c83b0e a20bc7c6 6d5451fd',
  '243f6a88 85a308d3 13198a2e 03707344 a4093822 299f31d0 d16cfe09 94fdcceb 5001e420 24126ea1',
].map((row) => row.split(' ').map((word) => Number.parseInt(word, 16)));

test('philox.wgsl gives the known answers, and the words of the host everywhere else', async () => {
  const random = new Random(1);
  const rows = Array.from({ length: 64 * 32 }, () =>
    Array.from({ length: 6 }, () => Math.floor(random.next() * 2 ** 32)),
  );
  for (const [i, row] of KNOWN.entries()) rows[i] = row.slice(0, 6);
  const engine = await gpuEngine();
  const drawn = await draw(engine, Uint32Array.from(rows.flat()));
  engine.dispose();
  for (const [i, row] of KNOWN.entries()) expect(Array.from(drawn.subarray(i * 4, i * 4 + 4))).toEqual(row.slice(6));
  const host = rows.flatMap(([a, b, c, d, low, high]) =>
    Array.from(philox(a, b, c, d, [low, high], new Uint32Array(4))),
  );
  expect(drawn).toEqual(Uint32Array.from(host));
});
