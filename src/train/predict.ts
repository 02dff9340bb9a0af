import type { Program } from '../graph/executor.js';
import type { Tensor } from '../ops/tensor.js';
import { batchesOf } from './evaluate.js';
import type { Session } from './session.js';

/** Computes a model's outputs, without dropout. */
export class Predictor {
  readonly #session: Session;
  #compiled: Promise<{ program: Program; output: Tensor }> | undefined;

  constructor(session: Session) {
    this.#session = session;
  }

  /** The outputs [rows, outputs] of every member for x [rows, features], all tight. */
  async predict(x: Float32Array): Promise<Float32Array[]> {
    const session = this.#session;
    const { features, batchSize } = session.options;
    this.#compiled ??= this.#compile();
    const { program, output } = await this.#compiled;
    session.check();
    const rows = x.length / features;
    const results = session.members.map(() => new Float32Array(rows * output.cols));
    // Writes and steps keep their order in the queue, so every batch may be started before the first one is read.
    const parts = batchesOf(rows, batchSize).map(async ({ row, count }) => {
      session.writeInput(session.compiled.x, x.subarray(row * features, (row + count) * features));
      const [members] = await program.collect([session.contexts(session.steps, 0, { count })], output);
      for (const [member, y] of members.entries()) {
        results[member].set(y.subarray(0, count * output.cols), row * output.cols);
      }
    });
    await Promise.all(parts);
    return results;
  }

  #compile(): Promise<{ program: Program; output: Tensor }> {
    const { model, compiled, executor } = this.#session;
    const output = model.output(compiled.x, false);
    const step = { updates: [], metrics: [], outputs: [output] };
    const done = executor.compile(step, model.scalars, { ring: 'prediction' }).then((program) => ({ program, output }));
    done.catch(() => {
      this.#compiled = undefined;
    });
    return done;
  }
}
