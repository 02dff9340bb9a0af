import { checkChoice, checkNumber, checkPositiveInteger, show } from '../errors/arguments.js';
import { EngineError } from '../errors/engine-error.js';
import { type MemberMemory, measureMemory } from '../gpu/measure-memory.js';
import type { Engine } from '../graph/engine.js';
import { changeHyperParameters, type HyperParameters, type HyperTable } from '../nn/hyper-parameters.js';
import type { Model } from '../nn/layer.js';
import { metricsOf, type TracedModel } from '../nn/traced-model.js';
import type { Seed } from '../random/seed.js';
import { checkEngine } from './create-trainer.js';
import { type Member, seedsOf } from './member.js';
import { Session } from './session.js';
import {
  type CheckedOptions,
  checkTrainerOptions,
  type TracedTraining,
  type TrainerOptions,
  traceTraining,
} from './trainer-options.js';

/** A member's seed, and its hyper-parameters that differ from the model's. */
export interface MemberOptions extends HyperParameters {
  /** Decides initial weights and dropout masks. Default 0. */
  seed?: Seed | undefined;
  /** Decides the order of its data, where orders are each member's own. Default: `seed`. */
  shuffleSeed?: Seed | undefined;
}

/** Options of `createPopulation`, beside an engine and a model. */
export interface PopulationOptions extends Omit<TrainerOptions, 'seed'> {
  /** One a network; `{}` is the model as it is. */
  members: readonly MemberOptions[];
  /** Decides the order of the data that members share. Default 0. */
  shuffleSeed?: Seed | undefined;
  /**
   * - 'shared' (default): all members see the same batches, fetched once
   * - 'own': each has an order of its own, from its `shuffleSeed`, and its batches take memory of their own
   */
  order?: 'shared' | 'own' | undefined;
  /** Room for so many members, so that `extend` needs no new memory. Default: the number of members. */
  capacity?: number | undefined;
  /** Bytes of the device that all members together may take. Default 2^30. */
  memory?: number | undefined;
}

/** The options, checked. */
interface CheckedPopulation
  extends Readonly<Required<Pick<PopulationOptions, 'members' | 'order' | 'capacity' | 'memory'>>> {
  readonly training: CheckedOptions;
}

const DEFAULT_MEMORY = 2 ** 30;

/** Returns the options, checked as far as they can be without the model's hyper-parameters. @throws TypeError or RangeError */
export function checkPopulationOptions(where: string, model: Model, options: PopulationOptions): CheckedPopulation {
  const more = ['members', 'order', 'capacity', 'memory'];
  const given: TrainerOptions = options;
  const training = checkTrainerOptions(where, model, given, more);
  if ('seed' in given) throw new TypeError(`${where}: seed belongs to a member: members: [{ seed }, ...]`);
  const { members, order = 'shared', memory = DEFAULT_MEMORY } = options;
  if (!Array.isArray(members)) {
    throw new TypeError(`${where}: members must be an array such as [{ seed: 1, l2: 1e-4 }], got ${show(members)}`);
  }
  if (members.length === 0) throw new RangeError(`${where}: members must hold at least one member`);
  const { capacity = members.length } = options;
  checkChoice(where, 'order', order, ['shared', 'own']);
  if (order === 'own' && options.shuffleSeed !== undefined) {
    throw new TypeError(`${where}: shuffleSeed is for order: 'shared'; with 'own' it belongs to a member`);
  }
  checkPositiveInteger(where, 'capacity', capacity);
  if (capacity < members.length) {
    throw new RangeError(
      `${where}: capacity must be at least the number of members ${members.length}, got ${capacity}`,
    );
  }
  checkNumber(where, 'memory', memory, { min: 1 });
  return { training, members: Array.from(members), order, capacity, memory };
}

/** A member as it is asked for. @throws TypeError or RangeError naming `place` */
export function memberFrom(
  where: string,
  place: string,
  member: MemberOptions,
  { hyperTable, hyper: starts }: Pick<TracedModel, 'hyperTable' | 'hyper'>,
  shared: Seed | undefined,
): Member {
  if (typeof member !== 'object' || member === null) {
    throw new TypeError(`${where}: ${place} must be an object such as { seed: 1, l2: 1e-4 }, got ${show(member)}`);
  }
  const { seed = 0, shuffleSeed = shared ?? seed, ...hyper } = member;
  if (shared !== undefined && member.shuffleSeed !== undefined) {
    throw new TypeError(
      `${where}: ${place}.shuffleSeed is for order: 'own'; members that share an order have one shuffleSeed`,
    );
  }
  return {
    ...seedsOf(where, `${place}.`, seed, shuffleSeed),
    hyper: changeHyperParameters(`${where}: ${place}`, hyperTable, starts, hyper),
  };
}

/** Returns a member with other hyper-parameters or seeds where they are given. @throws TypeError or RangeError naming `place` */
export function changedMember(
  place: string,
  member: Member,
  { seed = member.seed, shuffleSeed, ...changes }: MemberOptions,
  table: HyperTable,
  ownOrder: boolean,
): Member {
  if (shuffleSeed !== undefined && !ownOrder) {
    throw new TypeError(`${place}: shuffleSeed is for order: 'own'; members that share an order have one shuffleSeed`);
  }
  return {
    ...seedsOf(place, '', seed, shuffleSeed ?? member.shuffleSeed),
    hyper: changeHyperParameters(place, table, member.hyper, changes),
  };
}

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
  const members = asked.map((member, i) => memberFrom(where, `members[${i}]`, member, traced.model, shared));
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
