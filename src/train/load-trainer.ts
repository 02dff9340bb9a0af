import { show } from '../errors/arguments.js';
import { asFormatError } from '../errors/engine-error.js';
import type { Engine } from '../graph/engine.js';
import { checkStates, readCheckpoint } from './checkpoint.js';
import { checkEngine, started } from './create-trainer.js';
import { Session } from './session.js';
import type { Trainer } from './trainer.js';
import { checkTrainerOptions, traceTraining } from './trainer-options.js';
import { trainingOf } from './training-from-config.js';

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
  const { model, options } = trainingOf('loadTrainer', checkpoint.config);
  const checked = asFormatError(() => checkTrainerOptions('loadTrainer', model, { ...options, seed, shuffleSeed }));
  const traced = traceTraining('loadTrainer', model, checked);
  const { parameters, optimizerStates, hyper } = traced.model;
  checkStates(checkpoint, [...parameters, ...optimizerStates], hyper);
  const { key, shuffleKey } = checked;
  const members = [{ seed, key, shuffleSeed, shuffleKey, hyper: checkpoint.hyper }];
  const session = await Session.create(engine, traced, checked, { members });
  const { steps, position, states } = checkpoint;
  return started(session, () => session.setStates(0, states), steps, position);
}
