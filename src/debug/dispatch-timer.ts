import type { GpuExecutor } from '../gpu/gpu-executor.js';
import type { GpuProgram } from '../gpu/gpu-program.js';
import type { StateCopies } from '../gpu/state-copies.js';
import { poison } from './stored.js';
import { Timestamps } from './timestamps.js';

/** A program with the row of its step table that it runs with. */
export interface ReadyProgram {
  readonly program: GpuProgram;
  readonly row: number;
}

/**
 * Returns all words that dispatch `index` of a program stores, pads included, after the dispatches of `before` ahead of it
 * have run from the states of a snapshot of member 0.
 */
export async function storedBy(
  executor: GpuExecutor,
  start: StateCopies,
  before: ReadyProgram,
  { program, row }: ReadyProgram,
  index: number,
): Promise<Uint32Array> {
  const { writes } = program.plan.dispatches[index];
  const { commands } = executor;
  start.restore([0]);
  // Words that a dispatch leaves out must not look like words that another one stored there.
  const fresh = writes.filter((tensor) => program.plan.view(tensor)?.storage.kind !== 'state');
  poison(executor, program.plan, fresh);
  const encoder = commands.device.createCommandEncoder({ label: 'wgrad bits' });
  const pass = encoder.beginComputePass({ label: 'wgrad bits' });
  // A wrong candidate may have left wrong values: write them again.
  before.program.replay(pass, before.row, 0, index);
  program.replay(pass, row, index, index + 1);
  pass.end();
  const submitted = commands.submit(encoder);
  const regions = writes.flatMap((tensor) =>
    Array.from({ length: executor.members }, (_, member) => program.regionOf(tensor, member, row)),
  );
  return new Uint32Array(await commands.readBack(regions, submitted));
}

/** Times dispatches by timestamp queries, or by the clock where the device has none. */
export class DispatchTimer {
  readonly #executor: GpuExecutor;
  readonly #start: StateCopies;
  readonly #timestamps: Timestamps | undefined;

  /** @param start - the states before every run, of member 0 */
  constructor(executor: GpuExecutor, start: StateCopies) {
    this.#executor = executor;
    this.#start = start;
    if (executor.engine.device.features.has('timestamp-query')) this.#timestamps = new Timestamps(executor.engine, 1);
  }

  /**
   * The least milliseconds that a run should take. Browsers round timestamps to 0.1 ms; the clock also counts the way to the
   * GPU and back, which may take a millisecond.
   */
  get least(): number {
    return this.#timestamps ? 5 : 20;
  }

  /** Returns the milliseconds of running some dispatches one after another, `repeats` times, from the same states. */
  async time({ program, row }: ReadyProgram, dispatches: readonly number[], repeats: number): Promise<number> {
    const { commands } = this.#executor;
    const { device } = commands;
    this.#start.restore([0]); // else numbers drift to where arithmetic is slow
    const encoder = device.createCommandEncoder({ label: 'wgrad timer' });
    const pass = encoder.beginComputePass({ label: 'wgrad timer', timestampWrites: this.#timestamps?.writesOf(0) });
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
