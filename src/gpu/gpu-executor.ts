import { EngineError } from '../errors/engine-error.js';
import type { ExecutorOptions } from '../graph/engine.js';
import type { CompileOptions, Executor } from '../graph/executor.js';
import type { Scalars, Step } from '../graph/step.js';
import { leafName } from '../ops/leaves.js';
import type { Tensor } from '../ops/tensor.js';
import { Layout } from '../plan/layout.js';
import { type PlanOptions, plan } from '../plan/plan.js';
import type { GpuEngine } from './engine.js';
import { GpuProgram } from './gpu-program.js';
import { Keeper } from './keeper.js';
import { type Elements, Memory, unpad } from './memory.js';
import { Readback, type Region } from './readback.js';

/** How a program is made on a GPU. */
export interface GpuCompileOptions extends CompileOptions {
  /** Tensors to store beside what the step needs. */
  taps?: readonly Tensor[];
}

/** The memory of one model on a device, and the programs that work on it. */
export class GpuExecutor implements Executor {
  readonly engine: GpuEngine;
  readonly members: number;
  readonly layout: Layout;
  readonly memory: Memory;
  readonly readback: Readback;
  readonly keeper: Keeper;
  readonly slots: number;
  readonly #options: ExecutorOptions;
  readonly #programs: GpuProgram[] = [];
  #pending: Promise<void>[] = [];
  #failure: EngineError | undefined;

  constructor(engine: GpuEngine, options: ExecutorOptions) {
    const { members = 1, guards = 0, ownInputs = [], slots = 256 } = options;
    this.engine = engine;
    this.members = members;
    this.slots = slots;
    this.#options = options;
    this.layout = new Layout({ guards, ownInputs, ringSlots: slots });
    this.memory = new Memory(engine, this.layout, members);
    this.readback = new Readback(engine);
    this.keeper = new Keeper(this);
  }

  /** Plans a step, compiles its shaders in parallel, makes its buffers and bind groups. */
  async compile(step: Step, scalars: Scalars, options: GpuCompileOptions = {}): Promise<GpuProgram> {
    this.engine.check();
    const { ride = true, variant = this.engine.info.software ? 'direct' : 'tiled' } = this.#options;
    const planOptions: PlanOptions = {
      ride,
      variant: () => variant,
      maxStorageBuffers: this.engine.device.limits.maxStorageBuffersPerShaderStage,
      ...options,
    };
    const planned = plan(step, this.layout, planOptions);
    const program = await GpuProgram.create(this, planned, step, scalars);
    this.#programs.push(program);
    return program;
  }

  write(leaf: Tensor, data: Elements, member = 0): void {
    this.engine.check();
    const view = this.layout.find(leaf);
    if (!view) throw new Error(`memory: ${leafName(leaf)} is not part of any compiled step`);
    this.memory.write(view, leaf.cols, data, member);
  }

  async read(states: readonly Tensor[], member = 0): Promise<Float32Array[]> {
    await this.settle();
    const regions = states.map((state) => this.regionOf(state, member));
    const bytes = await this.readback.read(regions, (encoder) => this.submit(encoder));
    let at = 0;
    return regions.map(({ size }, i) => {
      const padded = new Float32Array(bytes, at, size / 4);
      at += size;
      return unpad(padded, states[i].rows, states[i].cols);
    });
  }

  /** The padded rows of a tensor in memory. */
  regionOf(tensor: Tensor, member: number): Region {
    const view = this.layout.find(tensor);
    if (!view) throw new Error(`memory: ${leafName(tensor)} lies nowhere`);
    return this.memory.region(view, tensor.rows, member);
  }

  keep(): void {
    this.keeper.keep();
  }

  restore(): void {
    this.keeper.restore();
  }

  release(leaf: Tensor): void {
    const storage = this.layout.forget(leaf);
    if (storage) this.memory.release(storage);
  }

  /** Records copying `rows` tight rows of a caller's buffer into an input. @throws RangeError if it is too small. */
  copyIn(encoder: GPUCommandEncoder, leaf: Tensor, source: GPUBuffer, rows: number): void {
    const view = this.layout.find(leaf);
    if (!view) throw new Error(`memory: ${leafName(leaf)} is not part of any compiled step`);
    const { buffer, offset, size } = this.memory.region(view, rows, 0);
    const tight = leaf.cols * 4;
    if (source.size < rows * tight) {
      throw new RangeError(`memory: ${leafName(leaf)} needs ${rows * tight} bytes (${rows} rows), the buffer has ${source.size}`);
    }
    if (size === rows * tight) {
      encoder.copyBufferToBuffer(source, 0, buffer, offset, size);
      return;
    }
    const padded = size / rows;
    for (let row = 0; row < rows; row++) {
      encoder.copyBufferToBuffer(source, row * tight, buffer, offset + row * padded, tight);
    }
  }

  /**
   * Submits an encoder. Resolves when WebGPU has accepted or refused the commands; a refusal also fails every later
   * `settle()`, so that it cannot be overlooked.
   */
  submit(encoder: GPUCommandEncoder): Promise<void> {
    const { device } = this.engine;
    device.pushErrorScope('validation');
    device.pushErrorScope('out-of-memory');
    device.queue.submit([encoder.finish()]);
    const scopes = [device.popErrorScope(), device.popErrorScope()];
    const pending = Promise.all(scopes).then((errors) => {
      const error = errors.find((each) => each !== null);
      if (!error) return;
      const kind = errors[0] ? 'memory' : 'validation';
      this.#failure ??= new EngineError(kind, `submit: WebGPU refuses it: ${error.message}`, { cause: error });
    });
    this.#pending.push(pending);
    return pending.then(() => this.#check());
  }

  async settle(): Promise<void> {
    const pending = this.#pending;
    this.#pending = [];
    await this.engine.orLost(Promise.all(pending));
    this.#check();
  }

  #check(): void {
    this.engine.check();
    if (this.#failure) throw this.#failure;
  }

  dispose(): void {
    for (const program of this.#programs) program.dispose();
    this.keeper.dispose();
    this.readback.dispose();
    this.memory.dispose();
  }
}
