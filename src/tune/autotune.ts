import { EngineError } from '../errors/engine-error.js';
import { GpuEngine } from '../gpu/engine.js';
import type { Engine } from '../graph/engine.js';
import type { Model } from '../nn/layer.js';
import { checkEngine } from '../train/create-trainer.js';
import { traceTraining } from '../train/trace-training.js';
import { type AutotuneOptions, checkAutotuneOptions } from './autotune-options.js';
import { TimeLimit } from './time-limit.js';
import { tuneShapes } from './tune-shapes.js';
import { type TunedShape, type Tuning, tuningText } from './tuning.js';

const FUSES =
  'this device fuses multiply and add, so that variants of a kernel may differ in the last bit; the planner chooses';

/**
 * Measures the variants of the kernels that a step of training `model` runs, each in the step's own dispatches, and makes
 * the engine's trainers from now on use the fastest at these sizes. Numbers do not change: only a variant that stores the
 * same bits is taken, and only if it is at least 5 % faster than the planner's choice in nearly every round. Trainers that exist stay as
 * they are. Memory for one more trainer is needed meanwhile; do not train at the same time, or times are wrong.
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
  const limit = new TimeLimit(checked.seconds, checked.signal);
  limit.checkSignal();
  const { fusesMultiplyAdd } = await engine.probe();
  const shapes = fusesMultiplyAdd ? [] : await tuneShapes(engine, traced, checked, limit);
  engine.check();
  prefer(engine, shapes);
  const skipped = fusesMultiplyAdd ? FUSES : null;
  const plain = { adapter: engine.info.adapter, skipped, shapes, seconds: limit.seconds };
  // Not enumerable, so that the result is plain JSON.
  return Object.defineProperty(plain, 'toString', { value: () => tuningText(plain) });
}

/** Makes executors of the engine plan by what was chosen. */
function prefer(engine: GpuEngine, shapes: readonly TunedShape[]): void {
  const preferences = new Map(engine.preferences);
  for (const { name, planned, chosen, from } of shapes) {
    if (from === 'planner') continue;
    if (chosen === planned) preferences.delete(name);
    else preferences.set(name, chosen);
  }
  engine.preferences = preferences;
}
