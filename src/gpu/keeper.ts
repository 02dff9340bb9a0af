import { blockElements } from '../plan/layout.js';
import { KERNEL_SHADERS, shader } from '../plan/shaders.js';
import type { GpuExecutor } from './gpu-executor.js';
import type { Pipeline } from './pipeline-cache.js';
import { StateCopies } from './state-copies.js';
import { USAGE } from './usage.js';

/** The slots of a program's ring whose flags decide what is kept. */
export interface FlagWindow {
  readonly flags: GPUBuffer;
  readonly words: number;
  readonly slots: number;
}

const UNIFORM_BYTES = 256;
const QUADS_A_WORKGROUP = 1024;

/** The last good state of every member. */
export class Keeper {
  readonly kept: StateCopies;
  readonly #executor: GpuExecutor;
  readonly #uniforms: GPUBuffer[] = [];

  constructor(executor: GpuExecutor) {
    this.#executor = executor;
    this.kept = new StateCopies(executor, 'kept');
  }

  /**
   * Prepares copying on the condition that a window of flags is clear; the function returned records that copy, for the
   * `count` steps from slot `first`.
   */
  async prepare(window: FlagWindow): Promise<(pass: GPUComputePassEncoder, first: number, count: number) => void> {
    const { engine, memory, capacity } = this.#executor;
    await this.kept.allocate();
    const pipeline = await engine.orLost(engine.pipelines.get('keep', shader(KERNEL_SHADERS, 'keep'), 'rrw'));
    const storages = [...this.kept.buffers];
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
        const words = Uint32Array.of(quads, window.words, window.slots, first, count, capacity);
        engine.device.queue.writeBuffer(uniforms, i * UNIFORM_BYTES, words);
        pass.setBindGroup(1, bindings[i]);
        pass.dispatchWorkgroups(Math.ceil(quads / QUADS_A_WORKGROUP), 1, this.#executor.members);
      });
    };
  }

  get bytes(): number {
    return this.#uniforms.reduce((sum, { size }) => sum + size, this.kept.bytes);
  }

  dispose(): void {
    for (const buffer of this.#uniforms.splice(0)) buffer.destroy();
    this.kept.dispose();
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
