import { type Batch, isGpuBuffer } from '../data/batch.js';
import type { Dataset } from '../data/dataset.js';
import type { Numbers } from '../data/matrix.js';
import { checkNumber, show } from '../errors/arguments.js';
import { EngineError } from '../errors/engine-error.js';
import type { Engine } from '../graph/engine.js';
import type { HyperParameters } from '../nn/hyper-parameters.js';
import type { FitOptions } from './fit-options.js';
import { type FitRun, fitRun } from './fit-run.js';
import type { Copy, Divergence } from './member.js';
import { Members, type Weights } from './members.js';
import { copiesOf, park, unpark } from './parked.js';
import { populationSessions } from './population-sessions.js';
import { changedMember, type MemberOptions, type PreparedMembers } from './prepare-members.js';
import type { EpochReport, Evaluation, PerMember, PopulationMetrics, StepReport } from './reports.js';
import type { SaveOptions } from './save.js';
import type { Session } from './session.js';

/** A member to be: a copy of the one at `from`, with other hyper-parameters or seeds where they are given. */
export interface MemberCopy extends MemberOptions {
  from: number;
}

/**
 * Networks that train side by side; made by `createPopulation`. A measure is a list with one number per member, NaN for a
 * member that has diverged. Such a member is only marked: it never touches the others.
 */
export class Population {
  readonly #prepared: Pick<PreparedMembers, 'refuse' | 'open'>;
  #members: Members;
  /** The reason why no other call may begin, if there is one. */
  #busy: string | undefined;
  /** The last call that waits for the device: such calls run one at a time. */
  #last: Promise<unknown> = Promise.resolve();
  #disposed = false;

  /** Use `createPopulation`. */
  constructor(session: Session, prepared: Pick<PreparedMembers, 'refuse' | 'open'>) {
    this.#members = new Members(session);
    this.#prepared = prepared;
    populationSessions.set(this, () => this.#session);
  }

  get engine(): Engine {
    return this.#session.engine;
  }

  /** The number of members. */
  get size(): number {
    return this.#session.members.length;
  }

  /** Optimiser steps that every member has taken. */
  get stepsTaken(): number {
    return this.#session.ledger.steps;
  }

  /** GPU dispatches of one step of all members; 0 on the reference engine. `fit` adds one that fetches the batch. */
  get dispatchesPerStep(): number {
    return this.#session.compiled.program.dispatches;
  }

  /** The step after which each member diverged; undefined for one that is still finite. */
  get diverged(): readonly (Divergence | undefined)[] {
    return this.#session.ledger.diverged;
  }

  /** A member's hyper-parameters as they stand, by name: `learningRate`, `dense0.l2`, `dropout1.dropout`, ... */
  hyperParameters(member: number): Readonly<Record<string, number>> {
    return { ...this.#session.members[this.#check('hyperParameters', 'member', member)].hyper };
  }

  /**
   * Starts one step of all members on a batch of typed arrays; returns its number, counted from 0.
   * @throws TypeError, RangeError or EngineError of kind `data` naming what in the batch is wrong, before anything starts
   */
  step(batch: Batch): number {
    const members = this.#idle('step');
    if (members.session.ownOrder && (isGpuBuffer(batch?.x) || isGpuBuffer(batch?.y))) {
      throw new EngineError(
        'unsupported',
        "step: a GPUBuffer is one batch for all, and order is 'own'; use typed arrays",
      );
    }
    return members.step(batch);
  }

  /** Returns the metrics of the steps since the last call, and the current penalties. */
  metrics(): Promise<PopulationMetrics> {
    const members = this.#idle('metrics');
    return this.#inTurn(() => members.metrics());
  }

  /**
   * Trains all members for `epochs` passes over the data: `await` it for the reports of all epochs, or loop over it with
   * `for await` for each report when it is due, with `steps: true` after each step too. Training begins then. An epoch that
   * was stopped before is finished first. With early stopping a member that has stopped keeps its best weights, training ends
   * when all have, and they are put back however it ends. Ends early if all have diverged.
   * @throws TypeError or RangeError at once if the data or an option do not fit; EngineError of kind `aborted` when the
   * signal is
   */
  fit(data: Dataset, options: FitOptions & { steps: true }): FitRun<PerMember<EpochReport> | PerMember<StepReport>>;
  fit(data: Dataset, options: FitOptions & { steps?: false }): FitRun<PerMember<EpochReport>>;
  fit(data: Dataset, options: FitOptions): FitRun<PerMember<EpochReport> | PerMember<StepReport>>;
  fit(data: Dataset, options: FitOptions): FitRun<PerMember<EpochReport> | PerMember<StepReport>> {
    this.#idle('fit').checkFit(data, options);
    return fitRun(this.#fit(data, options));
  }

  async *#fit(data: Dataset, options: FitOptions) {
    const reports = this.#idle('fit').fit(data, options); // members may have been replaced since
    this.#busy = 'a fit is under way; let it end or leave its loop first';
    try {
      await this.#last;
      yield* reports;
    } finally {
      this.#busy = undefined;
    }
  }

  /** Returns the mean loss, the accuracy and the penalty of every member over `data`, without dropout. */
  async evaluate(data: Dataset, { weights }: { weights?: Numbers } = {}): Promise<PerMember<Evaluation>> {
    const members = this.#idle('evaluate');
    members.checkEvaluation(data, weights);
    return this.#inTurn(() => members.evaluate(data, weights));
  }

  /** Returns the outputs [rows, outputs] of every member for x [rows, features], tight, without dropout. */
  async predict(x: Numbers): Promise<Float32Array[]> {
    const members = this.#idle('predict');
    return this.#inTurn(() => members.predict(x));
  }

  /** Returns every parameter's values of a member. @throws EngineError of kind `diverged` if it has none any more */
  weights(member: number): Promise<Weights[]> {
    return this.#of('weights', member, (members) => members.weights(member));
  }

  /**
   * Returns a member as a trainer's file: `loadTrainer` goes on from it, on the same adapter bit for bit.
   * @throws as the trainer's `save`; EngineError of kind `diverged` if the member has
   */
  save(member: number, options?: SaveOptions): Promise<Uint8Array<ArrayBuffer>> {
    return this.#of('save', member, (members) => members.save(member, options));
  }

  /**
   * Changes a member's hyper-parameters from the next step on that has not been started. Nothing is compiled.
   * @throws TypeError or RangeError naming what is out of range or not in this model
   */
  set(member: number, changes: HyperParameters): void {
    if (this.#busy === REPLACING) throw new TypeError(`set: ${REPLACING}`); // it would be lost
    this.#members.set(this.#check('set', 'member', member), changes);
  }

  /**
   * Keeps only these members, in this order; compacts them on the GPU. Metrics that have not been read are lost.
   * @throws RangeError for an index that is out of range or given twice; EngineError of kind `diverged` for a member that
   * has diverged
   */
  select(members: readonly number[]): Promise<void> {
    if (!Array.isArray(members))
      throw new TypeError(`select: members must be an array of indices, got ${show(members)}`);
    const twice = members.find((member, i) => members.indexOf(member) !== i);
    if (twice !== undefined)
      throw new RangeError(`select: ${twice} is given twice; extend([{ from: ${twice} }]) copies it`);
    return this.#replace(
      'select',
      Array.from(members, (from) => ({ from })),
    );
  }

  /**
   * Adds copies of members, with the given changes, after the others. Metrics that have not been read are lost.
   * @throws TypeError or RangeError naming what is wrong; EngineError of kind `diverged` for a copy of what has
   */
  extend(copies: readonly MemberCopy[]): Promise<void> {
    if (!Array.isArray(copies)) {
      throw new TypeError(`extend: copies must be an array such as [{ from: 0, l2: 1e-3 }], got ${show(copies)}`);
    }
    const there = Array.from({ length: this.size }, (_, from) => ({ from }));
    return this.#replace('extend', copies, there);
  }

  /**
   * Replaces all members by these copies; one member may be copied several times, or not at all.
   * @throws as `select` and `extend` do
   */
  replace(copies: readonly MemberCopy[]): Promise<void> {
    if (!Array.isArray(copies)) {
      throw new TypeError(`replace: copies must be an array such as [{ from: 0, l2: 1e-3 }], got ${show(copies)}`);
    }
    return this.#replace('replace', copies);
  }

  /** Frees the population's memory; the engine stays. */
  dispose(): void {
    this.#disposed = true;
    this.#members.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Returns the members. @throws TypeError if something else is being done with them */
  #idle(where: string): Members {
    this.#session.check();
    if (this.#busy) throw new TypeError(`${where}: ${this.#busy}`);
    return this.#members;
  }

  get #session(): Session {
    return this.#members.session;
  }

  /** Runs something after all calls before it have settled. */
  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const done = this.#last.then(run);
    this.#last = done.catch(() => {}); // its caller hears of it
    return done;
  }

  #check(where: string, name: string, member: number): number {
    return checkNumber(where, name, member, { min: 0, max: this.size - 1, integer: true });
  }

  #refuseDiverged(where: string, member: number): void {
    const found = this.diverged[member];
    if (!found) return;
    const { what, step } = found;
    throw new EngineError('diverged', `${where}: member ${member} diverged: ${what} was not finite after step ${step}`);
  }

  async #of<T>(where: string, member: number, run: (members: Members) => Promise<T>): Promise<T> {
    const members = this.#idle(where);
    this.#check(where, 'member', member);
    this.#refuseDiverged(where, member);
    return this.#inTurn(() => run(members));
  }

  async #replace(where: string, copies: readonly MemberCopy[], there: readonly MemberCopy[] = []): Promise<void> {
    const { session } = this.#idle(where);
    const { members, model } = session;
    const made = Array.from(copies, (copy, i) => {
      const place = `${where === 'select' ? 'members' : 'copies'}[${i}]`;
      if (typeof copy !== 'object' || copy === null) {
        throw new TypeError(`${where}: ${place} must be an object such as { from: 0 }, got ${show(copy)}`);
      }
      const { from, ...changes } = copy;
      this.#check(where, where === 'select' ? place : `${place}.from`, from);
      this.#refuseDiverged(where, from);
      return {
        from,
        member: changedMember(`${where}: ${place}`, members[from], changes, model.hyperTable, session.ownOrder),
      };
    });
    const all = [...there.map(({ from }) => ({ from, member: members[from] })), ...made];
    if (all.length === 0) throw new RangeError(`${where}: at least one member must stay`);
    this.#prepared.refuse(where, all.length);
    this.#busy = REPLACING;
    try {
      await this.#inTurn(() => this.#goOnWith(all));
    } finally {
      this.#busy = undefined;
    }
  }

  /** Copies members in place, or into larger memory. */
  async #goOnWith(copies: readonly Copy[]): Promise<void> {
    const session = this.#session;
    await session.ledger.read();
    if (copies.length <= session.executor.capacity) return session.rearrange(copies);
    const all = copiesOf(await park(session), copies);
    const larger = await this.#prepared.open(all.members, copies.length);
    session.dispose();
    this.#members = new Members(larger, this.#members.annotations);
    if (this.#disposed) larger.dispose(); // disposed meanwhile: unpark() throws
    await unpark(larger, all);
  }
}

const REPLACING = 'members are being replaced; await that first';
