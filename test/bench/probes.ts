import type { Repeatable } from './contender.js';
import { warmUp } from './rounds.js';
import { QueueReader } from './wait-for-queue.js';

/** Something that does nothing but keep one part of the device busy. */
export interface Probe extends Repeatable {
  readonly what: string;
  /** Floating-point operations, or bytes moved, of one run. */
  readonly amount: number;
}

const STORAGE = 0x80 | 0x4 | 0x8; // STORAGE | COPY_SRC | COPY_DST
const UNIFORM = 0x40 | 0x8; // UNIFORM | COPY_DST
const WORKGROUP = 64;
const REPEATS = 4;

/**
 * v = v · a + b in registers, again and again, on `chains` vectors a lane. With a = 1/2 and b = 1 every v goes to 2 and
 * stays there, fused or not, so that the result is known: 2 · chains. The number of rounds is a uniform, so that no
 * compiler unrolls it; a body of four keeps the loop's own cost small.
 */
const multiplyAddShader = (chains: number, multiplyAdd: (v: string) => string) => `
struct Params { iterations: u32, a: f32, b: f32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> y: array<vec4f>;
@compute @workgroup_size(${WORKGROUP}) fn main(@builtin(global_invocation_id) id: vec3u) {
  let a = vec4f(params.a);
  let b = vec4f(params.b);
${names(chains, (v, c) => `  var ${v} = vec4f(f32((id.x + ${c}u) % 4u));`)}
  for (var i = 0u; i < params.iterations; i++) {
${Array.from({ length: REPEATS }, () => names(chains, (v) => `    ${v} = ${multiplyAdd(v)};`)).join('\n')}
  }
  y[id.x] = ${Array.from({ length: chains }, (_, c) => `v${c}`).join(' + ')};
}`;

const names = (chains: number, line: (name: string, chain: number) => string) =>
  Array.from({ length: chains }, (_, c) => line(`v${c}`, c)).join('\n');

/** y = s · x, `quads` quads of columns a lane, a workgroup apart; what every elementwise kernel does at the least. */
const copyShader = (lanes: number, quads: number) => `
struct Params { quads: u32, scale: f32, columns: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> y: array<vec4f>;
@group(0) @binding(2) var<storage, read> x: array<vec4f>;
@compute @workgroup_size(${lanes})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let first = (group.y * params.columns + group.x) * ${lanes * quads}u + lane;
  for (var q = 0u; q < ${quads}u; q++) {
    let at = first + q * ${lanes}u;
    if (at < params.quads) { y[at] = params.scale * x[at]; }
  }
}`;

/** Lanes of a workgroup and quads a lane: what suits a CPU's vectors, and what suits a GPU. */
const COPIES = [
  { lanes: 64, quads: 1 },
  { lanes: 256, quads: 1 },
  { lanes: 64, quads: 16 },
  { lanes: 256, quads: 4 },
] as const;

/** The one that does most in a millisecond; the others are disposed of. */
async function fastest(probes: readonly Probe[]): Promise<Probe> {
  const rates = [];
  for (const probe of probes) rates.push(probe.amount / (await warmUp(probe, 4)));
  const best = probes[rates.indexOf(Math.max(...rates))];
  for (const probe of probes) if (probe !== best) probe.dispose();
  return best;
}

/** Makes probes of a device; each is checked before it is handed out. */
export class Probes {
  readonly #device: GPUDevice;
  readonly #reader: QueueReader;
  readonly #lanes: number;
  readonly #copies = new Map<number, Promise<Probe>>();
  #multiplyAdd: Promise<Probe> | undefined;

  constructor(device: GPUDevice, software: boolean) {
    this.#device = device;
    this.#reader = new QueueReader(device);
    this.#lanes = software ? 2 ** 14 : 2 ** 20;
  }

  /** The fastest loop of multiply-adds that there is among several widths, fused and not. */
  multiplyAdd(): Promise<Probe> {
    this.#multiplyAdd ??= this.#fastestLoop();
    return this.#multiplyAdd;
  }

  /** The fastest scaled copy that reads and writes `bytes` in all, up to the next power of two. */
  copy(bytes: number): Promise<Probe> {
    const size = 2 ** Math.max(12, Math.ceil(Math.log2(bytes)));
    const known = this.#copies.get(size) ?? this.#fastestCopy(size);
    this.#copies.set(size, known);
    return known;
  }

  async #fastestLoop(): Promise<Probe> {
    const ways = [(v: string) => `fma(${v}, a, b)`, (v: string) => `${v} * a + b`];
    const loops = [];
    for (const chains of [2, 4, 8, 16]) for (const way of ways) loops.push(await this.#makeLoop(chains, way));
    return fastest(loops);
  }

  async #fastestCopy(bytes: number): Promise<Probe> {
    const copies = [];
    for (const shape of COPIES) copies.push(await this.#makeCopy(bytes, shape));
    return fastest(copies);
  }

  async #makeLoop(chains: number, multiplyAdd: (v: string) => string): Promise<Probe> {
    const device = this.#device;
    const y = device.createBuffer({ label: 'bench multiply-add', size: this.#lanes * 16, usage: STORAGE });
    const params = device.createBuffer({ label: 'bench parameters', size: 16, usage: UNIFORM });
    const pipeline = this.#pipeline(multiplyAddShader(chains, multiplyAdd));
    const run = this.#runner(pipeline, [params, y], [this.#lanes / WORKGROUP, 1]);
    const set = (iterations: number) => {
      const words = new DataView(new ArrayBuffer(16));
      words.setUint32(0, iterations, true);
      words.setFloat32(4, 0.5, true);
      words.setFloat32(8, 1, true);
      device.queue.writeBuffer(params, 0, words.buffer);
    };
    // About 20 ms a run, so that starting one costs nothing beside it.
    let iterations = 32;
    for (; iterations < 2 ** 24; iterations *= 2) {
      set(iterations);
      if ((await warmUp({ run: async (count) => void (await run(count)), dispose: () => {} }, 1)) > 20) break;
    }
    const found = await run(1);
    if (Math.abs(found - 2 * chains) > 1e-5)
      throw new Error(`bench: the multiply-add loop gives ${found}, not ${2 * chains}`);
    return {
      what: `multiply-add in registers, ${chains} vec4f a lane, ${multiplyAdd('v')}`,
      amount: this.#lanes * iterations * REPEATS * chains * 4 * 2,
      run: async (count) => void (await run(count)),
      dispose: () => [y, params].forEach((buffer) => void buffer.destroy()),
    };
  }

  async #makeCopy(bytes: number, { lanes, quads: each }: (typeof COPIES)[number]): Promise<Probe> {
    const device = this.#device;
    const quads = bytes / 32;
    const [x, y] = [0, 1].map(() => device.createBuffer({ label: 'bench copy', size: bytes / 2, usage: STORAGE }));
    const params = device.createBuffer({ label: 'bench parameters', size: 16, usage: UNIFORM });
    const groups = Math.ceil(quads / (lanes * each));
    const columns = Math.min(groups, 32_768);
    const words = new DataView(new ArrayBuffer(16));
    words.setUint32(0, quads, true);
    words.setFloat32(4, 3, true);
    words.setUint32(8, columns, true);
    device.queue.writeBuffer(params, 0, words.buffer);
    device.queue.writeBuffer(x, bytes / 2 - 4, Float32Array.of(7));
    const pipeline = this.#pipeline(copyShader(lanes, each));
    const run = this.#runner(pipeline, [params, y, x], [columns, Math.ceil(groups / columns)], bytes / 2 - 4);
    const found = await run(1);
    if (found !== 21) throw new Error(`bench: the scaled copy gives ${found}, not 21`);
    return {
      what: 'scaled copy',
      amount: bytes,
      run: async (count) => void (await run(count)),
      dispose: () => [x, y, params].forEach((buffer) => void buffer.destroy()),
    };
  }

  #pipeline(code: string): GPUComputePipeline {
    const module = this.#device.createShaderModule({ label: 'bench probe', code });
    return this.#device.createComputePipeline({ label: 'bench probe', layout: 'auto', compute: { module } });
  }

  /** Runs a pipeline `count` times in one pass and returns the number of the result at a place in bytes. */
  #runner(
    pipeline: GPUComputePipeline,
    [params, result, ...others]: readonly GPUBuffer[],
    [x, y]: readonly [number, number],
    place = 0,
  ): (count: number) => Promise<number> {
    const entries = [params, result, ...others].map((buffer, binding) => ({ binding, resource: { buffer } }));
    const bindings = this.#device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
    return (count) => {
      const encoder = this.#device.createCommandEncoder({ label: 'bench probe' });
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, bindings);
      for (let i = 0; i < count; i++) pass.dispatchWorkgroups(x, y);
      pass.end();
      this.#device.queue.submit([encoder.finish()]);
      return this.#reader.read(result, place);
    };
  }

  async dispose(): Promise<void> {
    for (const probe of await Promise.all([this.#multiplyAdd, ...this.#copies.values()])) probe?.dispose();
    this.#reader.dispose();
  }
}
