import { EngineError } from '../errors/engine-error.js';
import type { ExecutorOptions } from '../graph/engine.js';
import type { CompileOptions, Executor } from '../graph/executor.js';
import type { Scalars, Step } from '../graph/step.js';
import { leafName } from '../ops/leaves.js';
import type { Tensor, Values } from '../ops/tensor.js';
import { Layout } from '../plan/layout.js';
import { type PlanOptions, plan } from '../plan/plan.js';
import type { Preferences } from '../plan/preferences.js';
import type { Debugging } from './debug.js';
import type { GpuEngine } from './engine.js';
import { GpuProgram } from './gpu-program.js';
import { Keeper } from './keeper.js';
import { type Elements, Memory, makeBuffers, unpad } from './memory.js';
import { Readback, type Region } from './readback.js';
import type { RunObserver } from './run-observer.js';
import { blockBytes, rearrangeBlocks, StateCopies } from './state-copies.js';

/** How a program is made on a GPU. */
export interface GpuCompileOptions extends CompileOptions {
  /** Tensors to store beside what the step needs. */
  taps?: readonly Tensor[];
  /** Whether a watching program can `keep` the last good state, which takes memory. Default true. */
  keeps?: boolean;
  /** Variants of kernels at single shapes. Default: what the engine preferred when the executor was made. */
  preferences?: Preferences;
}

/** Steps that run at once where every dispatch is checked. */
const CHECKED_STEPS = 8;

/** The memory of one model on a device, and the programs that work on it. */
export class GpuExecutor implements Executor {
  readonly engine: GpuEngine;
  readonly capacity: number;
  readonly layout: Layout;
  readonly memory: Memory;
  readonly readback: Readback;
  readonly keeper: Keeper;
  readonly slots: number;
  readonly #options: ExecutorOptions;
  readonly #debugging: Debugging | undefined;
  readonly #preferences: Preferences;
  readonly #programs: GpuProgram[] = [];
  readonly #snapshots: StateCopies[] = [];
  #members: number;
  /** What the host has written into inputs and nothing has changed since; only kept where dispatches are checked. */
  readonly #written = new Map<Tensor, Values>();
  /** Everything that was submitted is accepted. */
  #accepted: Promise<unknown> = Promise.resolve();
  /** What looks at runs, one after another. */
  #expected: Promise<void> = Promise.resolve();
  #failure: EngineError | undefined;
  #disposed = false;

  constructor(engine: GpuEngine, options: ExecutorOptions) {
    const { members = 1, guards = 0, slots: wanted = 256, debug = true } = options;
    this.#debugging = debug ? engine.debugging : undefined;
    // What a checked step has copied is held until it has been looked at.
    const slots = this.#isChecked ? Math.min(wanted, CHECKED_STEPS) : wanted;
    this.engine = engine;
    this.#preferences = engine.preferences;
    this.capacity = members;
    this.#members = members;
    this.slots = slots;
    this.#options = options;
    this.layout = new Layout({ guards, ringSlots: slots });
    this.memory = new Memory(engine, this.layout, members);
    this.readback = new Readback(engine);
    this.keeper = new Keeper(this);
  }

  get members(): number {
    return this.#members;
  }

  /** Bytes of everything that was made for the model on the device, but for staging while it is read. */
  get bytes(): number {
    const parts = [this.memory, this.keeper, ...this.#programs, ...this.#snapshots];
    return parts.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Plans a step, compiles its shaders in parallel, makes its buffers and bind groups. */
  async compile(step: Step, scalars: Scalars, options: GpuCompileOptions = {}): Promise<GpuProgram> {
    this.check();
    const planned = plan(step, this.layout, this.planOptions(options));
    try {
      const program = await GpuProgram.create(this, planned, step, scalars, options.keeps);
      this.#programs.push(program);
      this.#debugging?.describe(program);
      this.check();
      return program;
    } finally {
      if (this.#disposed) this.#free(); // what was made since
    }
  }

  /** How steps are planned for this device. */
  planOptions(options: GpuCompileOptions): PlanOptions {
    const { ride = true, variant } = this.#options;
    const maxStorageBuffers = this.engine.device.limits.maxStorageBuffersPerShaderStage;
    const device = this.engine.traits;
    return { ride, variant, preferences: this.#preferences, device, maxStorageBuffers, ...options };
  }

  write(leaf: Tensor, data: Elements, member = 0): void {
    this.check();
    const view = this.layout.find(leaf);
    if (!view) throw new Error(`memory: ${leafName(leaf)} is not part of any compiled step`);
    const whole = wholeRows(leaf, data);
    this.memory.write(view, leaf.cols, whole, member);
    if (this.#isChecked && view.storage.kind === 'input' && !view.storage.perMember) {
      this.#written.set(leaf, { rows: leaf.rows, cols: leaf.cols, data: whole.slice() });
    }
  }

  /** The values of an input if the host itself has written them last, at a level of debugging that checks dispatches. */
  written(leaf: Tensor): Values | undefined {
    return this.#written.get(leaf);
  }

  /** Notes that a program will change what the host has written. */
  changed(leaf: Tensor): void {
    this.#written.delete(leaf);
  }

  /** What looks at the next run, if the engine's debugging asks for it. */
  observer(): RunObserver | undefined {
    return this.#debugging?.observe(this);
  }

  /** Every dispatch is compared with the reference. */
  get #isChecked(): boolean {
    return (this.#debugging?.level ?? 0) >= 4;
  }

  /** Makes `settle` wait for something, and fail if it fails. */
  expect(something: Promise<void>): void {
    something.catch(() => {}); // awaited after what was expected before it, so that the first failure is told
    const before = this.#expected;
    const noted = before
      .then(() => this.engine.orLost(something))
      .catch((error: unknown) => {
        if (error instanceof EngineError) this.#failure ??= error;
        throw error;
      });
    this.#expected = noted.catch(() => {});
    this.#accepted = Promise.all([this.#accepted, noted]).then(() => {});
    this.#accepted.catch(() => {}); // settle() tells
  }

  async read(states: readonly Tensor[], member = 0): Promise<Float32Array[]> {
    this.check();
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
    this.keeper.kept.save(upTo(this.#members));
  }

  restore(): void {
    this.keeper.kept.restore(upTo(this.#members));
  }

  async rearrange(from: readonly number[]): Promise<void> {
    this.check();
    const states = this.layout.storages.filter(({ kind }) => kind === 'state');
    const wanted = states.map((storage) => ({ name: 'scratch', size: from.length * blockBytes(storage) }));
    const made = await makeBuffers(this.engine, wanted);
    const scratch = new Map(states.map((storage, i) => [storage, made[i]]));
    try {
      this.check();
      const encoder = this.engine.device.createCommandEncoder({ label: 'wgrad rearrange' });
      for (const storage of states) rearrangeBlocks(encoder, storage, this.memory.buffer(storage), from, scratch);
      for (const snapshot of this.#snapshots) snapshot.rearrange(encoder, from, scratch);
      const accepted = this.submit(encoder);
      this.#members = from.length;
      this.keep();
      await accepted;
    } finally {
      for (const buffer of made) buffer.destroy();
    }
  }

  async snapshot(): Promise<StateCopies> {
    this.check();
    const snapshot = new StateCopies(this, 'snapshot');
    try {
      await snapshot.allocate();
      this.check();
      this.#snapshots.push(snapshot);
      return snapshot;
    } catch (error) {
      snapshot.dispose();
      throw error;
    }
  }

  release(leaf: Tensor): void {
    this.#written.delete(leaf);
    const storage = this.layout.forget(leaf);
    if (storage) this.memory.release(storage);
  }

  /** Records copying `rows` tight rows of a caller's buffer into an input, whose other rows become 0. */
  copyIn(encoder: GPUCommandEncoder, leaf: Tensor, source: GPUBuffer, rows: number): void {
    const view = this.layout.find(leaf);
    if (!view) throw new Error(`memory: ${leafName(leaf)} is not part of any compiled step`);
    this.#written.delete(leaf);
    const { buffer, offset, size } = this.memory.region(view, rows, 0);
    const tight = leaf.cols * 4;
    const rest = ((leaf.rows - rows) * size) / rows;
    if (rest > 0) encoder.clearBuffer(buffer, offset + size, rest);
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
    const accepted = this.engine.orLost(Promise.all(scopes)).then((errors) => {
      const error = errors.find((each) => each !== null);
      const kind = errors[0] ? 'memory' : 'validation';
      if (error)
        this.#failure ??= new EngineError(kind, `submit: WebGPU refuses it: ${error.message}`, { cause: error });
      this.check();
    });
    this.#accepted = Promise.all([this.#accepted, accepted]).then(() => {}); // not a list of all that ever was
    this.#accepted.catch(() => {}); // settle() tells
    return accepted;
  }

  async settle(): Promise<void> {
    await this.#accepted;
    this.check();
  }

  /** @throws EngineError if the engine is lost, a submit was refused, or the memory was given back. */
  check(): void {
    if (this.#disposed) throw new EngineError('disposed', 'trainer: it was disposed; create a new one');
    this.engine.check();
    if (this.#failure) throw this.#failure;
  }

  dispose(): void {
    this.#disposed = true;
    this.#free();
  }

  #free(): void {
    for (const program of this.#programs) program.dispose();
    this.keeper.dispose();
    for (const snapshot of this.#snapshots) snapshot.dispose();
    this.readback.dispose();
    this.memory.dispose();
  }
}

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

/** The data of an input, filled up with zeros where only its first rows are given: a row left over may hold a NaN. */
function wholeRows({ rows, cols }: Tensor, data: Elements): Elements {
  const size = rows * cols;
  if (data.length === size) return data;
  const whole = data instanceof Float32Array ? new Float32Array(size) : new Uint32Array(size);
  whole.set(data);
  return whole;
}
