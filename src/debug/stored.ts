import type { Region } from '../gpu/command-queue.js';
import type { GpuExecutor } from '../gpu/gpu-executor.js';
import { SENTINEL } from '../gpu/memory.js';
import { leafName, type Tensor } from '../ops/index.js';
import type { Storage, View } from '../plan/layout.js';
import type { Plan } from '../plan/plan.js';

/** The elements of a tensor, and the state of its pads. */
export interface Stored {
  /** Tight, row-major. */
  readonly words: Uint32Array;
  /** The same words as numbers. */
  readonly values: Float32Array | Uint32Array;
  /** True if every word behind the last column of a row is 0. */
  readonly padsAreZero: boolean;
}

/** Reads many regions at once, as words. */
async function readRegions(executor: GpuExecutor, regions: readonly Region[]): Promise<Uint32Array[]> {
  const bytes = await executor.commands.readBack(regions);
  let at = 0;
  return regions.map(({ size }) => {
    at += size;
    return new Uint32Array(bytes, at - size, size / 4);
  });
}

/** Returns a tensor's elements from its padded rows. */
export function unpack(padded: Uint32Array, { rows, cols, dtype }: Tensor): Stored {
  const width = dtype === 'u32' ? 1 : Math.ceil(cols / 4) * 4;
  const words = new Uint32Array(rows * cols);
  let padsAreZero = true;
  for (let row = 0; row < rows; row++) {
    words.set(padded.subarray(row * width, row * width + cols), row * cols);
    padsAreZero &&= padded.subarray(row * width + cols, (row + 1) * width).every((word) => word === 0);
  }
  return { words, values: dtype === 'u32' ? words : new Float32Array(words.buffer), padsAreZero };
}

function viewIn(plan: Plan, tensor: Tensor): View {
  const view = plan.view(tensor);
  if (!view) throw new Error(`memory: ${leafName(tensor) ?? `${tensor.op.name}%${tensor.id}`} lies nowhere`);
  return view;
}

/** Reads tensors that a program has stored, by member, bit for bit. */
export async function readStored(executor: GpuExecutor, plan: Plan, tensors: readonly Tensor[]): Promise<Stored[][]> {
  const regions = Array.from({ length: executor.members }, (_, member) =>
    tensors.map((tensor) => executor.memory.region(viewIn(plan, tensor), tensor.rows, member)),
  );
  const words = await readRegions(executor, regions.flat());
  return regions.map((own, member) => own.map((_, i) => unpack(words[member * tensors.length + i], tensors[i])));
}

/** Fills the memory of results with sentinels, pads and guards included, so that elements that are not stored show. */
export function poison(executor: GpuExecutor, plan: Plan, tensors: readonly Tensor[]): void {
  const buffers = new Set(tensors.map((tensor) => executor.memory.buffer(viewIn(plan, tensor).storage)));
  for (const buffer of buffers) {
    executor.commands.device.queue.writeBuffer(buffer, 0, new Uint32Array(buffer.size / 4).fill(SENTINEL));
  }
}

/** Returns the storages whose guard rows were written to. @throws Error if the executor has no guard rows */
export async function brokenGuards(executor: GpuExecutor): Promise<Storage[]> {
  const guards = executor.memory.guards();
  if (guards.length === 0) throw new Error('memory: there are no guard rows');
  const words = await readRegions(executor, guards);
  const broken = guards.filter((_, i) => words[i].some((word) => word !== SENTINEL));
  return [...new Set(broken.map(({ storage }) => storage))];
}
