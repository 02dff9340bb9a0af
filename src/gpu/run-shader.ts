import { EngineError } from '../errors/engine-error.js';
import type { GpuEngine } from './engine.js';
import { Readback } from './readback.js';
import { USAGE } from './usage.js';

/** A shader that stands alone: a uniform with the number of lanes, numbers to read, results to write. */
export interface LoneShader {
  readonly label: string;
  readonly wgsl: string;
  /** Lanes in workgroups of 64. */
  readonly lanes: number;
  readonly numbers: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;
  readonly resultBytes: number;
}

/** Runs a shader once and returns its results. @throws EngineError if it is refused or the device is lost */
export async function runShader(engine: GpuEngine, shader: LoneShader): Promise<ArrayBuffer> {
  const { label, wgsl, lanes, numbers, resultBytes } = shader;
  const { device, pipelines } = engine;
  const { pipeline, layout } = await engine.orLost(pipelines.get(label, wgsl, 'rw'));
  const storage = USAGE.storage | USAGE.copySource | USAGE.copyDestination;
  const make = (size: number, usage: number) => device.createBuffer({ label: `wgrad ${label}`, size, usage });
  const uniform = make(16, USAGE.uniform | USAGE.copyDestination);
  const [input, output, table] = [numbers.byteLength, resultBytes, 256].map((size) => make(size, storage));
  const readback = new Readback(engine);
  try {
    device.pushErrorScope('validation');
    device.queue.writeBuffer(uniform, 0, Uint32Array.of(lanes, 0, 0, 0));
    device.queue.writeBuffer(input, 0, numbers);
    const encoder = device.createCommandEncoder({ label: `wgrad ${label}` });
    const pass = encoder.beginComputePass({ label: `wgrad ${label}` });
    pass.setPipeline(pipeline);
    const tableEntry = { binding: 0, resource: { buffer: table, size: 16 } };
    pass.setBindGroup(0, device.createBindGroup({ layout: pipelines.tableLayout, entries: [tableEntry] }), [0]);
    const entries = [uniform, input, output].map((buffer, binding) => ({ binding, resource: { buffer } }));
    pass.setBindGroup(1, device.createBindGroup({ layout, entries }));
    pass.dispatchWorkgroups(Math.ceil(lanes / 64));
    pass.end();
    device.queue.submit([encoder.finish()]);
    const scope = device.popErrorScope();
    const regions = [{ buffer: output, offset: 0, size: resultBytes }];
    const bytes = await readback.read(regions, async (copy) => device.queue.submit([copy.finish()]));
    const error = await engine.orLost(scope);
    if (error) throw new EngineError('validation', `${label}: WebGPU refuses it: ${error.message}`, { cause: error });
    return bytes;
  } finally {
    readback.dispose();
    for (const buffer of [uniform, input, output, table]) buffer.destroy();
  }
}
