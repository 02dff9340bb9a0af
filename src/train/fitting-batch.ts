import { EngineError } from '../errors/engine-error.js';
import { measureMemory } from '../gpu/measure-memory.js';
import type { Engine } from '../graph/engine.js';
import { type CheckedOptions, type TracedTraining, traceTraining } from './trainer-options.js';

/** Returns `error`; if the step does not fit the device's limits, it names the largest batch that does. */
export function withFittingBatch(
  error: unknown,
  engine: Engine,
  { model: { training } }: TracedTraining,
  options: CheckedOptions,
): unknown {
  if (!(error instanceof EngineError) || error.kind !== 'limit') return error;
  const fits = (batchSize: number) => {
    const { step } = traceTraining('', training.model, { ...options, batchSize }, training.ownOrder);
    return measureMemory(engine, [{ step, watch: true }]).most > 0;
  };
  let [least, most] = [0, options.batchSize];
  while (most - least > 1) {
    const middle = Math.floor((least + most) / 2);
    if (fits(middle)) least = middle;
    else most = middle;
  }
  if (least === 0) return error;
  return new EngineError('limit', `${error.message}; batchSize may be at most ${least}`, { cause: error });
}
