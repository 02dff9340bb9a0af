import { type ReadyProgram, storedBy } from '../debug/dispatch-bits.js';
import { DispatchTimer } from '../debug/dispatch-timer.js';
import type { GpuExecutor } from '../gpu/gpu-executor.js';
import type { StepContexts } from '../graph/executor.js';
import { Random } from '../random/random.js';
import type { TracedTraining } from '../train/trace-training.js';
import type { CheckedOptions } from '../train/trainer-options.js';
import type { Timed } from './choose-fastest.js';
import { type Shape, trainingOptions } from './find-shapes.js';
import type { TimeLimit } from './time-limit.js';

/** How often every candidate is timed, in turns. */
const ROUNDS = 7;
/** Most runs of a dispatch in a sample. */
const MOST_REPEATS = 8192;
/** A candidate that takes so many times as long as the planner's choice is given up after its first sample. */
const HOPELESS = 2;
/** Steps that are taken before, so that optimisers' states are what they are in training. */
const STEPS_BEFORE = 2;

/** A candidate while it is tried. */
interface Timing extends Timed {
  readonly program: ReadyProgram;
  readonly samples: number[];
  /** Runs of every dispatch in a sample. */
  repeats: number;
}

/** A model in training on random examples, in whose dispatches variants are tried. */
export class Bench {
  readonly #executor: GpuExecutor;
  readonly #traced: TracedTraining;
  /** The step as the planner has it. */
  readonly #planned: ReadyProgram;
  readonly #contexts: StepContexts;
  readonly #timer: DispatchTimer;

  /** Sets up the model on an executor of its own, which is the caller's to dispose of. */
  static async create(executor: GpuExecutor, traced: TracedTraining, options: CheckedOptions): Promise<Bench> {
    const { model, step } = traced;
    const program = await executor.compile(step, model.scalars, trainingOptions(new Map()));
    writeRandom(executor, traced, options);
    const { key: seed, batchSize: count } = options;
    const contexts = (step: number): StepContexts => [{ seed, step, sample: 0, start: 0, count, hyper: model.hyper }];
    for (let step = 0; step < STEPS_BEFORE; step++) program.run([contexts(step)]);
    executor.keep();
    await executor.settle();
    const now = contexts(STEPS_BEFORE);
    return new Bench(executor, traced, { program, row: program.prepare([now]) }, now);
  }

  private constructor(executor: GpuExecutor, traced: TracedTraining, planned: ReadyProgram, contexts: StepContexts) {
    this.#executor = executor;
    this.#traced = traced;
    this.#planned = planned;
    this.#contexts = contexts;
    this.#timer = new DispatchTimer(executor);
  }

  /** Compares and times the candidates of a shape, the planner's choice first. @throws what `limit.check` does */
  async measure(shape: Shape, limit: TimeLimit): Promise<Timed[]> {
    const { indices, candidates } = shape;
    const timings: Timing[] = [];
    const wanted = await this.#bits(this.#planned, indices);
    // One after another: drivers may compile for seconds.
    for (const { variant } of candidates) {
      limit.check();
      const program = await this.#candidate(shape, variant);
      const bits = await this.#bits(program, indices);
      const sameBits = bits.every((words, i) => isEqual(words, wanted[i]));
      timings.push({ variant, program, sameBits, samples: [], repeats: 1 });
    }
    const same = timings.filter(({ sameBits }) => sameBits);
    // Where the planner's choice does not repeat its own bits, there is nothing to hold others against.
    if (same[0] === timings[0]) await this.#time(same, indices, limit);
    return timings.map(({ variant, sameBits, samples }) => ({ variant, sameBits, samples }));
  }

  async #candidate({ name, candidates }: Shape, variant: string): Promise<ReadyProgram> {
    if (variant === candidates[0].variant) return this.#planned;
    const { model, step } = this.#traced;
    const options = { ...trainingOptions(new Map([[name, variant]])), keeps: false };
    const program = await this.#executor.compile(step, model.scalars, options);
    return { program, row: program.prepare([this.#contexts]) };
  }

  async #bits(program: ReadyProgram, indices: readonly number[]): Promise<Uint32Array[]> {
    const all: Uint32Array[] = [];
    for (const index of indices) all.push(await storedBy(this.#executor, this.#planned, program, index));
    return all;
  }

  /** Takes the samples of candidates, the planner's choice first. */
  async #time(timings: readonly Timing[], indices: readonly number[], limit: TimeLimit): Promise<void> {
    const [planned, ...others] = timings;
    const enough = HOPELESS * (await this.#calibrate(planned, indices, limit));
    const running = [planned];
    for (const each of others) {
      const sample = await this.#calibrate(each, indices, limit);
      if (sample > enough) each.samples.push(sample);
      else running.push(each);
    }
    for (let round = 0; round < ROUNDS; round++) {
      // Forwards and backwards in turns: nobody always comes after the same one.
      for (const each of round % 2 ? running.toReversed() : running) {
        each.samples.push(await this.#sample(each, indices, limit));
      }
    }
  }

  /** Finds how often to repeat, so that a sample is long enough; returns the shorter one of two, since the host may pause. */
  async #calibrate(each: Timing, indices: readonly number[], limit: TimeLimit): Promise<number> {
    for (;;) {
      const first = await this.#sample(each, indices, limit);
      const microseconds = Math.min(first, await this.#sample(each, indices, limit));
      const milliseconds = (microseconds * each.repeats * indices.length) / 1000;
      if (milliseconds >= this.#timer.least || each.repeats >= MOST_REPEATS) return microseconds;
      const factor = Math.min(10, Math.max(2, Math.ceil((1.2 * this.#timer.least) / milliseconds)));
      each.repeats = Math.min(MOST_REPEATS, each.repeats * factor);
    }
  }

  /** Microseconds of one dispatch, the mean of a run of `repeats` of each. */
  async #sample({ program, repeats }: Timing, indices: readonly number[], limit: TimeLimit): Promise<number> {
    limit.check();
    const milliseconds = await this.#timer.time(program, indices, repeats);
    return (1000 * milliseconds) / (repeats * indices.length);
  }

  dispose(): void {
    this.#timer.dispose();
  }
}

/** Fresh parameters and a batch of random examples. */
function writeRandom(executor: GpuExecutor, { model, x, y, outputs }: TracedTraining, { key }: CheckedOptions): void {
  for (const [i, { tensor }] of model.parameters.entries()) executor.write(tensor, model.initial(i, key));
  const random = new Random(0);
  executor.write(x, random.floats(x.rows * x.cols, -1, 1));
  const classes = () => Uint32Array.from({ length: y.rows }, () => Math.floor(random.uniform(0, outputs)));
  executor.write(y, y.dtype === 'u32' ? classes() : random.floats(y.rows * y.cols, 0, 1));
}

function isEqual(a: Uint32Array, b: Uint32Array): boolean {
  return a.length === b.length && a.every((word, i) => word === b[i]);
}
