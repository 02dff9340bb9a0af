import { EngineError } from '../errors/engine-error.js';
import { CommandQueue } from './command-queue.js';
import type { Device } from './device.js';
import type { PipelineCache } from './pipeline-cache.js';
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

/** A device and its pipelines, as an engine has them. */
export type ShaderHost = Device & { readonly pipelines: PipelineCache };

/** Runs a shader once and returns its results. @throws EngineError if it is refused or the device is lost */
export async function runShader(host: ShaderHost, shader: LoneShader): Promise<ArrayBuffer> {
  const { label, wgsl, lanes, numbers, resultBytes } = shader;
  const { device, pipelines } = host;
  const { pipeline, layout } = await pipelines.get(label, wgsl, 'rw');
  const storage = USAGE.storage | USAGE.copySource | USAGE.copyDestination;
  const make = (size: number, usage: number) => device.createBuffer({ label: `wgrad ${label}`, size, usage });
  const uniform = make(16, USAGE.uniform | USAGE.copyDestination);
  const [input, output, table] = [numbers.byteLength, resultBytes, 256].map((size) => make(size, storage));
  const commands = new CommandQueue(host);
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
    const submitted = commands.submit(encoder);
    const error = await commands.rejectWhenLost(device.popErrorScope());
    if (error) throw new EngineError('validation', `${label}: WebGPU refuses it: ${error.message}`, { cause: error });
    return await commands.readBack([{ buffer: output, offset: 0, size: resultBytes }], submitted);
  } finally {
    commands.dispose();
    for (const buffer of [uniform, input, output, table]) buffer.destroy();
  }
}
