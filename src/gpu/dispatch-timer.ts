import type { ReadyProgram } from './dispatch-bits.js';
import type { GpuExecutor } from './gpu-executor.js';
import { mapForReading } from './map-for-reading.js';
import { USAGE } from './usage.js';

const QUERY_RESOLVE = 0x200; // GPUBufferUsage.QUERY_RESOLVE, without needing the global
/** Bytes of the times of a pass: when it began and when it ended. */
const BYTES = 16;

/** What timestamps need. */
interface Timestamps {
  readonly querySet: GPUQuerySet;
  readonly resolved: GPUBuffer;
  readonly staging: GPUBuffer;
}

/** Times dispatches by timestamp queries, or by the clock where the device has none. */
export class DispatchTimer {
  readonly #executor: GpuExecutor;
  readonly #timestamps: Timestamps | undefined;

  constructor(executor: GpuExecutor) {
    this.#executor = executor;
    const { device } = executor.engine;
    if (!device.features.has('timestamp-query')) return;
    const { copySource, copyDestination, mapRead } = USAGE;
    this.#timestamps = {
      querySet: device.createQuerySet({ label: 'wgrad timer', type: 'timestamp', count: 2 }),
      resolved: device.createBuffer({ label: 'wgrad timer', size: BYTES, usage: QUERY_RESOLVE | copySource }),
      staging: device.createBuffer({ label: 'wgrad timer', size: BYTES, usage: mapRead | copyDestination }),
    };
  }

  /**
   * Milliseconds that a run should take at least. Browsers round timestamps to 0.1 ms; the clock also counts submitting and
   * being told, which may take a millisecond.
   */
  get least(): number {
    return this.#timestamps ? 5 : 20;
  }

  /** Milliseconds of running some dispatches of a program one after another, `repeats` times, from the kept states. */
  async time({ program, row }: ReadyProgram, dispatches: readonly number[], repeats: number): Promise<number> {
    const { engine } = this.#executor;
    const { queue } = engine.device;
    this.#executor.restore(); // else numbers drift to where arithmetic is slow
    const encoder = engine.device.createCommandEncoder({ label: 'wgrad timer' });
    const pass = encoder.beginComputePass({ label: 'wgrad timer', ...this.#timestampWrites() });
    for (let i = 0; i < repeats; i++) for (const index of dispatches) program.replay(pass, row, index, index + 1);
    pass.end();
    if (this.#timestamps) {
      const { querySet, resolved, staging } = this.#timestamps;
      encoder.resolveQuerySet(querySet, 0, 2, resolved, 0);
      encoder.copyBufferToBuffer(resolved, 0, staging, 0, BYTES);
    }
    await engine.orLost(queue.onSubmittedWorkDone());
    const started = performance.now();
    const submitted = this.#executor.submit(encoder);
    submitted.catch(() => {}); // awaited below
    await engine.orLost(queue.onSubmittedWorkDone());
    const milliseconds = performance.now() - started;
    if (this.#timestamps) return this.#read(this.#timestamps, submitted);
    await submitted;
    return milliseconds;
  }

  #timestampWrites(): Partial<GPUComputePassDescriptor> {
    if (!this.#timestamps) return {};
    const { querySet } = this.#timestamps;
    return { timestampWrites: { querySet, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 } };
  }

  async #read({ staging }: Timestamps, submitted: Promise<void>): Promise<number> {
    await mapForReading(this.#executor.engine, [staging], submitted);
    const [begun, ended] = new BigUint64Array(staging.getMappedRange());
    const nanoseconds = Number(ended - begun);
    staging.unmap();
    return Math.max(nanoseconds, 0) / 1e6; // WebGPU lets timestamps go backwards
  }

  dispose(): void {
    if (!this.#timestamps) return;
    for (const each of Object.values(this.#timestamps)) each.destroy();
  }
}
