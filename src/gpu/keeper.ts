import { blockElements, type Storage } from '../plan/layout.js';
import { KERNEL_SHADERS, shader } from '../plan/shaders.js';
import type { GpuExecutor } from './gpu-executor.js';
import { makeBuffers } from './memory.js';
import type { Pipeline } from './pipeline-cache.js';
import { USAGE } from './usage.js';

/** The slots of a program's ring whose flags decide what is kept. */
export interface FlagWindow {
  readonly flags: GPUBuffer;
  readonly words: number;
  readonly slots: number;
}

const UNIFORM_BYTES = 256;
const QUADS_A_WORKGROUP = 1024;

/** The last good state of every member: a copy of every state's storage on the GPU. */
export class Keeper {
  readonly #executor: GpuExecutor;
  readonly #kept = new Map<Storage, GPUBuffer>();
  readonly #uniforms: GPUBuffer[] = [];
  #allocated: Promise<void> = Promise.resolve();

  constructor(executor: GpuExecutor) {
    this.#executor = executor;
  }

  get #states(): readonly Storage[] {
    return this.#executor.layout.storages.filter(({ kind }) => kind === 'state');
  }

  /** Makes the copies' buffers, as far as they are missing. @throws EngineError of kind `memory` */
  #allocate(): Promise<void> {
    // One after another: programs that are compiled at the same time share the copies.
    this.#allocated = this.#allocated.catch(() => {}).then(() => this.#allocateMissing());
    return this.#allocated;
  }

  async #allocateMissing(): Promise<void> {
    const { memory, engine } = this.#executor;
    const missing = this.#states.filter((storage) => !this.#kept.has(storage));
    const wanted = missing.map((storage) => ({ name: `kept ${storage.name}`, size: memory.buffer(storage).size }));
    for (const [i, buffer] of (await makeBuffers(engine, wanted)).entries()) this.#kept.set(missing[i], buffer);
  }

  /** Copies every state as it is. */
  keep(): void {
    this.#copy((live, kept) => [live, kept]);
  }

  /** Puts every copy back. */
  restore(): void {
    this.#copy((live, kept) => [kept, live]);
  }

  #copy(direction: (live: GPUBuffer, kept: GPUBuffer) => [from: GPUBuffer, to: GPUBuffer]): void {
    const { memory, engine } = this.#executor;
    const encoder = engine.device.createCommandEncoder({ label: 'wgrad keep' });
    for (const [storage, kept] of this.#kept) {
      const [from, to] = direction(memory.buffer(storage), kept);
      encoder.copyBufferToBuffer(from, 0, to, 0, kept.size);
    }
    this.#executor.submit(encoder).catch(() => {}); // what went wrong is kept for settle()
  }

  /**
   * Prepares copying on the condition that a window of flags is clear; the function returned records that copy, for the
   * `count` steps from slot `first`.
   */
  async prepare(window: FlagWindow): Promise<(pass: GPUComputePassEncoder, first: number, count: number) => void> {
    const { engine, memory, members } = this.#executor;
    await this.#allocate();
    const pipeline = await engine.orLost(engine.pipelines.get('keep', shader(KERNEL_SHADERS, 'keep'), 'rrw'));
    const storages = [...this.#kept];
    const uniforms = engine.device.createBuffer({
      label: 'wgrad keep',
      size: Math.max(storages.length, 1) * UNIFORM_BYTES,
      usage: USAGE.uniform | USAGE.copyDestination,
    });
    this.#uniforms.push(uniforms);
    const bindings = storages.map(([storage, kept], i) =>
      bind(engine.device, pipeline, { buffer: uniforms, offset: i * UNIFORM_BYTES, size: 32 }, [
        memory.buffer(storage),
        window.flags,
        kept,
      ]),
    );
    return (pass, first, count) => {
      pass.setPipeline(pipeline.pipeline);
      storages.forEach(([storage], i) => {
        const quads = blockElements(storage);
        const words = Uint32Array.of(quads, window.words, window.slots, first, count);
        engine.device.queue.writeBuffer(uniforms, i * UNIFORM_BYTES, words);
        pass.setBindGroup(1, bindings[i]);
        pass.dispatchWorkgroups(Math.ceil(quads / QUADS_A_WORKGROUP), 1, members);
      });
    };
  }

  dispose(): void {
    for (const buffer of [...this.#kept.values(), ...this.#uniforms.splice(0)]) buffer.destroy();
    this.#kept.clear();
  }
}

function bind(
  device: GPUDevice,
  { layout }: Pipeline,
  uniform: GPUBufferBinding,
  buffers: readonly GPUBuffer[],
): GPUBindGroup {
  const storages = buffers.map((buffer, i) => ({ binding: i + 1, resource: { buffer } }));
  return device.createBindGroup({ layout, entries: [{ binding: 0, resource: uniform }, ...storages] });
}
