import { EngineError } from '../errors/engine-error.js';
import type { CompileOptions, InputBuffers, MetricRow, Program, StepContexts } from '../graph/engine.js';
import type { Scalars, Step } from '../graph/step.js';
import type { Tensor } from '../ops/tensor.js';
import type { Dispatch, Plan } from '../plan/plan.js';
import { nameOf } from '../plan/ride.js';
import { TABLE_HEADER } from '../plan/shader-writer.js';
import { collect } from './collect.js';
import type { CommandQueue, Region } from './command-queue.js';
import type { ReplayedProgram, RunObserver } from './debugging.js';
import { USAGE } from './device.js';
import { endsWindow, type Keeper, type LossRing, type RecordKeeping } from './keeper.js';
import type { Memory } from './memory.js';
import { MetricRing, wrap } from './metric-ring.js';
import type { CompileLater, Pipeline, PipelineCache } from './pipeline-cache.js';
import { StepTable } from './step-table.js';

/** One dispatch as a step replays it. */
interface Recorded {
  readonly pipeline: Pipeline;
  readonly bindings: GPUBindGroup;
  readonly grid: readonly [x: number, y: number];
  /** True: it runs once for each member. False: it runs once, and all members share its results. */
  readonly perMember: boolean;
}

/** The parts of an executor that its programs share. */
export interface ProgramHost {
  readonly commands: CommandQueue;
  readonly pipelines: PipelineCache;
  readonly memory: Memory;
  readonly keeper: Keeper;
  /** Steps that a program's table and ring have room for. */
  readonly slots: number;
  /** Returns pipelines when all are compiled, and tells of each. */
  compiled(pipelines: readonly Promise<Pipeline>[]): Promise<readonly Pipeline[]>;
  /** Returns a pipeline that is compiled while the first step runs. */
  readonly compileLater: CompileLater;
  /** Tells that a step of training is started. */
  start(): void;
  /** Returns an observer of the next run, if the engine's debugging wants one. */
  observer(): RunObserver | undefined;
  /** Forgets a program that was disposed of. */
  forget(program: GpuProgram): void;
}

/** A planned step, from which a program is made. */
export interface ProgramSource {
  readonly plan: Plan;
  readonly step: Step;
  readonly scalars: Scalars;
}

const UNIFORM_ALIGNMENT = 256;

/** A plan bound to a device: recorded once, replayed for every step. A step allocates nothing. */
export class GpuProgram implements Program, ReplayedProgram {
  readonly plan: Plan;
  readonly step: Step;
  readonly dispatches: number;
  readonly slots: number;
  readonly scalars: Scalars;
  readonly #host: ProgramHost;
  readonly #table: StepTable;
  readonly #uniforms: GPUBuffer;
  readonly #recorded: readonly Recorded[];
  readonly #metrics: MetricRing;
  /** The losses by which windows are judged, and the commands that keep states; undefined if the program keeps none. */
  #keeping: { readonly ring: LossRing; readonly record: RecordKeeping } | undefined;
  #steps = 0;
  /** Bytes of the buffers that it alone uses. */
  readonly bytes: number;

  /** Compiles the plan's shaders and makes its buffers and bind groups. */
  static async create(
    host: ProgramHost,
    planned: ProgramSource,
    { keeps = false, later = false }: Pick<CompileOptions, 'keeps' | 'later'> = {},
  ): Promise<GpuProgram> {
    const { commands, memory } = host;
    const { dispatches, words } = planned.plan;
    checkGrids(planned.plan, commands.device, memory.capacity);
    const shaders = dispatches.map(({ title, wgsl, bindings }) => {
      return [title, wgsl, bindings.map(({ write }) => (write ? 'w' : 'r')).join('')] as const;
    });
    const compiled = later
      ? shaders.map((each) => host.compileLater(...each))
      : await host.compiled(shaders.map((each) => host.pipelines.get(...each)));
    await memory.allocate();
    commands.check();
    const program = new GpuProgram(host, planned, compiled, keeps);
    try {
      const ring = keeps && program.#metrics.losses(TABLE_HEADER + memory.capacity * words);
      if (ring) program.#keeping = { ring, record: await host.keeper.prepare(ring, host.compileLater) };
      return program;
    } catch (error) {
      program.dispose();
      throw error;
    }
  }

  private constructor(host: ProgramHost, source: ProgramSource, pipelines: readonly Pipeline[], keeps: boolean) {
    const { plan, step, scalars } = source;
    const { commands, memory } = host;
    this.#host = host;
    this.plan = plan;
    this.step = step;
    this.scalars = scalars;
    this.dispatches = plan.dispatches.length;
    this.slots = host.slots;
    const size = { rows: host.slots, members: memory.capacity, more: keeps ? 2 : 0 };
    this.#table = new StepTable(commands, host.pipelines, plan, scalars, size);
    this.#metrics = new MetricRing(commands, memory, host.slots, plan, step);
    const slices = plan.dispatches.map(
      ({ fields }) => Math.ceil((fields.length * 4) / UNIFORM_ALIGNMENT) * UNIFORM_ALIGNMENT,
    );
    this.#uniforms = commands.device.createBuffer({
      label: 'wgrad dims',
      size: slices.reduce((sum, size) => sum + size, 0) || UNIFORM_ALIGNMENT,
      usage: USAGE.uniform | USAGE.copyDestination,
    });
    this.bytes = this.#table.bytes + this.#uniforms.size + this.#metrics.flags.size;
    let offset = 0;
    this.#recorded = plan.dispatches.map((dispatch, i) => {
      const recorded = this.#record(dispatch, pipelines[i], offset);
      offset += slices[i];
      return recorded;
    });
  }

  #record({ fields, bindings, grid }: Dispatch, pipeline: Pipeline, offset: number): Recorded {
    const { commands, memory } = this.#host;
    const { device } = commands;
    const words = Uint32Array.from(fields, ({ value }) => value(memory.capacity));
    device.queue.writeBuffer(this.#uniforms, offset, words);
    const uniform = {
      binding: 0,
      resource: { buffer: this.#uniforms, offset, size: Math.ceil(words.byteLength / 16) * 16 },
    };
    const storages = bindings.map(({ storage }, i): GPUBindGroupEntry => {
      const buffer = storage === 'flags' ? this.#metrics.flags : memory.buffer(storage);
      return { binding: i + 1, resource: { buffer } };
    });
    const perMember = bindings.some(({ write, storage }) => write && (storage === 'flags' || storage.perMember));
    const group = device.createBindGroup({ layout: pipeline.layout, entries: [uniform, ...storages] });
    return { pipeline, grid, perMember, bindings: group };
  }

  run(steps: readonly StepContexts[], before?: GpuProgram): void {
    const { commands } = this.#host;
    commands.check();
    const encoder = commands.device.createCommandEncoder({ label: 'wgrad steps' });
    const observer = this.#host.observer();
    this.#encode(encoder, steps, observer, before);
    commands.submitObserved(encoder, observer);
  }

  #encode(
    encoder: GPUCommandEncoder,
    steps: readonly StepContexts[],
    observer: RunObserver | undefined,
    before?: GpuProgram,
  ): void {
    if (observer) observer.encode(encoder, before ? [before, this] : [this], steps);
    else this.encode(encoder, steps, before);
  }

  /** Records steps into an encoder. Writes their words at once, so encoders must be submitted in the order of recording. */
  encode(encoder: GPUCommandEncoder, steps: readonly StepContexts[], before?: GpuProgram): void {
    const first = this.prepare(steps);
    const firstBefore = before ? before.prepare(steps) : 0;
    const pass = encoder.beginComputePass({ label: 'wgrad steps' });
    for (let i = 0; i < steps.length; i++) {
      if (before) before.replay(pass, (firstBefore + i) % before.slots);
      const row = (first + i) % this.slots;
      this.replay(pass, row);
      if (this.keepsAfter(steps[i])) this.keep(pass, row);
    }
    pass.end();
  }

  encodeOnBuffers(contexts: StepContexts, { buffers, rows }: InputBuffers, encoder: GPUCommandEncoder): void {
    for (const [leaf, buffer] of buffers) this.#host.memory.copyIn(encoder, leaf, buffer, rows);
    this.encode(encoder, [contexts]);
  }

  runOnBuffers(contexts: StepContexts, inputs: InputBuffers): Promise<EngineError | undefined> {
    const { commands } = this.#host;
    const encoder = commands.device.createCommandEncoder({ label: 'wgrad batch' });
    this.encodeOnBuffers(contexts, inputs, encoder);
    return commands.offer(encoder);
  }

  takeBack(): void {
    this.#steps--;
    this.#host.keeper.uncount();
  }

  /** Records the dispatches from `from` up to `to` of the step in row `row` of the table. */
  replay(pass: GPUComputePassEncoder, row: number, from = 0, to = this.#recorded.length): void {
    const { members } = this;
    this.#table.bind(pass, row);
    for (let i = from; i < to; i++) {
      const { pipeline, bindings, grid, perMember } = this.#recorded[i];
      pass.setPipeline(pipeline.pipeline);
      pass.setBindGroup(1, bindings);
      pass.dispatchWorkgroups(grid[0], grid[1], perMember ? members : 1);
    }
  }

  /** Writes the steps' rows of the table and clears their rows of the ring and of the flags; returns the first row. */
  prepare(steps: readonly StepContexts[]): number {
    if (steps.length > this.slots)
      throw new RangeError(`run: ${steps.length} steps at once, the step table has ${this.slots} rows`);
    if (this.step.updates.length) this.#host.start();
    const first = this.#steps % this.slots;
    for (const [i, contexts] of steps.entries()) {
      const row = (first + i) % this.slots;
      this.#table.fill(row, contexts);
      const window = this.#keeping && this.#host.keeper.count(this.#keeping.ring, contexts);
      if (window) this.#table.fillWindow(row, window);
    }
    this.#steps += steps.length;
    for (const { state } of this.step.updates) this.#host.memory.noteChange(state);
    for (const [from, count] of wrap(first, steps.length, this.slots)) {
      this.#table.upload(from, count);
      this.#metrics.clear(from, count);
    }
    return first;
  }

  metrics(count: number): Promise<MetricRow[][]> {
    return this.#metrics.read(this.#steps, count, this.#keeping && this.#host.keeper);
  }

  get members(): number {
    return this.#host.memory.members;
  }

  /** The rows of a tensor that this program reads or stores at the step in row `row` of the table. */
  regionOf(tensor: Tensor, member: number, row: number): Region {
    const view = this.plan.view(tensor);
    if (!view) throw new Error(`program: ${nameOf(tensor)} lies nowhere`);
    return this.#host.memory.region(view, tensor.rows, member, view.storage.slots > 1 ? row : 0);
  }

  /** True if good states may be kept after a step. */
  keepsAfter(contexts: StepContexts): boolean {
    return this.#keeping !== undefined && endsWindow(this.#keeping.ring, contexts);
  }

  /** Records keeping the states after the step in row `row` of the table, if they are good. */
  keep(pass: GPUComputePassEncoder, row: number): void {
    this.#table.bind(pass, row);
    this.#keeping?.record(pass);
  }

  async collect(steps: readonly StepContexts[], output: Tensor, before?: GpuProgram): Promise<Float32Array[][]> {
    const { commands, memory } = this.#host;
    commands.check();
    const view = this.plan.view(output);
    if (!view) throw new Error('collect: the output lies nowhere');
    const observer = this.#host.observer();
    const encode = (encoder: GPUCommandEncoder, contexts: StepContexts) =>
      this.#encode(encoder, [contexts], observer, before);
    return collect(commands, memory, { steps, output, view, encode, observer });
  }

  dispose(): void {
    this.#host.forget(this);
    this.#table.dispose();
    this.#uniforms.destroy();
    this.#metrics.dispose();
  }
}

/** @throws EngineError of kind `limit` naming the dispatch that needs more workgroups than the device allows */
function checkGrids({ dispatches }: Plan, { limits }: GPUDevice, members: number): void {
  const most = limits.maxComputeWorkgroupsPerDimension;
  for (const { title, grid } of dispatches) {
    const needed = Math.max(...grid, members);
    if (needed <= most) continue;
    throw new EngineError(
      'limit',
      `${title}: it needs ${needed} workgroups in a row, this device allows ${most}; use a smaller batch`,
    );
  }
}
