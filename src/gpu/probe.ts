import { EngineError } from '../errors/engine-error.js';
import { byName, shader } from '../plan/shaders.js';
import { CommandQueue } from './command-queue.js';
import { type Device, USAGE } from './device.js';
import type { PipelineCache } from './pipeline-cache.js';

/** Shaders that only examine a device. Training does not load them. */
export const PROBE_SHADERS = byName(
  import.meta.glob<string>(['../../shaders/kernels/probe.wgsl', '../../shaders/kernels/philox-words.wgsl'], {
    query: '?raw',
    eager: true,
    import: 'default',
  }),
);

/** A shader that stands alone: a uniform with the number of lanes, numbers to read, results to write. */
export interface LoneShader {
  readonly label: string;
  readonly wgsl: string;
  /** Lanes in workgroups of 64. */
  readonly lanes: number;
  /** The uniform's four words; default: the number of lanes. */
  readonly words?: Uint32Array<ArrayBuffer>;
  readonly numbers: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;
  readonly resultBytes: number;
  /** The results before the shader runs; default: 0. */
  readonly before?: Uint32Array<ArrayBuffer>;
}

/** A device and its pipelines, as an engine has them. */
export type ShaderHost = Device & { readonly pipelines: PipelineCache };

/** Runs a shader once and returns its results. @throws EngineError if it is refused or the device is lost */
export async function runShader(host: ShaderHost, shader: LoneShader): Promise<ArrayBuffer> {
  const { label, wgsl, lanes, words = Uint32Array.of(lanes, 0, 0, 0), numbers, resultBytes, before } = shader;
  const { device, pipelines } = host;
  const { pipeline, layout } = await pipelines.get(label, wgsl, 'rw');
  const storage = USAGE.storage | USAGE.copySource | USAGE.copyDestination;
  const make = (size: number, usage: number) => device.createBuffer({ label: `wgrad ${label}`, size, usage });
  const uniform = make(16, USAGE.uniform | USAGE.copyDestination);
  const [input, output, table] = [numbers.byteLength, resultBytes, 256].map((size) => make(size, storage));
  const commands = new CommandQueue(host);
  try {
    device.pushErrorScope('validation');
    device.queue.writeBuffer(uniform, 0, words);
    device.queue.writeBuffer(input, 0, numbers);
    if (before) device.queue.writeBuffer(output, 0, before);
    const encoder = device.createCommandEncoder({ label: `wgrad ${label}` });
    const pass = encoder.beginComputePass({ label: `wgrad ${label}` });
    pass.setPipeline(pipeline);
    const tableEntry = { binding: 0, resource: { buffer: table, size: 16 } };
    pass.setBindGroup(0, device.createBindGroup({ layout: pipelines.tableLayout, entries: [tableEntry] }), [0]);
    const entries = [uniform, input, output].map((buffer, binding) => ({ binding, resource: { buffer } }));
    pass.setBindGroup(1, device.createBindGroup({ layout, entries }));
    pass.dispatchWorkgroups(Math.ceil(lanes / 64));
    pass.end();
    const submitted = commands.submit(encoder);
    const error = await commands.rejectWhenLost(device.popErrorScope());
    if (error) throw new EngineError('validation', `${label}: WebGPU refuses it: ${error.message}`, { cause: error });
    return await commands.readBack([{ buffer: output, offset: 0, size: resultBytes }], submitted);
  } finally {
    commands.dispose();
    for (const buffer of [uniform, input, output, table]) buffer.destroy();
  }
}

/** The choices of a device where WGSL allows several. */
export interface ArithmeticProbe {
  /** a * b + c is computed with one rounding somewhere: variants may differ in the last bit. */
  readonly fusesMultiplyAdd: boolean;
  /** Sums and products are rounded to the nearest, ties to even. */
  readonly roundsToNearest: boolean;
  /** Subnormal numbers survive an addition. */
  readonly keepsSubnormals: boolean;
  /** `x != x` holds for NaN. */
  readonly comparesNan: boolean;
  /** max(NaN, 0) is NaN. */
  readonly maxKeepsNan: boolean;
  /** Inf - Inf is NaN. */
  readonly differenceMakesNan: boolean;
  /** NaN * 0 is NaN. */
  readonly productKeepsNan: boolean;
}

const LANES = 64;

/** Triples whose a * b + c differs between one rounding and two, and pairs whose sum and product need rounding. */
function samples(): Float32Array<ArrayBuffer> {
  const numbers = new Float32Array(LANES * 8);
  for (let i = 0; i < LANES; i++) {
    const a = Math.fround(1 + (2 * i + 1) * 2 ** -12);
    const b = Math.fround(1 + (2 * i + 3) * 2 ** -13);
    numbers.set([a, b, -Math.fround(a * b), 2 ** -140], i * 4);
    numbers.set([Number.NaN, Infinity, -Infinity, 0], (LANES + i) * 4);
  }
  return numbers;
}

/** Computes a few numbers on the device and compares them with every way of rounding. */
export async function probeArithmetic(host: ShaderHost): Promise<ArithmeticProbe> {
  const numbers = samples();
  const wgsl = shader(PROBE_SHADERS, 'probe');
  const bytes = await runShader(host, { label: 'probe', wgsl, lanes: LANES, numbers, resultBytes: numbers.byteLength });
  return judge(numbers, new Float32Array(bytes));
}

/** Output of a lane: a * b + c, a + b * 2^-20, a * b, d + d; behind them a != a, max(a, 0), b + c, a * 0. */
function judge(input: Float32Array, output: Float32Array): ArithmeticProbe {
  const { fround } = Math;
  const quad = (numbers: Float32Array, i: number) => [...numbers.subarray(i * 4, i * 4 + 4)];
  const lanes = Array.from({ length: LANES }, (_, i) => ({
    in: quad(input, i),
    out: quad(output, i),
    special: quad(output, LANES + i),
  }));
  return {
    fusesMultiplyAdd: lanes.some(({ in: [a, b, c], out: [sum] }) => sum !== fround(fround(a * b) + c)),
    roundsToNearest: lanes.every(
      ({ in: [a, b], out: [, sum, product] }) => sum === fround(a + fround(b * 2 ** -20)) && product === fround(a * b),
    ),
    keepsSubnormals: lanes.every(({ in: [, , , d], out: [, , , sum] }) => sum === 2 * d),
    comparesNan: lanes.every(({ special: [differs] }) => differs === 1),
    maxKeepsNan: lanes.every(({ special: [, max] }) => Number.isNaN(max)),
    differenceMakesNan: lanes.every(({ special: [, , difference] }) => Number.isNaN(difference)),
    productKeepsNan: lanes.every(({ special: [, , , product] }) => Number.isNaN(product)),
  };
}
