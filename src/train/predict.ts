import type { Executor, Program } from '../graph/engine.js';
import type { HostContext } from '../graph/step.js';
import type { TracedModel } from '../nn/traced-model.js';
import type { Tensor } from '../ops/tensor.js';
import { makeOnce } from '../promises/make-once.js';
import { batchesOf, chunks } from './pace.js';
import type { Session } from './session.js';

/** The message about a model whose samples would all be the same. */
export const NOT_RANDOM = 'the model has no random layer, such as dropout';

/** A program that computes a model's outputs. */
export interface Outputs {
  readonly program: Program;
  readonly output: Tensor;
}

/** The parts of a session, or of a loaded model, that computing outputs needs. */
export interface Forward {
  readonly executor: Executor;
  readonly model: TracedModel;
  readonly members: readonly unknown[];
  readonly options: { readonly features: number; readonly batchSize: number };
  readonly compiled: { readonly x: Tensor };
  check(): void;
  writeInput(leaf: Tensor, data: Float32Array): void;
  contexts(step: number, start: number, batch: { readonly count: number }): HostContext[];
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

/** Compiles the program of a model's outputs, with masks or without; `ring` must be unique. */
export async function compileOutputs(
  { model, compiled, executor }: Forward,
  random: boolean,
  ring: string,
): Promise<Outputs> {
  const output = model.output(compiled.x, false, random);
  const step = { updates: [], metrics: [], outputs: [output] };
  return { program: await executor.compile(step, model.scalars, { ring }), output };
}

/** Returns the outputs [rows, outputs] for x [rows, features] at a step, tight, by sample and member. */
export async function runOnRows(
  forward: Forward,
  { program, output }: Outputs,
  x: Float32Array,
  step: number,
  samples: readonly number[],
): Promise<Float32Array[][]> {
  forward.check();
  const { features, batchSize } = forward.options;
  const rows = x.length / features;
  const results = samples.map(() => forward.members.map(() => new Float32Array(rows * output.cols)));
  // Writes and steps keep their order in the queue, so every batch may be started before the first one is read.
  const parts = batchesOf(rows, batchSize).map(async ({ row, count }) => {
    forward.writeInput(forward.compiled.x, x.subarray(row * features, (row + count) * features));
    const contexts = samples.map((sample) =>
      forward.contexts(step, row, { count }).map((context) => ({ ...context, sample })),
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
