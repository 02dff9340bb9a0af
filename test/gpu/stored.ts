import { createEngine } from '../../src/gpu/create-engine.js';
import { GpuEngine } from '../../src/gpu/engine.js';
import type { GpuExecutor } from '../../src/gpu/gpu-executor.js';
import { SENTINEL } from '../../src/gpu/memory.js';
import type { Region } from '../../src/gpu/readback.js';
import type { Tensor } from '../../src/ops/tensor.js';
import type { Plan } from '../../src/plan/plan.js';

/** An engine on the GPU of this test run. */
export async function gpuEngine(): Promise<GpuEngine> {
  const engine = await createEngine();
  if (!(engine instanceof GpuEngine)) throw new Error('test: the engine has no GPU');
  return engine;
}

/** Elements of a tensor as they lie in memory. */
export interface Stored {
  /** Tight, row-major. */
  readonly words: Uint32Array;
  /** The same words as numbers. */
  readonly values: Float32Array | Uint32Array;
  /** Every word behind the last column of a row is 0. */
  readonly padsAreZero: boolean;
}

/** Reads many regions at once, as words. */
async function readRegions(executor: GpuExecutor, regions: readonly Region[]): Promise<Uint32Array[]> {
  const bytes = await executor.readback.read(regions, (encoder) => executor.submit(encoder));
  let at = 0;
  return regions.map(({ size }) => {
    at += size;
    return new Uint32Array(bytes, at - size, size / 4);
  });
}

function unpack(padded: Uint32Array, { rows, cols, dtype }: Tensor): Stored {
  const width = dtype === 'u32' ? 1 : Math.ceil(cols / 4) * 4;
  const words = new Uint32Array(rows * cols);
  let padsAreZero = true;
  for (let row = 0; row < rows; row++) {
    words.set(padded.subarray(row * width, row * width + cols), row * cols);
    padsAreZero &&= padded.subarray(row * width + cols, (row + 1) * width).every((word) => word === 0);
  }
  return { words, values: dtype === 'u32' ? words : new Float32Array(words.buffer), padsAreZero };
}

/** The tensors that a program has stored, by member. */
export async function readStored(executor: GpuExecutor, plan: Plan, tensors: readonly Tensor[]): Promise<Stored[][]> {
  const regions = Array.from({ length: executor.members }, (_, member) =>
    tensors.map((tensor) => {
      const view = plan.view(tensor);
      if (!view) throw new Error(`test: ${tensor.op.name}%${tensor.id} lies nowhere`);
      return executor.memory.region(view, tensor.rows, member);
    }),
  );
  const words = await readRegions(executor, regions.flat());
  return regions.map((own, member) => own.map((_, i) => unpack(words[member * tensors.length + i], tensors[i])));
}

/** Fills the memory of results with sentinels, pads and guards included, so that what is not stored shows. */
export function poison(executor: GpuExecutor, plan: Plan, tensors: readonly Tensor[]): void {
  const buffers = new Set(
    tensors.map((tensor) => plan.view(tensor)).map((view) => view && executor.memory.buffer(view.storage)),
  );
  for (const buffer of buffers) {
    if (buffer) executor.engine.device.queue.writeBuffer(buffer, 0, new Uint32Array(buffer.size / 4).fill(SENTINEL));
  }
}

/** Names every storage whose guard rows were written to. */
export async function guardComplaints(executor: GpuExecutor): Promise<string[]> {
  const guards = executor.memory.guards();
  if (guards.length === 0) return ['there are no guard rows'];
  const words = await readRegions(executor, guards);
  const broken = guards.filter((_, i) => words[i].some((word) => word !== SENTINEL));
  return [...new Set(broken.map(({ storage }) => `a guard row of ${storage.name} was written to`))];
}
