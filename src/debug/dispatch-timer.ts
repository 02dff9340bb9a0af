import type { GpuExecutor } from '../gpu/gpu-executor.js';
import type { ReadyProgram } from './dispatch-bits.js';
import { Timestamps } from './timestamps.js';

/** Times dispatches by timestamp queries, or by the clock where the device has none. */
export class DispatchTimer {
  readonly #executor: GpuExecutor;
  readonly #timestamps: Timestamps | undefined;

  constructor(executor: GpuExecutor) {
    this.#executor = executor;
    if (executor.engine.device.features.has('timestamp-query')) this.#timestamps = new Timestamps(executor.engine, 1);
  }

  /**
   * The least milliseconds that a run should take. Browsers round timestamps to 0.1 ms; the clock also counts the way to the
   * GPU and back, which may take a millisecond.
   */
  get least(): number {
    return this.#timestamps ? 5 : 20;
  }

  /** Returns the milliseconds of running some dispatches one after another, `repeats` times, from the kept states. */
  async time({ program, row }: ReadyProgram, dispatches: readonly number[], repeats: number): Promise<number> {
    const { commands } = this.#executor;
    const { device } = commands;
    this.#executor.restore(); // else numbers drift to where arithmetic is slow
    const encoder = device.createCommandEncoder({ label: 'wgrad timer' });
    const pass = encoder.beginComputePass({
      label: 'wgrad timer',
      timestampWrites: this.#timestamps?.writesOf(0),
    });
    for (let i = 0; i < repeats; i++) for (const index of dispatches) program.replay(pass, row, index, index + 1);
    pass.end();
    this.#timestamps?.resolve(encoder, 1);
    await commands.rejectWhenLost(device.queue.onSubmittedWorkDone());
    const started = performance.now();
    const submitted = commands.submit(encoder);
    await commands.rejectWhenLost(device.queue.onSubmittedWorkDone());
    const milliseconds = performance.now() - started;
    if (!this.#timestamps) {
      await submitted;
      return milliseconds;
    }
    const [begin, end] = await this.#timestamps.read(1, submitted);
    return Math.max(Number(end - begin), 0) / 1e6; // WebGPU lets timestamps go backwards
  }

  dispose(): void {
    this.#timestamps?.dispose();
  }
}
