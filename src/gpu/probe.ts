import { KERNEL_SHADERS, shader } from '../plan/shaders.js';
import type { GpuEngine } from './engine.js';
import { Readback } from './readback.js';
import { USAGE } from './usage.js';

/** What a device does where WGSL leaves it open. */
export interface ArithmeticProbe {
  /** a * b + c is computed with one rounding somewhere: variants may differ in the last bit. */
  readonly fusesMultiplyAdd: boolean;
  /** Sums and products are rounded to the nearest, ties to even. */
  readonly roundsToNearest: boolean;
  /** Subnormal numbers survive an addition. */
  readonly keepsSubnormals: boolean;
}

const LANES = 64;

/** Triples whose a * b + c differs between one rounding and two, and pairs whose sum and product need rounding. */
function samples(): Float32Array<ArrayBuffer> {
  const numbers = new Float32Array(LANES * 4);
  for (let i = 0; i < LANES; i++) {
    const a = Math.fround(1 + (2 * i + 1) * 2 ** -12);
    const b = Math.fround(1 + (2 * i + 3) * 2 ** -13);
    numbers.set([a, b, -Math.fround(a * b), 2 ** -140], i * 4);
  }
  return numbers;
}

/** Computes a few numbers on the device and compares them with every way of rounding. */
export async function probeArithmetic(engine: GpuEngine): Promise<ArithmeticProbe> {
  const { device, pipelines } = engine;
  const { pipeline, layout } = await engine.orLost(pipelines.get('probe', shader(KERNEL_SHADERS, 'probe'), 'rw'));
  const input = samples();
  const usage = USAGE.storage | USAGE.copySource | USAGE.copyDestination;
  const buffers = [16, input.byteLength, input.byteLength].map((size, i) =>
    device.createBuffer({ label: 'wgrad probe', size, usage: i === 0 ? USAGE.uniform | USAGE.copyDestination : usage }),
  );
  device.queue.writeBuffer(buffers[0], 0, Uint32Array.of(LANES, 0, 0, 0));
  device.queue.writeBuffer(buffers[1], 0, input);
  const table = device.createBuffer({ label: 'wgrad probe', size: 256, usage: USAGE.storage });
  const readback = new Readback(engine);
  try {
    const encoder = device.createCommandEncoder({ label: 'wgrad probe' });
    const pass = encoder.beginComputePass({ label: 'wgrad probe' });
    pass.setPipeline(pipeline);
    const tableEntry = { binding: 0, resource: { buffer: table, size: 16 } };
    pass.setBindGroup(0, device.createBindGroup({ layout: pipelines.tableLayout, entries: [tableEntry] }), [0]);
    const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
    pass.setBindGroup(1, device.createBindGroup({ layout, entries }));
    pass.dispatchWorkgroups(1);
    pass.end();
    device.queue.submit([encoder.finish()]);
    const regions = [{ buffer: buffers[2], offset: 0, size: input.byteLength }];
    const bytes = await readback.read(regions, async (copy) => device.queue.submit([copy.finish()]));
    return judge(input, new Float32Array(bytes));
  } finally {
    readback.dispose();
    for (const buffer of [...buffers, table]) buffer.destroy();
  }
}

/** Output of a lane: a * b + c, a + b * 2^-20, a * b, d + d. */
function judge(input: Float32Array, output: Float32Array): ArithmeticProbe {
  const { fround } = Math;
  const lanes = Array.from({ length: LANES }, (_, i) => ({
    in: [...input.subarray(i * 4, i * 4 + 4)],
    out: [...output.subarray(i * 4, i * 4 + 4)],
  }));
  return {
    fusesMultiplyAdd: lanes.some(({ in: [a, b, c], out: [sum] }) => sum !== fround(fround(a * b) + c)),
    roundsToNearest: lanes.every(
      ({ in: [a, b], out: [, sum, product] }) => sum === fround(a + fround(b * 2 ** -20)) && product === fround(a * b),
    ),
    keepsSubnormals: lanes.every(({ in: [, , , d], out: [, , , sum] }) => sum === 2 * d),
  };
}
