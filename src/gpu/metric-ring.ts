import { type MetricRow, NotRun } from '../graph/engine.js';
import type { Step } from '../graph/step.js';
import { storageBytes, type View } from '../plan/layout.js';
import type { Plan } from '../plan/plan.js';
import type { CommandQueue } from './command-queue.js';
import { USAGE } from './device.js';
import type { Keeper, LossRing } from './keeper.js';
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

  /** Returns where the losses and flags lie, if the step has a loss; `weightsAt` is the table's word. */
  losses(weightsAt: number): LossRing | undefined {
    const [loss] = this.#step.metrics;
    const view = loss && this.#plan.view(loss);
    if (!view) return undefined;
    const { flags } = this;
    return { view, rows: loss.rows, flags, flagWords: this.#flagWords, slots: this.#slots, weightsAt };
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

  /**
   * Returns the metrics of the last `count` of `steps` steps, oldest first, by member; tells the keeper what is kept then.
   * @throws NotRun if some have not run
   */
  async read(steps: number, count: number, keeper?: Keeper): Promise<MetricRow[][]> {
    this.#commands.check();
    const memory = this.#memory;
    const slots = this.#slots;
    const ring = this.#ring();
    if (!ring || count === 0) return [];
    const flagBytes = this.#flagBytes;
    const pieces = wrap((steps - count) % slots, count, slots);
    const kept = keeper?.read();
    const regions = [
      ...pieces.map(([from, n]) => ({ buffer: ring.buffer, offset: from * ring.slotBytes, size: n * ring.slotBytes })),
      ...(flagBytes
        ? pieces.map(([from, n]) => ({ buffer: this.flags, offset: from * flagBytes, size: n * flagBytes }))
        : []),
      ...(kept ? [kept.region] : []),
    ];
    const bytes = await this.#commands.readBack(regions);
    const flagsAt = count * ring.slotBytes;
    kept?.accept(bytes.slice(flagsAt + count * flagBytes));
    const rowOf = (step: number): MetricRow[] | undefined => {
      const at = step * ring.slotBytes;
      const row = Array.from({ length: memory.members }, (_, member) => ({
        values: this.#step.metrics.map((metric) => {
          const view = this.#plan.view(metric);
          if (!view) throw new Error('metrics: a metric lies nowhere');
          const { offset } = memory.region(view, metric.rows, member);
          return unpad(new Float32Array(bytes, at + offset, metric.rows * 4), metric.rows, 1);
        }),
        bad: this.#bad(
          new Uint32Array(bytes, flagsAt + step * flagBytes + member * this.#flagWords * 4, this.#flagWords),
        ),
      }));
      const { offset } = memory.region(ring.view, 1, 0);
      return new Uint32Array(bytes, at + offset, 1)[0] === SENTINEL ? undefined : row;
    };
    const rows = Array.from({ length: count }, (_, step) => rowOf(step));
    const run = rows.filter((row) => row !== undefined);
    if (run.length < count) throw new NotRun(rows);
    return run;
  }

  dispose(): void {
    this.flags.destroy();
  }

  /** Bytes of the flags of a step. */
  get #flagBytes(): number {
    return this.#flagWords * this.#memory.capacity * 4;
  }

  /** The memory of the metrics, if the step has any. */
  #ring(): { view: View; buffer: GPUBuffer; slotBytes: number } | undefined {
    const view = this.#step.metrics.length ? this.#plan.view(this.#step.metrics[0]) : undefined;
    if (!view) return undefined;
    const { storage } = view;
    return {
      view,
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
