import { show } from '../errors/arguments.js';
import type { Engine } from '../graph/engine.js';
import type { Model } from '../nn/layer.js';
import { Session } from './session.js';
import { Trainer } from './trainer.js';
import { checkTrainerOptions, type TrainerOptions } from './trainer-options.js';

/** @throws TypeError if something is no engine */
export function checkEngine(where: string, engine: Engine): void {
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
