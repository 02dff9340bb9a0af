import { asFormatError, EngineError } from '../errors/engine-error.js';
import { checkHyperParameter } from '../nn/hyper-parameters.js';
import { type Copy, type Member, START, type Standing } from './member.js';
import { pickTotals } from './reports.js';
import type { Session, States } from './session.js';

/** Members that are not on the device, and the point of their training. */
export interface Waiting extends Standing {
  readonly members: readonly Member[];
  /** One per member. Missing for networks that have never been on the device: their seeds decide them. */
  readonly states?: readonly States[] | undefined;
  /** The best states, by member, where they are remembered. */
  readonly best?: readonly States[] | undefined;
}

/** Members whose states are in the host's memory. */
export interface Parked extends Waiting {
  readonly states: readonly States[];
}

/** Networks that have not been trained. */
export function fresh(members: readonly Member[]): Waiting {
  return { members, diverged: members.map(() => undefined), steps: 0, position: START };
}

/** Reads a session's members into the host's memory; they stay on the device. */
export async function park(session: Session): Promise<Parked> {
  const { ledger, members, rememberedBest: best } = session;
  await ledger.read();
  const states: States[] = [];
  const bestStates: States[] = [];
  for (const member of members.keys()) {
    states.push(await session.statesOf(member));
    if (best) bestStates.push(await session.statesOf(member, best));
  }
  return { ...ledger.standing, members, states, best: best && bestStates };
}

/**
 * Puts members on the device in place of those there. All steps must have been read.
 * @throws EngineError of kind `format` if their states are not those of the session's model
 */
export async function unpark(session: Session, waiting: Waiting): Promise<void> {
  checkStates(session, waiting);
  const { members, states, best, ...standing } = waiting;
  const snapshot = best && (await session.best());
  await session.resize(members);
  for (const member of members.keys()) {
    session.setStates(member, states?.[member]);
    for (const { name, tensor } of session.states) {
      const state = best?.[member].get(name);
      if (state) snapshot?.write(tensor, state.data, member);
    }
  }
  await session.ledger.startAt(standing);
}

/** @throws EngineError of kind `format` if states or hyper-parameters are not those of the session's model */
export function checkStates(session: Session, { members, states = [], best = [] }: Waiting): void {
  const table = session.model.hyperTable;
  const names = Object.keys(table);
  for (const { hyper } of members) {
    const missing = names.find((name) => !Object.hasOwn(hyper, name));
    if (missing !== undefined) throw new EngineError('format', `population: a member has no '${missing}'`);
    for (const name of names) asFormatError(() => checkHyperParameter('population', table, name, hyper[name]));
  }
  for (const own of [...states, ...best]) {
    for (const { name, tensor } of session.states) {
      const found = own.get(name)?.data.length;
      const wanted = tensor.rows * tensor.cols;
      if (found === wanted) continue;
      throw new EngineError('format', `population: '${name}' must have ${wanted} elements, got ${found ?? 'none'}`);
    }
  }
}

/** Returns copies of members that wait. */
export function copiesOf<W extends Waiting>(waiting: W, copies: readonly Copy[]): W {
  const from = copies.map((copy) => copy.from);
  const pick = <T>(list: readonly T[]) => from.map((member) => list[member]);
  const { diverged, position, states, best } = waiting;
  const { measured } = position;
  return {
    ...waiting,
    members: copies.map(({ member }) => member),
    diverged: pick(diverged),
    position: { ...position, measured: measured && { ...measured, ...pickTotals(measured, from) } },
    states: states && pick(states),
    best: best && pick(best),
  };
}
