import { show } from '../errors/arguments.js';
import type { Engine } from '../graph/engine.js';
import type { Model } from '../nn/layer.js';
import { asFormatError, readCheckpoint } from './checkpoint.js';
import { Session } from './session.js';
import { Trainer } from './trainer.js';
import { checkTrainerOptions, type TrainerOptions } from './trainer-options.js';
import { trainingFromConfig } from './training-from-config.js';

function checkEngine(where: string, engine: Engine): void {
  if (typeof engine?.createExecutor === 'function') return;
  throw new TypeError(`${where}: engine must be made by createEngine or createReferenceEngine, got ${show(engine)}`);
}

/**
 * Returns a trainer of `model` with fresh parameters; its step is planned, compiled and in memory.
 * @throws TypeError or RangeError naming the option that is wrong, before anything is allocated; EngineError of kind
 * `limit` or `memory` if the model does not fit the device
 */
export async function createTrainer(engine: Engine, model: Model, options: TrainerOptions): Promise<Trainer> {
  checkEngine('createTrainer', engine);
  return new Trainer(await Session.create(engine, model, checkTrainerOptions('createTrainer', model, options)));
}

/**
 * Returns the trainer that `save` wrote, which goes on from there: on the same adapter bit for bit.
 * @param bytes a safetensors file of `save`
 * @throws EngineError of kind `format` naming what in the file is wrong
 */
export async function loadTrainer(engine: Engine, bytes: Uint8Array): Promise<Trainer> {
  checkEngine('loadTrainer', engine);
  if (!(bytes instanceof Uint8Array))
    throw new TypeError(`loadTrainer: bytes must be a Uint8Array, got ${show(bytes)}`);
  const checkpoint = readCheckpoint(bytes);
  const { seed, shuffleSeed } = checkpoint;
  const { model, options } = trainingFromConfig(checkpoint.config);
  const checked = asFormatError(() => checkTrainerOptions('loadTrainer', model, { ...options, seed, shuffleSeed }));
  return new Trainer(await Session.create(engine, model, checked, checkpoint));
}
