import { OutOfTime } from '../errors/out-of-time.js';
import type { GpuEngine } from '../gpu/engine.js';
import type { TracedTraining } from '../train/trace-training.js';
import type { CheckedAutotuneOptions } from './autotune-options.js';
import { Bench } from './bench.js';
import { chooseFastest, median, type Timed } from './choose-fastest.js';
import { findShapes, type Shape } from './find-shapes.js';
import { parseStored, storedText, storeKey, type TuningStore } from './stored-shape.js';
import type { TimeLimit } from './time-limit.js';
import type { TunedShape } from './tuning.js';

/** Steps whose metrics are kept: more than one, as in a trainer, whose texts these are to be. */
const SLOTS = 4;

/** Chooses a variant for every shape of a step: what the store has, or what is measured on memory of its own. */
export async function tuneShapes(
  engine: GpuEngine,
  traced: TracedTraining,
  { training, store, onProgress }: CheckedAutotuneOptions,
  limit: TimeLimit,
): Promise<TunedShape[]> {
  const executor = engine.createExecutor({ slots: SLOTS, debug: false });
  let bench: Bench | undefined;
  try {
    const shapes = findShapes(executor, traced.step);
    const tuned: TunedShape[] = [];
    for (const [done, shape] of shapes.entries()) {
      onProgress?.({ shape: shape.name, done, total: shapes.length });
      const measure = async () => {
        limit.check();
        bench ??= await Bench.create(executor, traced, training);
        return bench.measure(shape, limit);
      };
      tuned.push(await tuneShape(engine, shape, store, measure));
      limit.checkSignal();
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
  store: TuningStore | undefined,
  measure: () => Promise<readonly Timed[]>,
): Promise<TunedShape> {
  const { name, kernel, sizes, candidates } = shape;
  const [{ variant: planned, dispatches }] = candidates;
  const titles = dispatches.map(({ title }) => title);
  const about = { name, kernel: kernel.name, sizes, dispatches: titles, planned };
  const key = store && (await storeKey(engine, name, candidates));
  const stored =
    key &&
    parseStored(
      await store.get(key),
      candidates.map(({ variant }) => variant),
    );
  if (stored) return { ...about, from: 'store', ...stored };
  try {
    const timed = await measure();
    const measured = {
      ...about,
      from: 'measured',
      chosen: chooseFastest(timed),
      candidates: timed.map(summary),
    } as const;
    if (key) await store.set(key, storedText(measured));
    return measured;
  } catch (error) {
    if (!(error instanceof OutOfTime)) throw error;
    return { ...about, from: 'planner', chosen: planned, candidates: [] };
  }
}

function summary({ variant, sameBits, samples }: Timed): TunedShape['candidates'][number] {
  const times = samples.length
    ? { median: median(samples), least: Math.min(...samples) }
    : { median: null, least: null };
  return { variant, sameBits, ...times };
}
