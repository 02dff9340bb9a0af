import { DispatchTimer, type ReadyProgram, storedBy } from '../debug/dispatch-timer.js';
import { firstDifference } from '../debug/first-difference.js';
import type { GpuExecutor } from '../gpu/gpu-executor.js';
import type { GpuProgram } from '../gpu/gpu-program.js';
import type { StepContexts } from '../graph/engine.js';
import { Random } from '../random/random.js';
import type { CheckedOptions, TracedTraining } from '../train/trainer-options.js';
import { type Shape, trainingOptions } from './find-shapes.js';

/** Rounds in which every candidate is timed once. */
const ROUNDS = 7;
/** Runs of a dispatch in a sample, at most. */
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
export type Bench = Awaited<ReturnType<typeof createBench>>;

/**
 * Sets up a model on an executor of its own, which is the caller's to dispose of. `checkTime` is called before every
 * measurement and throws when there is to be none.
 */
export async function createBench(
  executor: GpuExecutor,
  traced: TracedTraining,
  options: CheckedOptions,
  checkTime: () => void,
) {
  const { model, step } = traced;
  const contexts = (step: number): StepContexts => {
    const { key: seed, batchSize: count } = options;
    return [{ seed, step, sample: 0, start: 0, count, hyper: model.hyper }];
  };
  const ready = (program: GpuProgram) => ({ program, row: program.prepare([contexts(STEPS_BEFORE)]) });
  const program = await executor.compile(step, model.scalars, trainingOptions(new Map()));
  writeRandom(executor, traced, options);
  for (let step = 0; step < STEPS_BEFORE; step++) program.run([contexts(step)]);
  const start = await executor.snapshot();
  start.save([0]);
  await executor.settle();
  const planned = ready(program);
  const timer = new DispatchTimer(executor, start);

  /** Returns the microseconds of one dispatch, the mean of a run of `repeats` of each. */
  const sample = async ({ program, repeats }: Timing, indices: readonly number[]): Promise<number> => {
    checkTime();
    return (1000 * (await timer.time(program, indices, repeats))) / (repeats * indices.length);
  };

  /** Compares and times the candidates of a shape, the planner's choice first. @throws whatever `checkTime` does */
  const measure = async ({ name, indices, candidates }: Shape): Promise<Timed[]> => {
    const bitsOf = async (program: ReadyProgram) => {
      const all: Uint32Array[] = [];
      for (const index of indices) all.push(await storedBy(executor, start, planned, program, index));
      return all;
    };
    const timings: Timing[] = [];
    const wanted = await bitsOf(planned);
    // One after another: drivers may compile for seconds.
    for (const [i, { variant }] of candidates.entries()) {
      checkTime();
      const options = trainingOptions(new Map([[name, variant]]));
      const program = i === 0 ? planned : ready(await executor.compile(step, model.scalars, options));
      const bits = await bitsOf(program);
      const sameBits = bits.every((words, at) => firstDifference(words, wanted[at]) < 0);
      timings.push({ variant, program, sameBits, samples: [], repeats: 1 });
    }
    const same = timings.filter(({ sameBits }) => sameBits);
    // A planner's choice that does not repeat its own bits cannot be compared with others.
    if (same[0] === timings[0]) await timeInTurns(same, indices.length, timer.least, (each) => sample(each, indices));
    return timings;
  };

  return { measure, dispose: () => timer.dispose() };
}

type Sample = (each: Timing) => Promise<number>;

/** Takes the samples of candidates, the planner's choice first; each is to last `least` milliseconds. */
async function timeInTurns(
  [planned, ...others]: readonly Timing[],
  dispatches: number,
  least: number,
  sample: Sample,
): Promise<void> {
  const enough = HOPELESS * (await calibrate(planned, dispatches, least, sample));
  const running = [planned];
  for (const each of others) {
    const microseconds = await calibrate(each, dispatches, least, sample);
    if (microseconds > enough) each.samples.push(microseconds);
    else running.push(each);
  }
  for (let round = 0; round < ROUNDS; round++) {
    // Forwards and backwards in turns, so that no candidate always follows the same one.
    for (const each of round % 2 ? running.toReversed() : running) each.samples.push(await sample(each));
  }
}

/** Finds how often to repeat, so that a sample is long enough; returns the shorter one of two, since the host may pause. */
async function calibrate(each: Timing, dispatches: number, least: number, sample: Sample): Promise<number> {
  for (;;) {
    const microseconds = Math.min(await sample(each), await sample(each));
    const milliseconds = (microseconds * each.repeats * dispatches) / 1000;
    if (milliseconds >= least || each.repeats >= MOST_REPEATS) return microseconds;
    const factor = Math.min(10, Math.max(2, Math.ceil((1.2 * least) / milliseconds)));
    each.repeats = Math.min(MOST_REPEATS, each.repeats * factor);
  }
}

/** Writes fresh parameters and a batch of random examples. */
function writeRandom(executor: GpuExecutor, { model, x, y, outputs }: TracedTraining, { key }: CheckedOptions): void {
  for (const { tensor, initial } of model.states) executor.write(tensor, initial(key));
  const random = new Random(0);
  executor.write(x, random.floats(x.rows * x.cols, -1, 1));
  const classes = () => Uint32Array.from({ length: y.rows }, () => Math.floor(random.uniform(0, outputs)));
  executor.write(y, y.dtype === 'u32' ? classes() : random.floats(y.rows * y.cols, 0, 1));
}

/** A candidate's samples, in microseconds: one a round, or one alone if it was given up. */
export interface Timed {
  readonly variant: string;
  readonly sameBits: boolean;
  readonly samples: readonly number[];
}

/**
 * A variant must be faster by this share to be taken: in the median of the rounds, and in the best of them, where others
 * were in the way the least...
 */
const LEAST_GAIN = 0.05;
/**
 * ... and faster in the same round in all rounds but one, so that the noise of this machine does not decide: of two that are
 * equally fast, one is so in six of seven rounds or more with probability 8/128.
 */
const ROUNDS_LOST = 1;

/** Returns the variant to take: the first, which the planner chooses, or another that is faster by more than the noise. */
export function chooseFastest([planned, ...others]: readonly Timed[]): string {
  let chosen = planned.variant;
  let best = 1 - LEAST_GAIN;
  const leastEnough = best * Math.min(...planned.samples);
  for (const { variant, sameBits, samples } of others) {
    if (!sameBits || samples.length === 0 || samples.length !== planned.samples.length) continue;
    // Rounds are interleaved: what slows a round slows everything in it.
    const ratios = samples.map((sample, round) => sample / planned.samples[round]);
    const won = ratios.filter((ratio) => ratio < 1).length;
    const isFaster = won >= ratios.length - ROUNDS_LOST && Math.min(...samples) <= leastEnough;
    if (isFaster && median(ratios) <= best) [chosen, best] = [variant, median(ratios)];
  }
  return chosen;
}

/** Returns the middle one of some numbers, the upper one of two. */
export function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
}
