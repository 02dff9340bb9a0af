import { type MetricRow, NotRun } from '../graph/engine.js';
import type { Step } from '../graph/step.js';
import { storageBytes } from '../plan/layout.js';
import type { Plan } from '../plan/plan.js';
import type { CommandQueue } from './command-queue.js';
import { USAGE } from './device.js';
import type { FlagWindow } from './keeper.js';
import { type Memory, SENTINEL } from './memory.js';
import { unpad } from './padding.js';

/** The metrics of a program's last steps, and flags for the values in them that were not finite: one slot a step. */
export class MetricRing {
  readonly flags: GPUBuffer;
  readonly #commands: CommandQueue;
  readonly #memory: Memory;
  readonly #slots: number;
  readonly #plan: Plan;
  readonly #step: Step;
  /** Words of one member's flags at one step. */
  readonly #flagWords: number;

  constructor(commands: CommandQueue, memory: Memory, slots: number, plan: Plan, step: Step) {
    this.#commands = commands;
    this.#memory = memory;
    this.#slots = slots;
    this.#plan = plan;
    this.#step = step;
    this.#flagWords = Math.ceil(plan.watched.length / 32);
    this.flags = commands.device.createBuffer({
      label: 'wgrad flags',
      size: Math.max(this.#flagWords * memory.capacity * slots, 1) * 4,
      usage: USAGE.storage | USAGE.copySource | USAGE.copyDestination,
    });
  }

  get window(): FlagWindow {
    return { flags: this.flags, words: this.#flagWords, slots: this.#slots };
  }

  /** Empties `count` slots from `from` on, before their steps run. */
  clear(from: number, count: number): void {
    const { queue } = this.#commands.device;
    const ring = this.#ring();
    if (ring) {
      const sentinels = new Uint32Array((count * ring.slotBytes) / 4).fill(SENTINEL);
      queue.writeBuffer(ring.buffer, from * ring.slotBytes, sentinels);
    }
    const flagBytes = this.#flagBytes;
    if (flagBytes) queue.writeBuffer(this.flags, from * flagBytes, new Uint32Array((count * flagBytes) / 4));
  }

  /** The metrics of the last `count` of `steps` steps, oldest first, by member. @throws NotRun if some have not run */
  async read(steps: number, count: number): Promise<MetricRow[][]> {
    const memory = this.#memory;
    const slots = this.#slots;
    const ring = this.#ring();
    if (!ring || count === 0) return [];
    const flagBytes = this.#flagBytes;
    const pieces = wrap((steps - count) % slots, count, slots);
    const regions = [
      ...pieces.map(([from, n]) => ({ buffer: ring.buffer, offset: from * ring.slotBytes, size: n * ring.slotBytes })),
      ...(flagBytes
        ? pieces.map(([from, n]) => ({ buffer: this.flags, offset: from * flagBytes, size: n * flagBytes }))
        : []),
    ];
    const bytes = await this.#commands.readBack(regions);
    const flagsAt = count * ring.slotBytes;
    const rows: MetricRow[][] = [];
    for (let i = 0; i < count; i++) {
      const row = Array.from({ length: memory.members }, (_, member) => ({
        values: this.#step.metrics.map((metric) => {
          const view = this.#plan.view(metric);
          if (!view) throw new Error('metrics: a metric lies nowhere');
          const { offset } = memory.region(view, metric.rows, member);
          if (new Uint32Array(bytes, i * ring.slotBytes + offset, 1)[0] === SENTINEL) throw new NotRun(rows);
          return unpad(new Float32Array(bytes, i * ring.slotBytes + offset, metric.rows * 4), metric.rows, 1);
        }),
        bad: this.#bad(new Uint32Array(bytes, flagsAt + i * flagBytes + member * this.#flagWords * 4, this.#flagWords)),
      }));
      rows.push(row);
    }
    return rows;
  }

  dispose(): void {
    this.flags.destroy();
  }

  /** Bytes of the flags of a step. */
  get #flagBytes(): number {
    return this.#flagWords * this.#memory.capacity * 4;
  }

  /** The memory of the metrics, if the step has any. */
  #ring(): { buffer: GPUBuffer; slotBytes: number } | undefined {
    const view = this.#step.metrics.length ? this.#plan.view(this.#step.metrics[0]) : undefined;
    if (!view) return undefined;
    const { storage } = view;
    return {
      buffer: this.#memory.buffer(storage),
      slotBytes: storageBytes(storage, this.#memory.capacity) / storage.slots,
    };
  }

  #bad(words: Uint32Array): string | undefined {
    return this.#plan.watched.find((_, bit) => words[bit >>> 5] & (1 << (bit & 31)));
  }
}

/** Splits `count` rows from `first` of a ring of `size` into at most two runs that do not wrap. */
export function wrap(first: number, count: number, size: number): [from: number, count: number][] {
  const before = Math.min(count, size - first);
  const pieces: [number, number][] = [
    [first, before],
    [0, count - before],
  ];
  return pieces.filter(([, n]) => n > 0);
}
