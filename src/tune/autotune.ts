import { EngineError, OutOfTime, throwIfAborted } from '../errors/engine-error.js';
import { GpuEngine } from '../gpu/engine.js';
import type { Engine } from '../graph/engine.js';
import type { Model } from '../nn/layer.js';
import { checkEngine } from '../train/create-trainer.js';
import { type TracedTraining, traceTraining } from '../train/trainer-options.js';
import { type AutotuneOptions, type CheckedAutotuneOptions, checkAutotuneOptions } from './autotune-options.js';
import { type Bench, createBench } from './bench.js';
import { chooseFastest, median, type Timed } from './choose-fastest.js';
import { findShapes, type Shape } from './find-shapes.js';
import { parseStored, storedText, storeKey } from './stored-shape.js';
import { type TunedCandidate, type TunedShape, type Tuning, tuningText } from './tuning.js';

const FUSES =
  'this device fuses multiply and add, so that variants of a kernel may differ in the last bit; the planner chooses';

/**
 * Measures the variants of the kernels that a step of training `model` runs, each in the step's own dispatches, and makes
 * the engine's trainers from now on use the fastest at these sizes. Numbers do not change: only a variant that stores the
 * same bits is taken, and only if it is at least 5 % faster than the planner's choice in nearly every round. Trainers that
 * exist stay as they are. Memory for one more trainer is needed meanwhile; do not train at the same time, or times are wrong.
 * @returns what was measured and chosen; `skipped` says why nothing was, where variants may differ in a bit
 * @throws TypeError or RangeError naming an option that is wrong, before anything is allocated; EngineError of kind
 * `unsupported` for the CPU reference, `aborted` when the signal is, `lost` if the device is, `limit` or `memory` if the
 * model does not fit; what the store throws. After an error the engine's trainers are made as before
 */
export async function autotune(engine: Engine, model: Model, options: AutotuneOptions): Promise<Tuning> {
  const where = 'autotune';
  checkEngine(where, engine);
  const checked = checkAutotuneOptions(where, model, options);
  engine.check();
  if (!(engine instanceof GpuEngine)) {
    throw new EngineError('unsupported', `${where}: it measures a GPU; this engine is the CPU reference`);
  }
  const traced = traceTraining('autotune', model, checked.training);
  if (traced.model.parameters.length === 0) {
    throw new RangeError(`${where}: the model has nothing to train; it needs a layer such as dense(10)`);
  }
  const started = performance.now();
  const elapsed = () => (performance.now() - started) / 1000;
  throwIfAborted(where, checked.signal);
  const { fusesMultiplyAdd } = await engine.probe();
  const shapes = fusesMultiplyAdd
    ? []
    : await tuneShapes(engine, traced, checked, () => {
        throwIfAborted(where, checked.signal);
        if (elapsed() >= checked.seconds) throw new OutOfTime();
      });
  engine.check();
  prefer(engine, shapes);
  const skipped = fusesMultiplyAdd ? FUSES : null;
  const plain = { adapter: engine.info.adapter, skipped, shapes, seconds: elapsed() };
  // Not enumerable, so that the result is plain JSON.
  return Object.defineProperty(plain, 'toString', { value: () => tuningText(plain) });
}

/** More than one row of metrics, as in a trainer: the dispatches measured have the texts of a trainer's. */
const SLOTS = 4;

/** Returns a variant for every shape of a step: the stored one, or the fastest, measured on memory of its own. */
async function tuneShapes(
  engine: GpuEngine,
  traced: TracedTraining,
  { training, store, signal, onProgress }: CheckedAutotuneOptions,
  checkTime: () => void,
): Promise<TunedShape[]> {
  const executor = engine.createExecutor({ slots: SLOTS, debug: false });
  let bench: Bench | undefined;
  const measure = async (shape: Shape) => {
    checkTime();
    bench ??= await createBench(executor, traced, training, checkTime);
    return bench.measure(shape);
  };
  try {
    const shapes = findShapes(executor, traced.step);
    const tuned: TunedShape[] = [];
    for (const [done, shape] of shapes.entries()) {
      onProgress?.({ shape: shape.name, done, total: shapes.length });
      tuned.push(await tuneShape(engine, shape, store, measure));
      throwIfAborted('autotune', signal);
    }
    return tuned;
  } finally {
    bench?.dispose();
    executor.dispose();
  }
}

async function tuneShape(
  engine: GpuEngine,
  shape: Shape,
  store: CheckedAutotuneOptions['store'],
  measure: (shape: Shape) => Promise<readonly Timed[]>,
): Promise<TunedShape> {
  const { name, kernel, sizes, candidates } = shape;
  const variants = candidates.map(({ variant }) => variant);
  const dispatches = candidates[0].dispatches.map(({ title }) => title);
  const about = { name, kernel: kernel.name, sizes, dispatches, planned: variants[0] };
  const key = store && (await storeKey(engine, name, candidates));
  const stored = key && parseStored(await store.get(key), variants);
  if (stored) return { ...about, from: 'store', ...stored };
  try {
    const timed = await measure(shape);
    const found = { chosen: chooseFastest(timed), candidates: timed.map(summary) };
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
