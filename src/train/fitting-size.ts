import { EngineError } from '../errors/engine-error.js';
import { measureMemory } from '../gpu/measure-memory.js';
import type { Engine } from '../graph/engine.js';
import type { Step } from '../graph/step.js';
import { type CheckedOptions, type TracedTraining, traceTraining } from './trainer-options.js';

/** Returns `error`; if the step does not fit the device's limits, it names the largest batch that does. */
export function withFittingBatch(
  error: unknown,
  engine: Engine,
  { model: { training } }: TracedTraining,
  options: CheckedOptions,
): unknown {
  if (!isLimit(error)) return error;
  const fits = (batchSize: number) => {
    const { step } = traceTraining('', training.model, { ...options, batchSize }, training.ownOrder);
    return measureMemory(engine, [{ step, watch: true }]).most > 0;
  };
  const largest = largestThat(fits, options.batchSize);
  if (largest === 0) return error;
  return new EngineError('limit', `${error.message}; batchSize may be at most ${largest}`, { cause: error });
}

/** A training whose data sets are uploaded. */
export interface Uploading {
  readonly engine: Engine;
  readonly options: CheckedOptions;
  readonly model: TracedTraining['model'];
  readonly executor: { readonly capacity: number };
}

/**
 * Returns `error`; if a data set does not fit the device's limits, it names the most examples that do.
 * @param gather returns the step that fetches a batch of so many examples
 */
export function withFittingExamples(
  error: unknown,
  { engine, options, model: { training }, executor }: Uploading,
  examples: number,
  gather: (traced: TracedTraining, examples: number) => Step,
): unknown {
  if (!isLimit(error)) return error;
  const fits = (fewer: number) => {
    const traced = traceTraining('', training.model, options, training.ownOrder);
    return measureMemory(engine, [{ step: gather(traced, fewer), watch: false }]).most >= executor.capacity;
  };
  const largest = largestThat(fits, examples);
  if (largest === 0) return error;
  return new EngineError('limit', `${error.message}; at most ${largest} examples of these data fit`, { cause: error });
}

function isLimit(error: unknown): error is EngineError {
  return error instanceof EngineError && error.kind === 'limit';
}

/** Returns the largest number below `most` that fits; 0 for none. */
function largestThat(fits: (number: number) => boolean, most: number): number {
  let [least, end] = [0, most];
  while (end - least > 1) {
    const middle = Math.floor((least + end) / 2);
    if (fits(middle)) least = middle;
    else end = middle;
  }
  return least;
}
