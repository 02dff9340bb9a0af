import { EngineError } from '../errors/engine-error.js';
import type { Divergence, Member } from './member.js';
import type { EpochTotals, Position, Session, States } from './session.js';

/** Members that are not on the device, and where they stand. */
export interface Waiting {
  readonly members: readonly Member[];
  readonly diverged: readonly (Divergence | undefined)[];
  readonly steps: number;
  readonly position: Position;
  /** By member. Missing for networks that have never been on the device: their seeds decide them. */
  readonly states?: readonly States[];
  /** The best states, by member, where they are remembered. */
  readonly best?: readonly States[];
}

/** Members whose states are in the host's memory. */
export interface Parked extends Waiting {
  readonly states: readonly States[];
}

/** A member to be: a copy of the state of the one at `from`. */
export interface Copy {
  readonly from: number;
  readonly member: Member;
}

/** Networks that have not been trained. */
export function fresh(members: readonly Member[]): Waiting {
  return { members, diverged: members.map(() => undefined), steps: 0, position: { epoch: 0, row: 0 } };
}

/** Reads a session's members into the host's memory; they stay on the device. */
export async function park(session: Session): Promise<Parked> {
  await session.read();
  const { members, diverged, steps, position } = session;
  const best = session.hasBest ? await session.best() : undefined;
  const states: States[] = [];
  const bestStates: States[] = [];
  for (const member of members.keys()) {
    states.push(await session.statesOf(member));
    if (best) bestStates.push(await session.statesOf(member, best));
  }
  return { members, diverged, steps, position, states, ...(best && { best: bestStates }) };
}

/**
 * Puts members on the device in place of those there. All steps must have been read.
 * @throws EngineError of kind `format` if their states are not those of the session's model
 */
export async function unpark(session: Session, waiting: Waiting): Promise<void> {
  checkStates(session, waiting);
  const { members, diverged, steps, position, states, best } = waiting;
  await session.resize(members.length);
  const snapshot = best && (await session.best());
  session.members = members;
  session.diverged = diverged;
  for (const member of members.keys()) {
    session.setStates(member, states?.[member]);
    for (const { name, tensor } of session.states) {
      const state = best?.[member].get(name);
      if (state) snapshot?.write(tensor, state.data, member);
    }
  }
  await session.startAt(steps, position);
}

/** @throws EngineError of kind `format` if states are not those of the session's model */
export function checkStates(session: Session, { states = [], best = [] }: Waiting): void {
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
  const pick = <T>(list: readonly T[]) => copies.map(({ from }) => list[from]);
  const { diverged, position, states, best } = waiting;
  const { measured } = position;
  return {
    ...waiting,
    members: copies.map(({ member }) => member),
    diverged: pick(diverged),
    position: measured ? { ...position, measured: pickTotals(measured, pick) } : position,
    ...(states && { states: pick(states) }),
    ...(best && { best: pick(best) }),
  };
}

function pickTotals(
  { steps, loss, correct, weight }: EpochTotals,
  pick: (list: readonly number[]) => readonly number[],
): EpochTotals {
  return { steps, loss: pick(loss), correct: pick(correct), weight: pick(weight) };
}
