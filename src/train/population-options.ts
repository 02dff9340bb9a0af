import { checkChoice, checkNumber, checkPositiveInteger, show } from '../errors/arguments.js';
import type { HyperParameters } from '../nn/hyper-parameters.js';
import type { Model } from '../nn/layer.js';
import type { Seed } from '../random/seed.js';
import { changeHyperParameters } from './change-hyper-parameters.js';
import { type Member, seedsOf } from './member.js';
import { type CheckedOptions, checkTrainerOptions, type TrainerOptions } from './trainer-options.js';

/** A member's seed, and its hyper-parameters that differ from the model's. */
export interface MemberOptions extends HyperParameters {
  /** Decides initial weights and dropout masks. Default 0. */
  seed?: Seed;
  /** Decides the order of its data, where orders are each member's own. Default: `seed`. */
  shuffleSeed?: Seed;
}

/** Options of `createPopulation`, beside an engine and a model. */
export interface PopulationOptions extends Omit<TrainerOptions, 'seed'> {
  /** One a network; `{}` is the model as it is. */
  members: readonly MemberOptions[];
  /** Decides the order of the data that members share. Default 0. */
  shuffleSeed?: Seed;
  /**
   * - 'shared' (default): all members see the same batches, fetched once
   * - 'own': each has an order of its own, from its `shuffleSeed`, and its batches take memory of their own
   */
  order?: 'shared' | 'own';
  /** Room for so many members, so that `extend` needs no new memory. Default: the number of members. */
  capacity?: number;
  /** Bytes of the device that all members together may take. Default 2^30. */
  memory?: number;
}

/** The options, checked. */
export interface CheckedPopulation {
  readonly training: CheckedOptions;
  readonly members: readonly MemberOptions[];
  readonly order: 'shared' | 'own';
  readonly capacity: number;
  readonly memory: number;
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
  base: Readonly<Record<string, number>>,
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
    hyper: changeHyperParameters(`${where}: ${place}`, base, hyper),
  };
}

/** Returns a member with other hyper-parameters or seeds where they are given. @throws TypeError or RangeError naming `place` */
export function changedMember(
  place: string,
  member: Member,
  { seed = member.seed, shuffleSeed, ...changes }: MemberOptions,
  ownOrder: boolean,
): Member {
  if (shuffleSeed !== undefined && !ownOrder) {
    throw new TypeError(`${place}: shuffleSeed is for order: 'own'; members that share an order have one shuffleSeed`);
  }
  return {
    ...seedsOf(place, '', seed, shuffleSeed ?? member.shuffleSeed),
    hyper: changeHyperParameters(place, member.hyper, changes),
  };
}
