import { show } from '../errors/arguments.js';
import type { Engine } from '../graph/engine.js';
import type { Model } from '../nn/layer.js';
import type { Annotations } from './annotations.js';
import { START, type Standing } from './member.js';
import { Session } from './session.js';
import { Trainer } from './trainer.js';
import { checkTrainerOptions, type TrainerOptions, traceTraining } from './trainer-options.js';

/** Refuses anything but an engine. @throws TypeError */
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
  const where = 'createTrainer';
  const checked = checkTrainerOptions(where, model, options);
  const traced = traceTraining(where, model, checked);
  const { seed, key, shuffleSeed, shuffleKey } = checked;
  const members = [{ seed, key, shuffleSeed, shuffleKey, hyper: traced.model.hyper }];
  const session = await Session.create(engine, traced, checked, { members });
  return started(session, () => session.setStates(0));
}

/** A point from which a trainer starts. */
interface Start extends Pick<Standing, 'steps' | 'position'> {
  readonly annotations?: Annotations;
}

/** Returns a trainer of a session, after `set` has set its states. */
export async function started(
  session: Session,
  set: () => void,
  { steps, position, annotations }: Start = { steps: 0, position: START },
): Promise<Trainer> {
  try {
    set();
    await session.ledger.startAt({ steps, position, diverged: [undefined] });
    return new Trainer(session, annotations);
  } catch (error) {
    session.dispose();
    throw error;
  }
}
