import { EngineError } from '../errors/engine-error.js';
import { type MemberMemory, measureMemory } from '../gpu/measure-memory.js';
import type { Engine } from '../graph/engine.js';
import type { Model } from '../nn/layer.js';
import { metricsOf } from '../nn/traced-model.js';
import { checkEngine } from './create-trainer.js';
import type { Member } from './member.js';
import { checkPopulationOptions, memberFrom, type PopulationOptions } from './population-options.js';
import { Session } from './session.js';
import { type TracedTraining, traceTraining } from './trace-training.js';

/** Networks of one architecture, checked and traced; they take no memory of the device yet. */
export interface PreparedMembers {
  readonly members: readonly Member[];
  /** Room for so many members. */
  readonly capacity: number;
  /** The number of members that fit side by side, at least 1. */
  readonly most: number;
  /** Bytes of the device that they may take. */
  readonly memory: number;
  /** Bytes of one network's parameters and optimiser states. */
  readonly stateBytes: number;
  /** Refuses more members than fit side by side. @throws EngineError of kind `limit` with the number that fits */
  refuse(where: string, members: number): void;
  /** Compiles the step and takes memory for `capacity` members, of which `members` run at first; their states are not set. */
  open(members: readonly Member[], capacity: number): Promise<Session>;
}

/**
 * Returns the networks that `options` ask for; messages begin with `where`. With `weighted`, `open` compiles the step on
 * rows with weights.
 * @throws TypeError or RangeError naming the option that is wrong; EngineError of kind `limit` if not even one network fits
 */
export function prepareMembers(
  where: string,
  engine: Engine,
  model: Model,
  options: PopulationOptions,
  weighted = false,
): PreparedMembers {
  checkEngine(where, engine);
  const { training, members: asked, order, capacity, memory } = checkPopulationOptions(where, model, options);
  const ownOrder = order === 'own';
  const traced = traceTraining(where, model, training, ownOrder);
  const shared = ownOrder ? undefined : training.shuffleSeed;
  const members = asked.map((member, i) => memberFrom(where, `members[${i}]`, member, traced.model.hyper, shared));
  const needs = measureMembers(engine, traced, weighted);
  const most = mostSideBySide(where, needs, memory);
  const elements = traced.step.updates.reduce((sum, { state: { rows, cols } }) => sum + rows * cols, 0);
  return {
    members,
    capacity,
    most,
    memory,
    stateBytes: elements * Float32Array.BYTES_PER_ELEMENT,
    refuse: (place, count) => {
      if (count > most) throw new EngineError('limit', `${place}: ${whyNot(count, most, needs, memory)}`);
    },
    open: (first, at) =>
      Session.create(engine, traced, training, { members: first, capacity: at, marks: true, weighted }),
  };
}

/** Returns the number of networks that fit side by side. @throws EngineError of kind `limit` if there is no room for one */
function mostSideBySide(where: string, { each, shared, most, limitedBy }: MemberMemory, memory: number): number {
  if (most < 1) throw new EngineError('limit', `${where}: not even one network fits this device: ${limitedBy}`);
  const room = Math.min(most, each > 0 ? Math.floor((memory - shared) / each) : most);
  if (room >= 1) return room;
  throw new EngineError(
    'limit',
    `${where}: memory must be at least ${shared + each} bytes, of which one network needs ${each}, got ${memory}`,
  );
}

function whyNot(count: number, room: number, { each, shared, most, limitedBy }: MemberMemory, memory: number): string {
  if (room === most) {
    return `${count} members do not fit this device side by side, ${most} do (${limitedBy}); use fewer members`;
  }
  const bytes = shared + count * each;
  return `${count} members need ${bytes} bytes side by side, and memory is ${memory}: ${room} fit; use fewer members, or set memory higher`;
}

/** Returns the memory that members need for training and evaluation, and the number that fits the device; allocates nothing. */
export function measureMembers(engine: Engine, { model, x, y, step }: TracedTraining, weighted: boolean): MemberMemory {
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
