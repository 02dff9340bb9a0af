import type { CompileOptions, Elements, Executor, ExecutorOptions, GoodStates } from '../graph/engine.js';
import type { Scalars, Step } from '../graph/step.js';
import type { Tensor } from '../ops/tensor.js';
import { Layout } from '../plan/layout.js';
import { type DeviceTraits, type Kernel, type PlanOptions, type Preferences, plan } from '../plan/plan.js';
import type { Between, GpuBufferRun, GpuForward } from './buffer-run.js';
import { CommandQueue } from './command-queue.js';
import type { Debugging, RunObserver } from './debugging.js';
import type { Device } from './device.js';
import { GpuProgram, type ProgramHost } from './gpu-program.js';
import { Keeper } from './keeper.js';
import { Memory, makeBuffers } from './memory.js';
import { unpadEach } from './padding.js';
import type { CompileLater, Pipeline, PipelineCache } from './pipeline-cache.js';
import { blockBytes, rearrangeBlocks, StateCopies } from './state-copies.js';

/** The parts of an engine that an executor needs. */
export type ExecutorEngine = Device & {
  readonly pipelines: PipelineCache;
  readonly traits: DeviceTraits;
  readonly kernels: readonly Kernel[];
  readonly preferences: Preferences;
  readonly debugging: Debugging | undefined;
};

/** Options of `createExecutor` on a GPU. */
export interface GpuExecutorOptions extends ExecutorOptions {
  /** The kernels to plan with. Default: the engine's when the executor was made. */
  kernels?: readonly Kernel[] | undefined;
}

/** Options of compiling a program on a GPU. */
export interface GpuCompileOptions extends CompileOptions {
  /** Tensors to store beside those that the step needs. */
  taps?: readonly Tensor[] | undefined;
  /** Variants of kernels at single shapes. Default: the engine's preferences when the executor was made. */
  preferences?: Preferences | undefined;
}

/** The most steps of one run when every dispatch is checked. */
const CHECKED_STEPS = 8;

/** The memory of one model on a device, and the programs that work on it. */
export class GpuExecutor implements Executor, ProgramHost {
  readonly engine: ExecutorEngine;
  readonly commands: CommandQueue;
  readonly pipelines: PipelineCache;
  readonly memory: Memory;
  readonly keeper: Keeper;
  readonly slots: number;
  readonly #options: GpuExecutorOptions;
  readonly #kernels: readonly Kernel[];
  readonly #debugging: Debugging | undefined;
  readonly #preferences: Preferences;
  readonly #programs = new Set<GpuProgram>();
  readonly #snapshots: StateCopies[] = [];
  readonly #runs: GpuBufferRun[] = [];
  /** Kernels whose compilation was asked for, and those that are compiled, as `progress` is told. */
  #asked = 0;
  #compiled = 0;
  #start = () => {};
  /** Resolves once a step of training is started. */
  readonly #started = new Promise<void>((resolve) => {
    this.#start = resolve;
  });
  /** Resolves once the pipelines that the first step does not need are compiled. */
  #later: Promise<unknown> = Promise.resolve();
  #disposed = false;

  constructor(engine: ExecutorEngine, options: GpuExecutorOptions) {
    const { members = 1, guards = 0, slots = 256, debug = true, kernels = engine.kernels } = options;
    this.#kernels = kernels;
    this.#debugging = debug ? engine.debugging : undefined;
    const isChecked = (this.#debugging?.level ?? 0) >= 4; // every dispatch is compared with the reference
    // A checked step holds its copies until they have been compared.
    this.slots = isChecked ? Math.min(slots, CHECKED_STEPS) : slots;
    this.engine = engine;
    this.#preferences = engine.preferences;
    this.#options = options;
    this.pipelines = engine.pipelines;
    this.commands = new CommandQueue(engine);
    const layout = new Layout({ guards, ringSlots: this.slots });
    this.memory = new Memory(this.commands, { layout, capacity: members, remembers: isChecked });
    this.keeper = new Keeper(this.commands, this.memory);
    engine.own(this);
  }

  get capacity(): number {
    return this.memory.capacity;
  }

  get members(): number {
    return this.memory.members;
  }

  get layout(): Layout {
    return this.memory.layout;
  }

  /** Bytes of all the model's buffers on the device, except staging buffers while they are read. */
  get bytes(): number {
    const parts = [this.memory, this.keeper, ...this.#programs, ...this.#snapshots, ...this.#runs];
    return parts.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Plans a step, compiles its shaders in parallel, and makes its buffers and bind groups. */
  async compile(step: Step, scalars: Scalars, options: GpuCompileOptions = {}): Promise<GpuProgram> {
    this.commands.check();
    const planned = plan(step, this.layout, this.planOptions(options));
    try {
      const program = await GpuProgram.create(this, { plan: planned, step, scalars }, options);
      this.#programs.add(program);
      this.#debugging?.describe(planned, this.members);
      this.commands.check();
      return program;
    } finally {
      if (this.#disposed) this.#free(); // the buffers made since
    }
  }

  async onBuffers(forward: Promise<GpuForward>, between: Between): Promise<GpuBufferRun> {
    const { GpuBufferRun } = await import('./buffer-run.js');
    const run = await GpuBufferRun.create(this, forward, between);
    this.#runs.push(run);
    return run;
  }

  /** Returns the options with which steps are planned for this device. */
  planOptions(options: GpuCompileOptions): PlanOptions {
    const { ride = true, variant } = this.#options;
    const maxStorageBuffers = this.engine.device.limits.maxStorageBuffersPerShaderStage;
    return {
      kernels: this.#kernels,
      ride,
      variant,
      preferences: this.#preferences,
      device: this.engine.traits,
      maxStorageBuffers,
      ...options,
    };
  }

  write(leaf: Tensor, data: Elements, member = 0): void {
    this.commands.check();
    this.memory.write(leaf, data, member);
  }

  async read(states: readonly Tensor[], member = 0): Promise<Float32Array[]> {
    this.commands.check();
    const regions = states.map((state) => this.memory.regionOf(state, member));
    return unpadEach(await this.commands.readBack(regions), states);
  }

  compiled(pipelines: readonly Promise<Pipeline>[]): Promise<readonly Pipeline[]> {
    const { progress } = this.#options;
    if (progress === undefined) return Promise.all(pipelines);
    const tell = () => progress({ compiled: this.#compiled, all: this.#asked });
    this.#asked += pipelines.length;
    tell();
    return Promise.all(
      pipelines.map(async (pipeline) => {
        const made = await pipeline;
        this.#compiled++;
        tell();
        return made;
      }),
    );
  }

  readonly compileLater: CompileLater = (label, wgsl, kinds) => {
    const later = this.pipelines.later(label, wgsl, kinds, this.#started);
    this.#later = Promise.all([this.#later, later.ready]);
    return later;
  };

  start(): void {
    this.#start();
  }

  async allCompiled(): Promise<void> {
    this.#start();
    await this.#later;
  }

  observer(): RunObserver | undefined {
    return this.#debugging?.observe(this.engine, this.memory);
  }

  keep(steps: number): void {
    this.keeper.keep(steps);
  }

  restore(): void {
    this.keeper.restore();
  }

  get good(): GoodStates {
    return this.keeper.good;
  }

  async rearrange(from: readonly number[]): Promise<void> {
    const { commands, memory } = this;
    commands.check();
    const { states } = memory;
    const wanted = states.map((storage) => ({ name: 'scratch', size: from.length * blockBytes(storage) }));
    const made = await makeBuffers(commands, wanted);
    const scratch = new Map(states.map((storage, i) => [storage, made[i]]));
    try {
      commands.check();
      const encoder = commands.device.createCommandEncoder({ label: 'wgrad rearrange' });
      for (const storage of states) rearrangeBlocks(encoder, storage, memory.buffer(storage), from, scratch);
      for (const snapshot of this.#snapshots) snapshot.rearrange(encoder, from, scratch);
      const accepted = commands.submit(encoder);
      memory.members = from.length;
      await accepted;
    } finally {
      for (const buffer of made) buffer.destroy();
    }
  }

  async snapshot(): Promise<StateCopies> {
    this.commands.check();
    const snapshot = new StateCopies(this.commands, this.memory, 'snapshot');
    try {
      await snapshot.allocate();
      this.commands.check();
      this.#snapshots.push(snapshot);
      return snapshot;
    } catch (error) {
      snapshot.dispose();
      throw error;
    }
  }

  release(leaf: Tensor): void {
    this.memory.release(leaf);
  }

  /** Forgets a program that was disposed of. */
  forget(program: GpuProgram): void {
    this.#programs.delete(program);
  }

  settle(): Promise<void> {
    return this.commands.settle();
  }

  dispose(): void {
    this.#disposed = true;
    this.engine.disown(this);
    this.#free();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #free(): void {
    for (const program of this.#programs) program.dispose();
    this.keeper.dispose();
    for (const part of [...this.#snapshots, ...this.#runs]) part.dispose();
    this.commands.dispose();
    this.memory.dispose();
  }
}
