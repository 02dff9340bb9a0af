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

  /** The outputs [rows, outputs] for x [rows, features], both tight. */
  async predict(x: Float32Array): Promise<Float32Array> {
    const { options, compiled, executor } = this.#session;
    const { features, batchSize } = options;
    this.#compiled ??= this.#compile();
    const { program, output } = await this.#compiled;
    this.#session.check();
    const rows = x.length / features;
    const result = new Float32Array(rows * output.cols);
    // Writes and steps keep their order in the queue, so every batch may be started before the first one is read.
    const parts = batchesOf(rows, batchSize).map(async ({ row, count }) => {
      executor.write(compiled.x, x.subarray(row * features, (row + count) * features));
      const [[y]] = await program.collect([[this.#session.context(this.#session.steps, 0, count)]], output);
      result.set(y.subarray(0, count * output.cols), row * output.cols);
    });
    await Promise.all(parts);
    return result;
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
