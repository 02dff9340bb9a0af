import { openEngine, webgpuHost } from '../../src/cli/environment.js';
import { GpuEngine } from '../../src/gpu/engine.js';
import { Probes } from '../bench/probes.js';
import { warmUp } from '../bench/rounds.js';
import { type Spread, spreadOf } from '../bench/spread.js';
import { QueueReader } from '../bench/wait-for-queue.js';
import { refuse } from './hardware-options.js';
import type { Measurement } from './part.js';

/** A device, and what it can do at most. */
export interface DeviceResult {
  readonly adapter: string;
  readonly software: boolean;
  readonly host: string;
  /** As WebGPU tells it. */
  readonly info: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly features: readonly string[];
  readonly limits: Readonly<Record<string, number>>;
  /** Rounding and comparisons, as `createEngine` finds them. */
  readonly arithmetic?: unknown;
  /** Microseconds of a dispatch of one workgroup that does nothing: in one pass, each after the other; each in a submit. */
  readonly dispatch?: { readonly inPass: Spread; readonly inSubmit: Spread };
  /** GFLOP/s of multiply-adds in registers, and how they are written. */
  readonly multiplyAdd?: { readonly what: string; readonly rate: Spread };
  /** GB/s of a scaled copy, reads and writes, by MiB. */
  readonly copies?: readonly { readonly mebibytes: number; readonly rate: Spread }[];
}

/** Returns an engine on an adapter. @throws UsageError if none has that name */
export async function openGpu(adapter: string | undefined): Promise<GpuEngine> {
  const engine = await openEngine(adapter, refuse);
  if (!(engine instanceof GpuEngine)) throw new Error('createEngine gives no engine on WebGPU');
  return engine;
}

const ROUNDS = 7;

/** Measures a device. */
export const measureDevice: Measurement = async (adapter, save) => {
  const engine = await openGpu(adapter);
  const { device, info } = engine;
  const { vendor, architecture, device: model, description, subgroupMinSize, subgroupMaxSize } = device.adapterInfo;
  let result: DeviceResult = {
    adapter: info.adapter,
    software: info.software,
    host: webgpuHost(),
    info: { vendor, architecture, device: model, description, subgroupMinSize, subgroupMaxSize },
    features: [...device.features].sort(),
    limits: limitsOf(device.limits),
  };
  const add = async (more: Partial<DeviceResult>) => {
    result = { ...result, ...more };
    await save(result);
  };
  await add({});
  console.error(`${info.adapter}${info.software ? ', SOFTWARE' : ''}`);
  await add({ arithmetic: await engine.probe() });
  await add({ dispatch: await timeDispatches(device) });
  const probes = new Probes(device, info.software);
  const loop = await probes.multiplyAdd();
  await add({ multiplyAdd: { what: loop.what, rate: await rateOf(loop) } });
  const copies = [];
  for (const mebibytes of info.software ? [1, 64] : [1, 16, 256, 2048]) {
    const copy = await probes.copy(mebibytes * 2 ** 20);
    copies.push({ mebibytes, rate: await rateOf(copy) });
    await add({ copies });
  }
  await probes.dispose();
};

/** The limits are getters of a prototype, which JSON does not see. */
function limitsOf(limits: GPUSupportedLimits): Record<string, number> {
  const found: [string, number][] = [];
  for (const name in limits) {
    const value = limits[name as keyof GPUSupportedLimits];
    if (typeof value === 'number') found.push([name, value]);
  }
  return Object.fromEntries(found.sort());
}

/** Returns 10^9 operations or bytes a second of a probe. */
async function rateOf(probe: { readonly amount: number; run(count: number): Promise<void>; dispose(): void }) {
  const count = Math.max(1, Math.min(1000, Math.ceil(50 / (await warmUp(probe, 2)))));
  const rates = [];
  for (let round = 0; round < ROUNDS; round++) {
    const started = performance.now();
    await probe.run(count);
    rates.push((probe.amount * count) / (performance.now() - started) / 1e6);
  }
  return spreadOf(rates);
}

const NOTHING = `
@group(0) @binding(0) var<storage, read_write> y: array<f32>;
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) { y[id.x] += 1; }`;

/** Times many dispatches and few, and takes the difference, so that waiting costs nothing. */
async function timeDispatches(device: GPUDevice): Promise<{ inPass: Spread; inSubmit: Spread }> {
  const reader = new QueueReader(device);
  const y = device.createBuffer({ label: 'nothing', size: 256, usage: 0x84 }); // STORAGE | COPY_SRC
  const module = device.createShaderModule({ label: 'nothing', code: NOTHING });
  const pipeline = device.createComputePipeline({ label: 'nothing', layout: 'auto', compute: { module } });
  const entries = [{ binding: 0, resource: { buffer: y } }];
  const bindings = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
  const dispatch = (pass: GPUComputePassEncoder) => {
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindings);
    pass.dispatchWorkgroups(1);
  };
  const inSubmits = async (count: number) => {
    for (let i = 0; i < count; i++) {
      const encoder = device.createCommandEncoder({ label: 'nothing' });
      const pass = encoder.beginComputePass();
      dispatch(pass);
      pass.end();
      device.queue.submit([encoder.finish()]);
    }
    await reader.read(y);
  };
  const inPass = await difference((count) => reader.afterPass(y, count, dispatch), [512, 4096]);
  const inSubmit = await difference(inSubmits, [32, 256]);
  reader.dispose();
  y.destroy();
  return { inPass, inSubmit };
}

/** Returns microseconds a piece of work. */
async function difference(
  run: (count: number) => Promise<void>,
  [few, many]: readonly [number, number],
): Promise<Spread> {
  const time = async (count: number) => {
    const started = performance.now();
    await run(count);
    return performance.now() - started;
  };
  await time(many);
  const each = [];
  for (let round = 0; round < ROUNDS; round++) {
    const base = await time(few);
    each.push((1000 * ((await time(many)) - base)) / (many - few));
  }
  return spreadOf(each);
}
