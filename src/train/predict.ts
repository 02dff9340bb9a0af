import type { Program } from '../graph/engine.js';
import type { Tensor } from '../ops/tensor.js';
import { makeOnce } from '../promises/make-once.js';
import { batchesOf, chunks } from './pace.js';
import type { Session } from './session.js';

/** A program that computes a model's outputs. */
export interface Outputs {
  readonly program: Program;
  readonly output: Tensor;
}

/** Computes a model's outputs, without dropout. */
export class Predictor {
  readonly #session: Session;
  readonly #compile: () => Promise<Outputs>;

  constructor(session: Session) {
    this.#session = session;
    this.#compile = makeOnce(() => compileOutputs(session, false, 'prediction'));
  }

  /** Returns the outputs [rows, outputs] of every member for x [rows, features], all tight. */
  async predict(x: Float32Array): Promise<Float32Array[]> {
    const compiled = await this.#compile();
    const [members] = await runOnRows(this.#session, compiled, x, this.#session.ledger.steps, [0]);
    return members;
  }
}

/** Compiles the program of a session's outputs, with dropout or without; `ring` must be unique. */
export async function compileOutputs(
  { model, compiled, executor }: Session,
  training: boolean,
  ring: string,
): Promise<Outputs> {
  const output = model.output(compiled.x, training);
  const step = { updates: [], metrics: [], outputs: [output] };
  return { program: await executor.compile(step, model.scalars, { ring }), output };
}

/** Returns the outputs [rows, outputs] for x [rows, features] at a step, tight, by sample and member. */
export async function runOnRows(
  session: Session,
  { program, output }: Outputs,
  x: Float32Array,
  step: number,
  samples: readonly number[],
): Promise<Float32Array[][]> {
  session.check();
  const { features, batchSize } = session.options;
  const rows = x.length / features;
  const results = samples.map(() => session.members.map(() => new Float32Array(rows * output.cols)));
  // Writes and steps keep their order in the queue, so every batch may be started before the first one is read.
  const parts = batchesOf(rows, batchSize).map(async ({ row, count }) => {
    session.writeInput(session.compiled.x, x.subarray(row * features, (row + count) * features));
    const contexts = samples.map((sample) =>
      session.contexts(step, row, { count }).map((context) => ({ ...context, sample })),
    );
    const collected = await Promise.all(chunks(contexts, program.slots).map((some) => program.collect(some, output)));
    for (const [i, members] of collected.flat().entries()) {
      for (const [member, y] of members.entries()) {
        results[i][member].set(y.subarray(0, count * output.cols), row * output.cols);
      }
    }
  });
  await Promise.all(parts);
  return results;
}
