import type { StepContexts } from '../graph/engine.js';
import { type HostContext, hostOf, type Scalars } from '../graph/step.js';
import type { Plan } from '../plan/plan.js';
import { TABLE_HEADER } from '../plan/shader-writer.js';
import type { CommandQueue } from './command-queue.js';
import { USAGE } from './device.js';
import type { StepWindow } from './keeper.js';
import type { PipelineCache } from './pipeline-cache.js';

/** Every dynamic offset is a multiple of it, as WebGPU requires. */
const ALIGNMENT = 256;

/** Sizes of a step table. */
export interface StepTableSize {
  /** Steps that it has room for. */
  readonly rows: number;
  readonly members: number;
  /** Words for each member behind those of the scalars. */
  readonly more: number;
}

/** The scalars of the steps: one row for each step, with every member's words. One submit uploads its rows at once. */
export class StepTable {
  /** Bytes of one row, aligned. */
  readonly #rowBytes: number;
  /** Bytes of a row that are bound. */
  readonly #boundBytes: number;
  readonly #scalars: readonly {
    host: (context: HostContext) => readonly number[];
    slot: number;
    float: boolean;
  }[];
  readonly #words: number;
  readonly #moreAt: number;
  readonly #queue: GPUQueue;
  readonly #data: ArrayBuffer;
  readonly #buffer: GPUBuffer;
  readonly #bindings: GPUBindGroup;

  constructor(
    { device }: CommandQueue,
    { tableLayout }: PipelineCache,
    { scalars, words }: Pick<Plan, 'scalars' | 'words'>,
    hosts: Scalars,
    { rows, members, more }: StepTableSize,
  ) {
    this.#words = words;
    this.#scalars = [...scalars].map(([leaf, slot]) => ({
      host: hostOf(leaf, hosts),
      slot,
      float: leaf.dtype === 'f32',
    }));
    this.#moreAt = TABLE_HEADER + members * words;
    this.#boundBytes = (this.#moreAt + members * more) * 4;
    this.#rowBytes = Math.ceil(this.#boundBytes / ALIGNMENT) * ALIGNMENT;
    this.#queue = device.queue;
    this.#data = new ArrayBuffer(this.#rowBytes * rows);
    this.#buffer = device.createBuffer({
      label: 'wgrad step table',
      size: this.#data.byteLength,
      usage: USAGE.storage | USAGE.copyDestination,
    });
    this.#bindings = device.createBindGroup({
      layout: tableLayout,
      entries: [{ binding: 0, resource: { buffer: this.#buffer, size: this.#boundBytes } }],
    });
  }

  /** Bytes of its buffer. */
  get bytes(): number {
    return this.#buffer.size;
  }

  /** Sets the words of row `row`, which is also the step's place in the ring. `upload` sends them to the device. */
  fill(row: number, contexts: StepContexts): void {
    const at = row * this.#rowBytes;
    const uints = new Uint32Array(this.#data, at, this.#boundBytes / 4);
    const floats = new Float32Array(this.#data, at, this.#boundBytes / 4);
    uints[0] = row;
    contexts.forEach((context, member) => {
      const base = TABLE_HEADER + member * this.#words;
      for (const { host, slot: word, float } of this.#scalars) (float ? floats : uints).set(host(context), base + word);
    });
  }

  /** Sets the words of row `row`, whose step ends a window, by which the window is judged. */
  fillWindow(row: number, { count, steps, weights }: StepWindow): void {
    const at = row * this.#rowBytes;
    new Uint32Array(this.#data, at + 4, 2).set([count, steps]);
    new Float32Array(this.#data, at + this.#moreAt * 4, 2 * weights.length).set(weights.flat());
  }

  /** Sends `count` rows from `from` on to the device. */
  upload(from: number, count: number): void {
    const at = from * this.#rowBytes;
    this.#queue.writeBuffer(this.#buffer, at, this.#data, at, count * this.#rowBytes);
  }

  /** Binds row `row` as group 0 of the dispatches that follow. */
  bind(pass: GPUComputePassEncoder, row: number): void {
    pass.setBindGroup(0, this.#bindings, [row * this.#rowBytes]);
  }

  dispose(): void {
    this.#buffer.destroy();
  }
}
