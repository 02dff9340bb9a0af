import { blockElements } from '../plan/layout.js';
import { KERNEL_SHADERS, shader } from '../plan/shaders.js';
import type { CommandQueue } from './command-queue.js';
import { USAGE } from './device.js';
import type { Memory } from './memory.js';
import type { Pipeline, PipelineCache } from './pipeline-cache.js';
import { StateCopies } from './state-copies.js';

/** The slots of a program's ring whose flags decide which states are kept. */
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
  readonly #device: GPUDevice;
  readonly #pipelines: PipelineCache;
  readonly #memory: Memory;
  readonly #uniforms: GPUBuffer[] = [];

  constructor(commands: CommandQueue, pipelines: PipelineCache, memory: Memory) {
    this.#device = commands.device;
    this.#pipelines = pipelines;
    this.#memory = memory;
    this.kept = new StateCopies(commands, memory, 'kept');
  }

  /**
   * Prepares copying the states of members whose flags in a window are clear. The returned function records that copy for
   * the `count` steps from slot `first` on.
   */
  async prepare(window: FlagWindow): Promise<(pass: GPUComputePassEncoder, first: number, count: number) => void> {
    const memory = this.#memory;
    const device = this.#device;
    await this.kept.allocate();
    const pipeline = await this.#pipelines.get('keep', shader(KERNEL_SHADERS, 'keep'), 'rrw');
    const storages = [...this.kept.buffers];
    const uniforms = device.createBuffer({
      label: 'wgrad keep',
      size: Math.max(storages.length, 1) * UNIFORM_BYTES,
      usage: USAGE.uniform | USAGE.copyDestination,
    });
    this.#uniforms.push(uniforms);
    const bindings = storages.map(([storage, kept], i) =>
      bind(device, pipeline, { buffer: uniforms, offset: i * UNIFORM_BYTES, size: 32 }, [
        memory.buffer(storage),
        window.flags,
        kept,
      ]),
    );
    return (pass, first, count) => {
      pass.setPipeline(pipeline.pipeline);
      storages.forEach(([storage], i) => {
        const quads = blockElements(storage);
        const words = Uint32Array.of(quads, window.words, window.slots, first, count, memory.capacity);
        device.queue.writeBuffer(uniforms, i * UNIFORM_BYTES, words);
        pass.setBindGroup(1, bindings[i]);
        pass.dispatchWorkgroups(Math.ceil(quads / QUADS_A_WORKGROUP), 1, memory.members);
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
