import { checkNumber, checkSignal, show } from '../errors/arguments.js';
import { EngineError, OutOfTime, throwIfAborted } from '../errors/engine-error.js';
import { GpuEngine } from '../gpu/engine.js';
import type { Engine } from '../graph/engine.js';
import { KERNELS } from '../kernels/every-kernel.js';
import type { Model } from '../nn/layer.js';
import { checkEngine } from '../train/create-trainer.js';
import {
  checkTrainerOptions,
  type TracedTraining,
  type TrainerOptions,
  traceTraining,
} from '../train/trainer-options.js';
import { type Bench, chooseFastest, createBench, median, type Timed } from './bench.js';
import { findShapes, type Shape } from './find-shapes.js';
import {
  parseStored,
  storedText,
  storeKey,
  type TunedCandidate,
  type TunedChoice,
  type TunedShape,
  type Tuning,
  type TuningStore,
  tuningText,
} from './tuning.js';

/** The progress of tuning. */
export interface AutotuneProgress {
  /** The shape to be measured next: a kernel and its sizes, such as 'matmul-nn m=64,k=784,n=128'. */
  readonly shape: string;
  /** The number of shapes that are done, and of all. */
  readonly done: number;
  readonly total: number;
}

/** Options of `autotune`: those of `createTrainer`, and these. */
export interface AutotuneOptions extends TrainerOptions {
  /** Keeps results for the next time. Default: none are kept. */
  store?: TuningStore | undefined;
  /** Seconds after which shapes not yet measured stay as planned. Default 10. */
  seconds?: number | undefined;
  /** Stops tuning, which then rejects with an EngineError of kind `aborted`. */
  signal?: AbortSignal | undefined;
  /** Called before each shape. */
  onProgress?: ((progress: AutotuneProgress) => void) | undefined;
}

const WHERE = 'autotune';
/** More than one row of metrics, as in a trainer: the dispatches measured have the texts of a trainer's. */
const SLOTS = 4;

/**
 * Measures the variants of the kernels that a step of training `model` runs, each in the step's own dispatches, and makes
 * the engine's trainers from now on use the fastest at these sizes. Numbers do not change: a variant is taken only if it stores
 * the same bits as the planner's choice on this device, and is at least 5 % faster than it in nearly every round. Trainers that
 * exist stay as they are. Memory for one more trainer is needed meanwhile; do not train at the same time, or times are wrong.
 * @returns what was measured and chosen
 * @throws TypeError or RangeError naming an option that is wrong, before anything is allocated; EngineError of kind
 * `unsupported` for the CPU reference, `aborted` when the signal is, `lost` if the device is, `limit` or `memory` if the
 * model does not fit; what the store throws. After an error the engine's trainers are made as before
 */
export async function autotune(engine: Engine, model: Model, options: AutotuneOptions): Promise<Tuning> {
  checkEngine(WHERE, engine);
  const checked = checkAutotuneOptions(model, options);
  engine.check();
  if (!(engine instanceof GpuEngine)) {
    throw new EngineError('unsupported', `${WHERE}: it measures a GPU; this engine is the CPU reference`);
  }
  const traced = traceTraining(WHERE, model, checked.training);
  if (traced.model.parameters.length === 0) {
    throw new RangeError(`${WHERE}: the model has nothing to train; it needs a layer such as dense(10)`);
  }
  const started = performance.now();
  const elapsed = () => (performance.now() - started) / 1000;
  const checkTime = () => {
    throwIfAborted(WHERE, checked.signal);
    if (elapsed() >= checked.seconds) throw new OutOfTime();
  };
  throwIfAborted(WHERE, checked.signal);
  engine.kernels = KERNELS; // preferences may name a variant of another class
  const shapes = await tuneShapes(engine, traced, checked, checkTime);
  engine.check();
  prefer(engine, shapes);
  const plain = { adapter: engine.info.adapter, shapes, seconds: elapsed() };
  // Not enumerable, so that the result is plain JSON.
  return Object.defineProperty(plain, 'toString', { value: () => tuningText(plain) });
}

type Checked = ReturnType<typeof checkAutotuneOptions>;

/** Returns the options with their defaults. @throws TypeError or RangeError naming the option */
function checkAutotuneOptions(model: Model, options: AutotuneOptions) {
  const training = checkTrainerOptions(WHERE, model, options, ['store', 'seconds', 'signal', 'onProgress']);
  const { store, seconds = 10, signal, onProgress } = options;
  checkNumber(WHERE, 'seconds', seconds, { min: 0, exclusive: 'min' });
  if (store !== undefined && (typeof store?.get !== 'function' || typeof store.set !== 'function')) {
    throw new TypeError(`${WHERE}: store must have the functions get and set, as a Map has, got ${show(store)}`);
  }
  checkSignal(WHERE, signal);
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw new TypeError(`${WHERE}: onProgress must be a function, got ${show(onProgress)}`);
  }
  return { training, store, seconds, signal, onProgress };
}

/** Returns a variant for every shape of a step: the stored one, or the fastest, measured on memory of its own. */
async function tuneShapes(
  engine: GpuEngine,
  traced: TracedTraining,
  { training, store, signal, onProgress }: Checked,
  checkTime: () => void,
): Promise<TunedShape[]> {
  const executor = engine.createExecutor({ slots: SLOTS, debug: false });
  let bench: Bench | undefined;
  const measure = async (shape: Shape): Promise<TunedChoice> => {
    checkTime();
    bench ??= await createBench(executor, traced, training, checkTime);
    const timed = await bench.measure(shape);
    return { chosen: chooseFastest(timed), candidates: timed.map(summary) };
  };
  try {
    const shapes = findShapes(executor, traced.step);
    const tuned: TunedShape[] = [];
    for (const [done, shape] of shapes.entries()) {
      onProgress?.({ shape: shape.name, done, total: shapes.length });
      tuned.push(await tuneShape(engine, shape, store, measure));
      throwIfAborted(WHERE, signal);
    }
    return tuned;
  } finally {
    bench?.dispose();
    executor.dispose();
  }
}

async function tuneShape(
  { device }: GpuEngine,
  shape: Shape,
  store: TuningStore | undefined,
  measure: (shape: Shape) => Promise<TunedChoice>,
): Promise<TunedShape> {
  const { name, kernel, sizes, candidates } = shape;
  const variants = candidates.map(({ variant }) => variant);
  const dispatches = candidates[0].dispatches.map(({ title }) => title);
  const about = { name, kernel: kernel.name, sizes, dispatches, planned: variants[0] };
  const key = store && (await storeKey(device, shape));
  const stored = key && parseStored(await store.get(key), variants);
  if (stored) return { ...about, from: 'store', ...stored };
  try {
    const found = await measure(shape);
    if (key) await store.set(key, storedText(found));
    return { ...about, from: 'measured', ...found };
  } catch (error) {
    if (!(error instanceof OutOfTime)) throw error;
    return { ...about, from: 'planner', chosen: about.planned, candidates: [] };
  }
}

function summary({ variant, sameBits, samples }: Timed): TunedCandidate {
  if (samples.length === 0) return { variant, sameBits, median: null, least: null };
  return { variant, sameBits, median: median(samples), least: Math.min(...samples) };
}

/** Makes the engine's executors plan with the chosen variants. */
function prefer(engine: GpuEngine, shapes: readonly TunedShape[]): void {
  const preferences = new Map(engine.preferences);
  for (const { name, planned, chosen, from } of shapes) {
    if (from === 'planner') continue;
    if (chosen === planned) preferences.delete(name);
    else preferences.set(name, chosen);
  }
  engine.preferences = preferences;
}
