import { EngineError } from '../errors/engine-error.js';
import { type MemberMemory, measureMemory } from '../gpu/measure-memory.js';
import type { Engine } from '../graph/engine.js';
import type { Model } from '../nn/layer.js';
import { metricsOf } from '../nn/traced-model.js';
import { checkEngine } from './create-trainer.js';
import { Population } from './population.js';
import { checkPopulationOptions, memberFrom, type PopulationOptions } from './population-options.js';
import { Session } from './session.js';
import { type TracedTraining, traceTraining } from './trace-training.js';
import { type OpenSession, type ParkedWave, Waves } from './waves.js';

/**
 * Returns networks of one architecture that train side by side in the same dispatches, each with its own hyper-parameters
 * and seed. Member i becomes what a trainer with its hyper-parameters and seeds becomes, bit for bit. Where not all fit the
 * device, or the bytes of `memory`, they run in waves.
 * @throws TypeError or RangeError naming the option that is wrong, before anything is allocated; EngineError of kind
 * `limit` if not even one network fits, `memory` if the device has not the bytes
 */
export function createPopulation(engine: Engine, model: Model, options: PopulationOptions): Promise<Population> {
  return openPopulation('createPopulation', engine, model, options);
}

/** What those who open a population from inside may say. */
export interface InsideOptions {
  /** The step that is compiled at once is the one on rows with weights. Default false. */
  readonly weighted?: boolean;
  /** Members as they were, whose own hyper-parameters and seeds stand. Default: fresh ones. */
  readonly parked?: readonly ParkedWave[];
}

/** Opens a population; messages begin with `where`. */
export async function openPopulation(
  where: string,
  engine: Engine,
  model: Model,
  options: PopulationOptions,
  { weighted = false, parked }: InsideOptions = {},
): Promise<Population> {
  checkEngine(where, engine);
  const { training, members: asked, order, capacity, memory } = checkPopulationOptions(where, model, options);
  const ownOrder = order === 'own';
  const traced = traceTraining(where, model, training, ownOrder);
  const shared = ownOrder ? undefined : training.shuffleSeed;
  const members = asked.map((member, i) => memberFrom(where, `members[${i}]`, member, traced.model.hyper, shared));
  const most = mostAtOnce(where, engine, traced, { weighted, memory });
  const open: OpenSession = (first, at) =>
    Session.create(engine, traced, training, { members: first, capacity: at, marks: true, weighted });
  const refuse = (place: string, count: number) => refuseWaiting(place, count, { most, memory, traced });
  refuse(where, members.length);
  const room = Math.min(capacity, most);
  const waves = parked ? await Waves.resume(open, parked, room) : await Waves.start(open, members, room);
  return new Population(waves, { most, refuse });
}

/** Networks that take turns wait in the host's memory, of which they may use so many times what they may of the device's. */
const HOST_SHARE = 8;

/** @throws EngineError of kind `memory` if so many networks would need more of the host's memory than they may use */
function refuseWaiting(
  where: string,
  count: number,
  { most, memory, traced }: { most: number; memory: number; traced: TracedTraining },
): void {
  const elements = traced.step.updates.reduce((sum, { state: { rows, cols } }) => sum + rows * cols, 0);
  const bytes = count * elements * Float32Array.BYTES_PER_ELEMENT;
  const allowed = HOST_SHARE * memory;
  if (count <= most || bytes <= allowed) return;
  throw new EngineError(
    'memory',
    `${where}: ${count} networks, of which ${most} fit side by side, take turns, and wait in ${bytes} bytes of the host's ` +
      `memory; allowed are ${allowed}, ${HOST_SHARE} times memory: use fewer networks, or set memory higher`,
  );
}

/** How many networks fit side by side. @throws EngineError of kind `limit` if there is no room for one */
function mostAtOnce(
  where: string,
  engine: Engine,
  traced: TracedTraining,
  { memory, ...kind }: { weighted: boolean; memory: number },
): number {
  const { each, shared, most, limitedBy } = measureMembers(engine, traced, kind);
  if (most < 1) throw new EngineError('limit', `${where}: not even one network fits this device: ${limitedBy}`);
  const room = Math.min(most, each > 0 ? Math.floor((memory - shared) / each) : most);
  if (room >= 1) return room;
  throw new EngineError(
    'limit',
    `${where}: memory must be at least ${shared + each} bytes, of which one network needs ${each}, got ${memory}`,
  );
}

/** What members need for training and evaluation, and how many of them fit the device's limits; nothing is made. */
export function measureMembers(
  engine: Engine,
  { model, x, y, step }: TracedTraining,
  { weighted }: { weighted: boolean },
): MemberMemory {
  engine.check();
  const weights = weighted ? model.rowWeights('weights', x.rows) : undefined;
  const batch = { x, y, weights };
  const metrics = metricsOf(model.metrics(batch, false));
  const steps = [
    { step: weights ? model.step(batch) : step, watch: true },
    { step: { updates: [], metrics, outputs: [] }, ring: 'evaluation', watch: false },
  ];
  return measureMemory(engine, steps);
}
