import { EngineError } from '../errors/engine-error.js';
import type { BufferRun, StepContexts } from '../graph/engine.js';
import type { Tensor } from '../ops/tensor.js';
import { byName, shader } from '../plan/shaders.js';
import { USAGE } from './device.js';
import type { GpuProgram, ProgramHost } from './gpu-program.js';
import type { Pipeline } from './pipeline-cache.js';

/** Shaders between a caller's tight rows and the padded ones of the memory. Training does not load them. */
export const ROWS_SHADERS = byName(
  import.meta.glob<string>(['../../shaders/kernels/pad-rows.wgsl', '../../shaders/kernels/unpad-rows.wgsl'], {
    query: '?raw',
    eager: true,
    import: 'default',
  }),
);

const UNIFORM_BYTES = 16;
const LANES = 64;

/** The bind groups of a caller's buffer, one for each part of its rows. */
interface Bound {
  readonly rows: number;
  readonly groups: readonly GPUBindGroup[];
}

/** One way between a caller's buffers and the memory. */
interface Side {
  readonly tensor: Tensor;
  readonly pipeline: Pipeline;
  /** True: the caller's buffer is the second one, which is written. */
  readonly writes: boolean;
  readonly bound: WeakMap<GPUBuffer, Bound>;
}

/** The inputs of a run, and its words. */
export interface Between {
  readonly x: Tensor;
  readonly context: StepContexts;
}

/** A program, and the tensor that a run gives to its caller. */
export interface GpuForward {
  readonly program: GpuProgram;
  readonly output: Tensor;
}

/** A program that reads and writes rows of callers' buffers. For buffers it has seen, a run makes no object on the device. */
export class GpuBufferRun implements BufferRun {
  readonly #host: ProgramHost;
  readonly #program: GpuProgram;
  readonly #x: Side;
  readonly #out: Side;
  /** WebGPU's refusal of a caller's buffer, until it has been told. */
  #refusal: string | undefined;
  /** The uniforms of each part of the rows, for x and for out. */
  readonly #uniforms: (readonly [x: GPUBuffer, out: GPUBuffer])[] = [];

  /** Compiles the shaders between tight and padded rows, beside those of the program. */
  static async create(host: ProgramHost, forward: Promise<GpuForward>, { x, context }: Between): Promise<GpuBufferRun> {
    const compile = (name: string) => host.pipelines.get(name, shader(ROWS_SHADERS, name), 'rw');
    const [{ program, output }, pad, unpad] = await Promise.all([forward, compile('pad-rows'), compile('unpad-rows')]);
    host.commands.check();
    program.prepare([context]);
    return new GpuBufferRun(host, program, side(x, pad, false), side(output, unpad, true));
  }

  private constructor(host: ProgramHost, program: GpuProgram, x: Side, out: Side) {
    this.#host = host;
    this.#program = program;
    this.#x = x;
    this.#out = out;
  }

  get bytes(): number {
    return 2 * UNIFORM_BYTES * this.#uniforms.length;
  }

  check(where: string): void {
    const refusal = this.#refusal;
    this.#refusal = undefined;
    if (refusal !== undefined) throw new EngineError('validation', `${where}: ${refusal}`);
  }

  encode(encoder: GPUCommandEncoder, x: GPUBuffer, out: GPUBuffer, rows: number): void {
    const parts = Math.ceil(rows / this.#x.tensor.rows);
    for (let part = this.#uniforms.length; part < parts; part++) this.#uniforms.push(this.#makeUniforms(part));
    const [before, after] = [this.#groups(this.#x, x, rows, parts), this.#groups(this.#out, out, rows, parts)];
    const pass = encoder.beginComputePass({ label: 'wgrad forward' });
    for (let part = 0; part < parts; part++) {
      this.#program.replay(pass, 0, 0, 0); // binds the table alone
      dispatch(pass, this.#x, before[part]);
      this.#program.replay(pass, 0);
      dispatch(pass, this.#out, after[part]);
    }
    pass.end();
  }

  #makeUniforms(part: number): readonly [GPUBuffer, GPUBuffer] {
    const { device } = this.#host.commands;
    const make = (side: Side) => {
      const { rows, cols } = side.tensor;
      const base = this.#place(side).offset / 16;
      const usage = USAGE.uniform | USAGE.copyDestination;
      const buffer = device.createBuffer({ label: 'wgrad rows', size: UNIFORM_BYTES, usage });
      device.queue.writeBuffer(buffer, 0, Uint32Array.of(cols, rows, base, part * rows));
      return buffer;
    };
    return [make(this.#x), make(this.#out)];
  }

  #place({ tensor, writes }: Side) {
    return writes ? this.#program.regionOf(tensor, 0, 0) : this.#host.memory.regionOf(tensor, 0);
  }

  /** Returns the bind groups of a caller's buffer, one for each part of its first rows. */
  #groups(side: Side, buffer: GPUBuffer, rows: number, parts: number): readonly GPUBindGroup[] {
    const known = side.bound.get(buffer);
    if (known?.rows === rows) return known.groups;
    const { device } = this.#host.commands;
    const own = { buffer: this.#place(side).buffer };
    const tight = { buffer, size: rows * side.tensor.cols * 4 };
    const [read, written] = side.writes ? [own, tight] : [tight, own];
    device.pushErrorScope('validation');
    const groups = Array.from({ length: parts }, (_, part) =>
      device.createBindGroup({
        layout: side.pipeline.layout,
        entries: [
          { binding: 0, resource: { buffer: this.#uniforms[part][side.writes ? 1 : 0] } },
          { binding: 1, resource: read },
          { binding: 2, resource: written },
        ],
      }),
    );
    const told = device.popErrorScope().then((error) => {
      const what = side.writes ? 'out' : 'x';
      if (error) this.#refusal = `${what} of an earlier call was refused by WebGPU: ${error.message}`;
    });
    told.catch(() => {}); // the device is lost: the next call says so
    side.bound.set(buffer, { rows, groups });
    return groups;
  }

  dispose(): void {
    for (const buffer of this.#uniforms.flat()) buffer.destroy();
  }
}

function side(tensor: Tensor, pipeline: Pipeline, writes: boolean): Side {
  return { tensor, pipeline, writes, bound: new WeakMap() };
}

/** Records one dispatch: a lane for each value of the memory's rows, as far as one row of workgroups goes. */
function dispatch(pass: GPUComputePassEncoder, { pipeline, tensor, writes }: Side, group: GPUBindGroup): void {
  const values = tensor.rows * (writes ? tensor.cols : Math.ceil(tensor.cols / 4));
  pass.setPipeline(pipeline.pipeline);
  pass.setBindGroup(1, group);
  pass.dispatchWorkgroups(Math.min(Math.ceil(values / LANES), 65_535));
}
