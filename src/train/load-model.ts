import { checkOptions, checkPositiveInteger } from '../errors/arguments.js';
import { asFormatError, EngineError } from '../errors/engine-error.js';
import type { Engine } from '../graph/engine.js';
import { seedKey } from '../random/seed.js';
import { readAnnotations } from './annotations.js';
import { checkStates, readModel, type StoredModel } from './checkpoint.js';
import { plainConfig } from './config-of.js';
import { checkEngine } from './create-trainer.js';
import { Inference, type TracedForward, traceForward } from './inference.js';
import { checkBytes } from './load-trainer.js';
import type { PartsOptions } from './own-parts.js';
import { TrainedModel } from './trained-model.js';
import { checkTrainerOptions } from './trainer-options.js';
import { trainingOf } from './training-from-config.js';

const WHERE = 'loadModel';

/** Options of `loadModel`. */
export interface LoadModelOptions extends PartsOptions {
  /**
   * Rows that are computed at once; more are computed in parts. Default: 256 on a GPU, fewer in a wide model and on the CPU.
   * A frame loop that encodes many rows is fastest with as many.
   */
  batchSize?: number | undefined;
}

/**
 * Returns the model of a file that `save` wrote, to be used: its weights are in memory, and nothing of its training.
 * @param bytes a safetensors file of `save`, with `weightsOnly` or without
 * @throws EngineError of kind `format` naming what in the file is wrong, `limit` or `memory` if it does not fit the device
 */
export async function loadModel(
  engine: Engine,
  bytes: Uint8Array,
  options: LoadModelOptions = {},
): Promise<TrainedModel> {
  checkEngine(WHERE, engine);
  checkBytes(WHERE, bytes);
  checkOptions(WHERE, options, ['batchSize', 'parts']);
  const { batchSize, parts } = options;
  if (batchSize !== undefined) checkPositiveInteger(WHERE, 'batchSize', batchSize);
  const stored = readModel(WHERE, bytes);
  const { model, options: saved } = trainingOf(WHERE, stored.config, parts);
  const checked = asFormatError(() => checkTrainerOptions(WHERE, model, { ...saved, seed: stored.seed }));
  const training = { model, ...checked };
  const traced = traceForward(engine, training, checked.features, batchSize);
  checkParameters(stored, traced);
  const described = { features: checked.features, outputs: traced.outputs, loss: checked.loss };
  const annotations = readAnnotations(WHERE, stored.entries, described);
  const inference = await Inference.create(engine, traced, stored, seedKey(WHERE, 'seed', stored.seed));
  return new TrainedModel(inference, { ...described, config: plainConfig(training, checked), annotations });
}

/** Refuses parameters that are not the model's, and hyper-parameters that its outputs need. A checkpoint may have more. */
function checkParameters({ states, hyper }: StoredModel, { model }: TracedForward): void {
  const { parameters } = model;
  if (parameters.length === 0) throw new EngineError('format', `${WHERE}: the model has no parameters`);
  const isOptimizers = (name: string) => parameters.some((parameter) => name.startsWith(`${parameter.name}.`));
  const own = [...states].filter(([name]) => !isOptimizers(name));
  const needed = Object.entries(hyper).filter(([name]) => Object.hasOwn(model.hyperTable, name));
  checkStates(
    WHERE,
    { states: new Map(own), hyper: Object.fromEntries(needed) },
    [...parameters, ...model.layerStates],
    model.hyperTable,
  );
}
