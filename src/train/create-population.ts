import type { Engine } from '../graph/engine.js';
import type { Model } from '../nn/layer.js';
import { fresh, unpark } from './parked.js';
import { Population } from './population.js';
import { type PopulationOptions, prepareMembers } from './prepare-members.js';

/**
 * Returns networks of one architecture that train side by side in the same dispatches, each with its own hyper-parameters
 * and seed. Member i becomes what a trainer with its hyper-parameters and seeds becomes, bit for bit.
 * @throws TypeError or RangeError naming the option that is wrong, before anything is allocated; EngineError of kind
 * `limit` if they do not all fit the device, or the bytes of `memory`, `memory` if the device has not the bytes
 */
export async function createPopulation(engine: Engine, model: Model, options: PopulationOptions): Promise<Population> {
  const prepared = prepareMembers('createPopulation', engine, model, options);
  const { members, capacity } = prepared;
  prepared.refuse('createPopulation', capacity);
  const session = await prepared.open(members, capacity);
  try {
    await unpark(session, fresh(members));
    return new Population(session, prepared);
  } catch (error) {
    session.dispose();
    throw error;
  }
}
