import type { MetricRow, Program, StepContexts } from '../graph/executor.js';
import type { Scalars, Step } from '../graph/step.js';
import type { Tensor } from '../ops/tensor.js';
import type { Dispatch, Plan } from '../plan/plan.js';
import { nameOf } from '../plan/ride.js';
import { checkGrids } from './check-grids.js';
import type { GpuExecutor } from './gpu-executor.js';
import { unpad } from './memory.js';
import { MetricRing, wrap } from './metric-ring.js';
import type { Pipeline } from './pipeline-cache.js';
import type { Region } from './readback.js';
import { encodeObserved } from './run-observer.js';
import { StepTable } from './step-table.js';
import { USAGE } from './usage.js';

/** Dispatches wait for nothing but each other: what a step replays. */
interface Recorded {
  readonly pipeline: GPUComputePipeline;
  readonly bindings: GPUBindGroup;
  readonly grid: readonly [x: number, y: number];
  /** Whether it runs once for each member; otherwise what it writes is shared by all. */
  readonly perMember: boolean;
}

const UNIFORM_ALIGNMENT = 256;
/** A plan bound to a device: recorded once, replayed for every step, nothing made after `create`. */
export class GpuProgram implements Program {
  readonly plan: Plan;
  readonly step: Step;
  readonly dispatches: number;
  readonly slots: number;
  readonly scalars: Scalars;
  readonly #executor: GpuExecutor;
  readonly #table: StepTable;
  readonly #tableBuffer: GPUBuffer;
  readonly #tableBindings: GPUBindGroup;
  readonly #tableData: ArrayBuffer;
  readonly #uniforms: GPUBuffer;
  readonly #recorded: readonly Recorded[];
  readonly #metrics: MetricRing;
  #keep: ((pass: GPUComputePassEncoder, first: number, count: number) => void) | undefined;
  #steps = 0;
  /** Of the buffers that it alone uses; 0 when they are freed. */
  bytes: number;

  /** Compiles the plan's shaders and makes its buffers and bind groups. */
  static async create(
    executor: GpuExecutor,
    plan: Plan,
    step: Step,
    scalars: Scalars,
    keeps = true,
  ): Promise<GpuProgram> {
    const { engine } = executor;
    checkGrids(plan, executor);
    const pipelines = await engine.orLost(
      Promise.all(
        plan.dispatches.map(({ title, wgsl, bindings }) =>
          engine.pipelines.get(title, wgsl, bindings.map(({ write }) => (write ? 'w' : 'r')).join('')),
        ),
      ),
    );
    await executor.memory.allocate();
    executor.check();
    const program = new GpuProgram(executor, plan, step, scalars, pipelines);
    try {
      if (keeps && plan.watched.length) program.#keep = await executor.keeper.prepare(program.#metrics.window);
      return program;
    } catch (error) {
      program.dispose();
      throw error;
    }
  }

  private constructor(executor: GpuExecutor, plan: Plan, step: Step, scalars: Scalars, pipelines: readonly Pipeline[]) {
    const { device } = executor.engine;
    this.#executor = executor;
    this.plan = plan;
    this.step = step;
    this.scalars = scalars;
    this.dispatches = plan.dispatches.length;
    this.slots = executor.slots;
    this.#table = new StepTable(plan, scalars, executor.capacity);
    this.#tableData = new ArrayBuffer(this.#table.rowBytes * this.slots);
    this.#tableBuffer = device.createBuffer({
      label: 'wgrad step table',
      size: this.#tableData.byteLength,
      usage: USAGE.storage | USAGE.copyDestination,
    });
    this.#tableBindings = device.createBindGroup({
      layout: executor.engine.pipelines.tableLayout,
      entries: [{ binding: 0, resource: { buffer: this.#tableBuffer, size: this.#table.boundBytes } }],
    });
    this.#metrics = new MetricRing(executor, plan, step);
    const slices = plan.dispatches.map(
      ({ fields }) => Math.ceil((fields.length * 4) / UNIFORM_ALIGNMENT) * UNIFORM_ALIGNMENT,
    );
    this.#uniforms = device.createBuffer({
      label: 'wgrad dims',
      size: slices.reduce((sum, size) => sum + size, 0) || UNIFORM_ALIGNMENT,
      usage: USAGE.uniform | USAGE.copyDestination,
    });
    this.bytes = this.#tableBuffer.size + this.#uniforms.size + this.#metrics.flags.size;
    let offset = 0;
    this.#recorded = plan.dispatches.map((dispatch, i) => {
      const recorded = this.#record(dispatch, pipelines[i], offset);
      offset += slices[i];
      return recorded;
    });
  }

  #record({ fields, bindings, grid }: Dispatch, { pipeline, layout }: Pipeline, offset: number): Recorded {
    const { engine, memory, capacity } = this.#executor;
    const words = Uint32Array.from(fields, ({ value }) => value(capacity));
    engine.device.queue.writeBuffer(this.#uniforms, offset, words);
    const uniform = {
      binding: 0,
      resource: { buffer: this.#uniforms, offset, size: Math.ceil(words.byteLength / 16) * 16 },
    };
    const storages = bindings.map(({ storage }, i): GPUBindGroupEntry => {
      const buffer = storage === 'flags' ? this.#metrics.flags : memory.buffer(storage);
      return { binding: i + 1, resource: { buffer } };
    });
    const perMember = bindings.some(({ write, storage }) => write && (storage === 'flags' || storage.perMember));
    const group = engine.device.createBindGroup({ layout, entries: [uniform, ...storages] });
    return { pipeline, grid, perMember, bindings: group };
  }

  run(steps: readonly StepContexts[], before?: GpuProgram): void {
    this.#executor.check();
    const encoder = this.#executor.engine.device.createCommandEncoder({ label: 'wgrad steps' });
    const observer = this.#executor.observer();
    if (observer) encodeObserved(encoder, before ? [before, this] : [this], steps, observer);
    else this.encode(encoder, steps, before);
    observer?.finish(encoder);
    const submitted = this.#executor.submit(encoder);
    submitted.catch(() => {}); // what went wrong is kept for settle()
    if (observer) this.#executor.expect(observer.look(submitted));
  }

  /** Records steps into an encoder; their words are written now, so encoders must be submitted in this order. */
  encode(encoder: GPUCommandEncoder, steps: readonly StepContexts[], before?: GpuProgram): void {
    const first = this.prepare(steps);
    const firstBefore = before ? before.prepare(steps) : 0;
    const pass = encoder.beginComputePass({ label: 'wgrad steps' });
    for (let i = 0; i < steps.length; i++) {
      if (before) before.replay(pass, (firstBefore + i) % before.slots);
      this.replay(pass, (first + i) % this.slots);
    }
    pass.end();
  }

  /** Records the dispatches from `from` up to `to` of the step in row `row` of the table. */
  replay(pass: GPUComputePassEncoder, row: number, from = 0, to = this.#recorded.length): void {
    pass.setBindGroup(0, this.#tableBindings, [row * this.#table.rowBytes]);
    for (let i = from; i < to; i++) {
      const { pipeline, bindings, grid, perMember } = this.#recorded[i];
      pass.setPipeline(pipeline);
      pass.setBindGroup(1, bindings);
      pass.dispatchWorkgroups(grid[0], grid[1], perMember ? this.#executor.members : 1);
    }
  }

  /** Writes the steps' rows of the table, and clears their rows of the ring and of the flags; returns the first row. */
  prepare(steps: readonly StepContexts[]): number {
    if (steps.length > this.slots)
      throw new RangeError(`run: ${steps.length} steps at once, the step table has ${this.slots} rows`);
    const { queue } = this.#executor.engine.device;
    const first = this.#steps % this.slots;
    steps.forEach((contexts, i) => {
      const row = (first + i) % this.slots;
      this.#table.fill(this.#tableData, row, row, contexts);
    });
    this.#steps += steps.length;
    for (const { state } of this.step.updates) this.#executor.changed(state);
    const bytes = this.#table.rowBytes;
    for (const [from, count] of wrap(first, steps.length, this.slots)) {
      queue.writeBuffer(this.#tableBuffer, from * bytes, this.#tableData, from * bytes, count * bytes);
      this.#metrics.clear(from, count);
    }
    return first;
  }

  metrics(count: number): Promise<MetricRow[][]> {
    return this.#metrics.read(this.#steps, count);
  }

  get members(): number {
    return this.#executor.members;
  }

  /** The rows of a tensor that this program reads or stores at the step in row `row` of the table. */
  regionOf(tensor: Tensor, member: number, row: number): Region {
    const view = this.plan.view(tensor);
    if (!view) throw new Error(`program: ${nameOf(tensor)} lies nowhere`);
    const slot = view.storage.slots > 1 ? row : 0;
    return this.#executor.memory.region(view, tensor.rows, member, slot);
  }

  keep(count: number): void {
    this.#executor.check();
    const encoder = this.#executor.engine.device.createCommandEncoder({ label: 'wgrad keep' });
    const pass = encoder.beginComputePass({ label: 'wgrad keep' });
    pass.setBindGroup(0, this.#tableBindings, [0]);
    this.#keep?.(pass, (this.#steps - count) % this.slots, count);
    pass.end();
    this.#executor.submit(encoder).catch(() => {}); // what went wrong is kept for settle()
  }

  async collect(steps: readonly StepContexts[], output: Tensor, before?: GpuProgram): Promise<Float32Array[][]> {
    const { engine, members, memory } = this.#executor;
    this.#executor.check();
    const view = this.plan.view(output);
    if (!view) throw new Error('collect: the output lies nowhere');
    const { size } = memory.region(view, output.rows, 0);
    const total = Math.max(steps.length * members * size, 4);
    const usage = USAGE.copySource | USAGE.copyDestination;
    const gathered = engine.device.createBuffer({ label: 'wgrad collected', size: total, usage });
    try {
      const encoder = engine.device.createCommandEncoder({ label: 'wgrad collect' });
      const observer = this.#executor.observer();
      const programs = before ? [before, this] : [this];
      steps.forEach((contexts, i) => {
        if (observer) encodeObserved(encoder, programs, [contexts], observer);
        else this.encode(encoder, [contexts], before);
        for (let member = 0; member < members; member++) {
          const from = memory.region(view, output.rows, member);
          encoder.copyBufferToBuffer(from.buffer, from.offset, gathered, (i * members + member) * size, size);
        }
      });
      observer?.finish(encoder);
      const submitted = this.#executor.submit(encoder);
      submitted.catch(() => {}); // awaited with the copy
      if (observer) this.#executor.expect(observer.look(submitted));
      const regions = [{ buffer: gathered, offset: 0, size: total }];
      const bytes = await this.#executor.readback.read(regions, (copy) =>
        Promise.all([submitted, this.#executor.submit(copy)]).then(() => {}),
      );
      return steps.map((_, i) =>
        Array.from({ length: members }, (_, member) =>
          unpad(new Float32Array(bytes, (i * members + member) * size, size / 4), output.rows, output.cols),
        ),
      );
    } finally {
      gathered.destroy();
    }
  }

  dispose(): void {
    this.bytes = 0;
    this.#tableBuffer.destroy();
    this.#uniforms.destroy();
    this.#metrics.dispose();
  }
}
