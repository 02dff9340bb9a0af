import type { Dataset } from '../data/dataset.js';
import { EngineError } from '../errors/engine-error.js';
import type { HyperTable } from '../nn/hyper-parameters.js';
import type { Model } from '../nn/layer.js';
import { bestStatesOf } from '../train/early-stopping.js';
import type { FitOptions, MemberWeights } from '../train/fit-options.js';
import type { Copy, Divergence, Member } from '../train/member.js';
import { Members } from '../train/members.js';
import { chunks } from '../train/pace.js';
import { checkStates, copiesOf, fresh, type Parked, park, unpark, type Waiting } from '../train/parked.js';
import type { PreparedMembers } from '../train/prepare-members.js';
import type { EpochReport, PerMember } from '../train/reports.js';

/** The measures of one member in an epoch; NaN if it has diverged. */
export interface MemberEpoch {
  readonly trainLoss: number;
  readonly trainAccuracy?: number | undefined;
  readonly validationLoss: number;
  readonly validationAccuracy?: number | undefined;
}

/** Members that were on the device together, in the host's memory. */
export interface ParkedPart extends Parked {
  /** Their measures, by member, in an epoch that other parts have yet to train. */
  readonly epoch?: readonly MemberEpoch[];
}

/** Members that are on the device together, or will be. */
interface Part extends Pick<ParkedPart, 'epoch'> {
  /** Missing for those on the device. */
  readonly waiting?: Waiting;
}

/** Options of an epoch, with one list of weights per member. */
export interface EpochOptions extends Omit<FitOptions, 'weights' | 'validationWeights'> {
  weights?: MemberWeights | undefined;
  validationWeights?: MemberWeights | undefined;
}

/** Members may take so many times as much of the host's memory as of the device's. */
const HOST_SHARE = 8;

/**
 * The members of a search that train equally long. As many as fit are on the device side by side; where not all do, they
 * take turns there, epoch by epoch, and the others wait in the host's memory.
 */
export class Turns {
  readonly #where: string;
  readonly #prepared: PreparedMembers;
  #members: Members;
  #parts: Part[];
  #disposed = false;

  /**
   * Opens fresh members, or parked ones as they were; messages begin with `where`.
   * @throws EngineError of kind `memory` if those that wait would need too much of the host's memory, `format` if states are
   * not those of the model
   */
  static async open(where: string, prepared: PreparedMembers, parked?: readonly ParkedPart[]): Promise<Turns> {
    const { members, most } = prepared;
    refuseWaiting(where, prepared, members.length);
    const room = Math.min(most, members.length);
    const parts = (parked ?? [fresh(members)]).flatMap((part) => inPieces(part, room));
    const session = await prepared.open(parts[0].members, room);
    try {
      for (const part of parts) checkStates(session, part);
      const turns = new Turns(where, prepared, new Members(session), parts);
      await turns.#bring(0);
      return turns;
    } catch (error) {
      session.dispose();
      throw error;
    }
  }

  private constructor(
    where: string,
    prepared: PreparedMembers,
    members: Members,
    parts: readonly (Waiting & Pick<Part, 'epoch'>)[],
  ) {
    this.#where = where;
    this.#prepared = prepared;
    this.#members = members;
    this.#parts = parts.map(({ epoch, ...waiting }) => ({ waiting, epoch }));
  }

  get hyperTable(): HyperTable {
    return this.#members.session.model.hyperTable;
  }

  get members(): readonly Member[] {
    return this.#standing().flatMap(({ members }) => members);
  }

  /** The divergence of every member, undefined as long as all of it is finite. */
  get diverged(): readonly (Divergence | undefined)[] {
    return this.#standing().flatMap(({ diverged }) => diverged);
  }

  /** Optimiser steps of the part that has taken the most: one whose members have all diverged takes no more. */
  get steps(): number {
    return Math.max(...this.#standing().map(({ steps }) => steps));
  }

  /** True if the loss knows right answers from wrong ones. */
  get measuresAccuracy(): boolean {
    return this.#members.session.compiled.loss.correctSums !== undefined;
  }

  /**
   * Trains one epoch of all members, or the rest of one that was stopped. Returns the measures of each.
   * @throws EngineError of kind `aborted` when the signal is, which can be at any step of any part
   */
  async train(data: Dataset, { weights, validationWeights, ...options }: EpochOptions): Promise<MemberEpoch[]> {
    for (let at = 0; at < this.#parts.length; at++) {
      if (this.#parts[at].epoch) continue;
      await this.#bring(at);
      const { first, size } = this.#spans()[at];
      const own = <T>(list: readonly T[]) => list.slice(first, first + size);
      const reports = this.#members.fit(data, {
        ...options,
        weights: weights && own(weights),
        validationWeights: validationWeights && own(validationWeights),
      });
      let epoch = Array.from({ length: size }, (): MemberEpoch => ALL_DIVERGED);
      for await (const report of reports) {
        if (report.kind !== 'epoch') continue;
        epoch = epochOf(report);
        break; // the signal counts again when all parts have trained the epoch
      }
      this.#parts[at] = { ...this.#parts[at], epoch };
    }
    const all = this.#parts.flatMap(({ epoch = [] }) => epoch);
    this.#parts = this.#parts.map(({ epoch: _, ...part }) => part);
    return all;
  }

  /** Remembers the states of members as their best ones. */
  async remember(members: readonly number[]): Promise<void> {
    await this.#eachPart(members, async (own) => (await bestStatesOf(this.#members.session)).save(own));
  }

  /** Puts the best states of members back. */
  async recall(members: readonly number[]): Promise<void> {
    await this.#eachPart(members, async (own) => (await bestStatesOf(this.#members.session)).restore(own));
  }

  /**
   * Returns a member's network, as it is or at its best, as a trainer's file whose configuration describes `model`.
   * @param classes the names of the data's classes, which members know that have been trained here
   */
  async save(
    member: number,
    model: Model,
    atBest: boolean,
    classes: readonly string[] | undefined,
  ): Promise<Uint8Array<ArrayBuffer>> {
    if (classes) this.#members.annotations = { ...this.#members.annotations, classes };
    const spans = this.#spans();
    const at = spans.findIndex(({ first, size }) => member < first + size);
    await this.#bring(at);
    const { session } = this.#members;
    const own = member - spans[at].first;
    const states = atBest ? await session.statesOf(own, await session.best()) : undefined;
    return this.#members.save(own, {}, { model, states });
  }

  /** Goes on with copies of members in place of those there are; all have trained equally long. */
  async replace(copies: readonly Copy[]): Promise<void> {
    const { session } = this.#members;
    const { capacity } = session.executor;
    refuseWaiting(this.#where, this.#prepared, copies.length);
    if (this.#parts.length === 1 && copies.length <= capacity) {
      await session.ledger.read();
      await session.rearrange(copies);
      this.#parts = [{}];
      return;
    }
    const all = copiesOf(joined(await this.park()), copies);
    const room = Math.max(capacity, Math.min(this.#prepared.most, copies.length));
    if (room > capacity) {
      const larger = await this.#prepared.open(all.members.slice(0, room), room);
      session.dispose();
      this.#members = new Members(larger);
      if (this.#disposed) larger.dispose(); // since; what follows says so
    }
    this.#parts = inPieces(all, room).map((waiting) => ({ waiting }));
    await this.#bring(0);
  }

  /** Reads all members into the host's memory, part by part; they go on as they were. */
  async park(): Promise<ParkedPart[]> {
    const parked: ParkedPart[] = [];
    for (const [at, { epoch }] of this.#parts.entries()) {
      await this.#bring(at);
      parked.push({ ...(await park(this.#members.session)), epoch });
    }
    return parked;
  }

  dispose(): void {
    this.#disposed = true;
    this.#members.dispose();
  }

  /** The members of all parts, and how far each has come. */
  #standing(): readonly Pick<Waiting, 'members' | 'diverged' | 'steps'>[] {
    const { session } = this.#members;
    return this.#parts.map(({ waiting }) => waiting ?? { members: session.members, ...session.ledger.standing });
  }

  /** Calls `run` for every part that has some of `members`, with their places in the part, ascending. */
  async #eachPart(members: readonly number[], run: (own: readonly number[]) => Promise<void>): Promise<void> {
    for (const [at, { first, size }] of this.#spans().entries()) {
      const own = members.filter((member) => member >= first && member < first + size);
      if (own.length === 0) continue;
      await this.#bring(at);
      await run(own.map((member) => member - first).sort((a, b) => a - b));
    }
  }

  /** The first member of every part, counted among all, and the number of its members. */
  #spans(): readonly { readonly first: number; readonly size: number }[] {
    let end = 0;
    return this.#standing().map(({ members: { length: size } }) => {
      end += size;
      return { first: end - size, size };
    });
  }

  /** Puts a part on the device, and parks the one there. */
  async #bring(at: number): Promise<void> {
    const { waiting, epoch } = this.#parts[at];
    if (!waiting) return;
    const { session } = this.#members;
    const there = this.#parts.findIndex((part) => !part.waiting);
    if (there >= 0) this.#parts[there] = { ...this.#parts[there], waiting: await park(session) };
    await unpark(session, waiting);
    this.#parts[at] = { epoch };
  }
}

const ALL_DIVERGED: MemberEpoch = { trainLoss: Number.NaN, validationLoss: Number.NaN };

function epochOf({ trainLoss, trainAccuracy, validationLoss, validationAccuracy }: PerMember<EpochReport>) {
  return trainLoss.map(
    (loss, member): MemberEpoch => ({
      trainLoss: loss,
      trainAccuracy: trainAccuracy?.[member],
      validationLoss: validationLoss?.[member] ?? Number.NaN,
      validationAccuracy: validationAccuracy?.[member],
    }),
  );
}

/** Splits members that wait into parts of at most `room`. */
function inPieces(part: Waiting & Pick<Part, 'epoch'>, room: number) {
  const all = [...part.members.entries()].map(([from, member]): Copy => ({ from, member }));
  return chunks(all, room).map((own) => ({
    ...copiesOf(part, own),
    epoch: part.epoch && own.map(({ from }) => part.epoch?.[from] ?? ALL_DIVERGED),
  }));
}

/** Joins parts that stand at the same step, or whose members have all diverged. */
export function joined(parts: readonly Parked[]): Parked {
  const furthest = parts.reduce((a, b) => (b.steps > a.steps ? b : a));
  return {
    ...furthest,
    members: parts.flatMap(({ members }) => members),
    diverged: parts.flatMap(({ diverged }) => diverged),
    states: parts.flatMap(({ states }) => states),
    best: furthest.best && parts.flatMap(({ best, states }) => best ?? states),
  };
}

/** @throws EngineError of kind `memory` if so many networks would need more of the host's memory than they may use */
function refuseWaiting(where: string, { most, memory, stateBytes }: PreparedMembers, count: number): void {
  const bytes = count * stateBytes;
  const allowed = HOST_SHARE * memory;
  if (count <= most || bytes <= allowed) return;
  throw new EngineError(
    'memory',
    `${where}: ${most} of ${count} networks fit side by side; to take turns, all need ${bytes} bytes of the host's memory, ` +
      `and ${allowed} are allowed, ${HOST_SHARE} times memory; use fewer networks, or set memory higher`,
  );
}
