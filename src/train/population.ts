import { type Batch, isGpuBuffer } from '../data/batch.js';
import type { Dataset } from '../data/dataset.js';
import type { Numbers } from '../data/matrix.js';
import { checkNumber, show } from '../errors/arguments.js';
import { EngineError } from '../errors/engine-error.js';
import type { Engine } from '../graph/engine.js';
import type { HyperParameters } from '../nn/hyper-parameters.js';
import { changeHyperParameters } from './change-hyper-parameters.js';
import { checkEarlyStopping } from './early-stopping-options.js';
import type { MemberWeights } from './evaluate.js';
import { checkFitOptions, type FitOptions } from './fit.js';
import { type Divergence, type Member, seedsOf } from './member.js';
import type { Members, Weights } from './members.js';
import type { MemberOptions } from './population-options.js';
import type { EpochReport, Evaluation, PerMember, PopulationMetrics, StepReport } from './reports.js';
import { joinReports, type WaveFitOptions, type Waves } from './waves.js';

/** How `fit` trains a population. */
export interface PopulationFitOptions extends FitOptions {
  /**
   * How much every example counts, at least 0: a batch's mean is divided by the sum of its weights. One list for all
   * members, or one each, as for the folds of a cross-validation. Default: all 1.
   */
  weights?: Float32Array | MemberWeights;
  /** The same for the validation set. */
  validationWeights?: Float32Array | MemberWeights;
}

/** How many members there may be. */
export interface PopulationLimits {
  /** On the device at once. */
  readonly most: number;
  /** Refuses more than may be at all. */
  refuse(where: string, members: number): void;
}

/** A member to be: a copy of the one at `from`, with other hyper-parameters or seeds where they are given. */
export interface MemberCopy extends MemberOptions {
  from: number;
}

/**
 * Networks that train side by side; made by `createPopulation`. A measure is a list with one number a member, NaN for a
 * member that has diverged. Such a member is only marked: it never touches the others.
 */
export class Population {
  readonly #waves: Waves;
  readonly #limits: PopulationLimits;
  /** Why nothing else may begin, if so. */
  #busy: string | undefined;
  /** What was begun last; what waits on the device takes turns, since waves take turns there. */
  #last: Promise<unknown> = Promise.resolve();

  /** Use `createPopulation`. */
  constructor(waves: Waves, limits: PopulationLimits) {
    this.#waves = waves;
    this.#limits = limits;
    inside.set(this, waves);
  }

  get engine(): Engine {
    return this.#waves.session.engine;
  }

  /** Members there are. */
  get size(): number {
    return this.#waves.members.length;
  }

  /** How many runs one after another a step of all members takes: 1 if they fit side by side. */
  get waves(): number {
    return this.#waves.count;
  }

  /** Optimiser steps that every member has taken; of waves that have not come as far, the fewest. */
  get stepsTaken(): number {
    return this.#waves.steps;
  }

  /** GPU dispatches of one step of all members of a wave; 0 on the reference engine. `fit` adds what fetches the batch. */
  get dispatchesPerStep(): number {
    return this.#waves.session.compiled.program.dispatches;
  }

  /** By member: where it diverged, undefined as long as everything of it is finite. */
  get diverged(): readonly (Divergence | undefined)[] {
    return this.#waves.diverged;
  }

  /** A member's hyper-parameters as they stand, by name: `learningRate`, `l2.0` (of dense layer 0), `dropout.1`, ... */
  hyperParameters(member: number): Readonly<Record<string, number>> {
    return { ...this.#waves.members[this.#check('hyperParameters', 'member', member)].hyper };
  }

  /**
   * Starts one step of all members on a batch of typed arrays; returns its number, counted from 0.
   * @throws TypeError, RangeError or EngineError of kind `data` naming what in the batch is wrong, before anything starts;
   * EngineError of kind `unsupported` for a population that runs in waves
   */
  step(batch: Batch): number {
    const { resident } = this.#idle('step');
    this.#oneWave('step');
    if (resident.session.ownOrder && (isGpuBuffer(batch?.x) || isGpuBuffer(batch?.y))) {
      throw new EngineError(
        'unsupported',
        "step: a GPUBuffer is one batch for all, and order is 'own'; use typed arrays",
      );
    }
    return resident.step(batch);
  }

  /** What the steps since the last call measured, and the penalties as they are now. */
  metrics(): Promise<PopulationMetrics> {
    const { resident } = this.#idle('metrics');
    this.#oneWave('metrics');
    return this.#inTurn(() => resident.metrics());
  }

  /**
   * Trains all members for `epochs` passes over the data and yields a report after each, and after each step with
   * `steps: true`. An epoch that was stopped before is finished first. With early stopping a member that has stopped keeps
   * its best weights, and training ends when all have. Ends early if all have diverged.
   * @throws TypeError or RangeError at once if the data or an option do not fit; EngineError of kind `aborted` when the
   * signal is
   */
  fit(
    data: Dataset,
    options: PopulationFitOptions & { steps: true },
  ): AsyncGenerator<PerMember<EpochReport> | PerMember<StepReport>, void, undefined>;
  fit(
    data: Dataset,
    options: PopulationFitOptions & { steps?: false },
  ): AsyncGenerator<PerMember<EpochReport>, void, undefined>;
  fit(
    data: Dataset,
    options: PopulationFitOptions,
  ): AsyncGenerator<PerMember<EpochReport> | PerMember<StepReport>, void, undefined>;
  fit(
    data: Dataset,
    options: PopulationFitOptions,
  ): AsyncGenerator<PerMember<EpochReport> | PerMember<StepReport>, void, undefined> {
    const waves = this.#idle('fit');
    const { steps } = checkFitOptions(options);
    if (steps && this.waves > 1) {
      throw new EngineError(
        'unsupported',
        `fit: steps cannot be told of a population that runs in ${this.waves} waves`,
      );
    }
    waves.checkFit(data, this.#forEach(options));
    return this.#fit(data, options);
  }

  async *#fit(data: Dataset, options: PopulationFitOptions) {
    const waves = this.#idle('fit');
    const all = this.#forEach(options); // members may have been replaced since
    this.#busy = 'a fit is under way; let it end or leave its loop first';
    try {
      await this.#last;
      const { earlyStopping } = options;
      yield* waves.fit(data, all, earlyStopping && checkEarlyStopping('fit', earlyStopping));
    } finally {
      this.#busy = undefined;
    }
  }

  /** Options with weights by member. */
  #forEach({ weights, validationWeights, ...rest }: PopulationFitOptions): WaveFitOptions {
    return {
      ...rest,
      ...(weights !== undefined && { weights: this.#each('fit', 'weights', weights) }),
      ...(validationWeights !== undefined && {
        validationWeights: this.#each('fit', 'validationWeights', validationWeights),
      }),
    };
  }

  /** The mean loss, the accuracy and the penalty of every member over `data`, without dropout. */
  async evaluate(
    data: Dataset,
    { weights }: { weights?: Float32Array | MemberWeights } = {},
  ): Promise<PerMember<Evaluation>> {
    const waves = this.#idle('evaluate');
    const each = weights === undefined ? undefined : this.#each('evaluate', 'weights', weights);
    waves.resident.checkEvaluation(data, each);
    const parts = await this.#inTurn(() =>
      waves.each((members, wave) => members.evaluate(data, each && waves.part(each, wave))),
    );
    return joinReports(parts);
  }

  /** The outputs [rows, outputs] of every member for x [rows, features], tight, without dropout. */
  async predict(x: Numbers): Promise<Float32Array[]> {
    const waves = this.#idle('predict');
    return (await this.#inTurn(() => waves.each((members) => members.predict(x)))).flat();
  }

  /** Every parameter's values of a member. @throws EngineError of kind `diverged` if it has none any more */
  weights(member: number): Promise<Weights[]> {
    return this.#of('weights', member, (members, i) => members.weights(i));
  }

  /**
   * A member as a trainer's file: `loadTrainer` goes on from it, on the same adapter bit for bit.
   * @throws EngineError of kind `diverged` if the member has
   */
  save(member: number): Promise<Uint8Array> {
    return this.#of('save', member, (members, i) => members.save(i));
  }

  /**
   * Changes a member's hyper-parameters from the next step on that has not been started. Nothing is compiled.
   * @throws TypeError or RangeError naming what is out of range or not in this model
   */
  set(member: number, changes: HyperParameters): void {
    if (this.#busy === REPLACING) throw new TypeError(`set: ${REPLACING}`); // it would be lost
    this.#waves.change(this.#check('set', 'member', member), (each) => ({
      ...each,
      hyper: changeHyperParameters('set', each.hyper, changes),
    }));
  }

  /**
   * Goes on with these members alone, in this order; they are compacted where they are, on the GPU. Metrics that have not
   * been read are lost. @throws RangeError for an index that is out of range or given twice; EngineError of kind
   * `diverged` for a member that has
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
   * Adds copies of members, with the changes given, behind the others. Metrics that have not been read are lost.
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
   * Goes on with these copies in place of the members there are; one member may be copied several times, or not at all.
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
    this.#waves.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** The members, if nothing else is being done with them. */
  #idle(where: string): Waves {
    this.#waves.session.check();
    if (this.#busy) throw new TypeError(`${where}: ${this.#busy}`);
    return this.#waves;
  }

  /** Runs something when all that was begun before is done. */
  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const done = this.#last.then(run);
    this.#last = done.catch(() => {}); // whoever began it is told
    return done;
  }

  #oneWave(where: string): void {
    if (this.waves === 1) return;
    throw new EngineError('unsupported', `${where}: a population that runs in ${this.waves} waves has only fit`);
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

  async #of<T>(where: string, member: number, run: (members: Members, i: number) => Promise<T>): Promise<T> {
    const waves = this.#idle(where);
    this.#check(where, 'member', member);
    this.#refuseDiverged(where, member);
    return this.#inTurn(() => waves.of(member, run));
  }

  /** Weights for every member, from those for all. */
  #each(where: string, name: string, weights: Float32Array | MemberWeights): MemberWeights {
    if (weights instanceof Float32Array) return Array.from({ length: this.size }, () => weights);
    if (!Array.isArray(weights)) {
      throw new TypeError(
        `${where}: ${name} must be a Float32Array or an array with one a member, got ${show(weights)}`,
      );
    }
    if (weights.length === this.size) return weights;
    throw new RangeError(
      `${where}: ${name} must be one list for all or one each for ${this.size} members, got ${weights.length}`,
    );
  }

  async #replace(where: string, copies: readonly MemberCopy[], there: readonly MemberCopy[] = []): Promise<void> {
    const waves = this.#idle(where);
    const { members, session } = waves;
    const made = Array.from(copies, (copy, i) => {
      const place = `${where === 'select' ? 'members' : 'copies'}[${i}]`;
      if (typeof copy !== 'object' || copy === null) {
        throw new TypeError(`${where}: ${place} must be an object such as { from: 0 }, got ${show(copy)}`);
      }
      const { from, seed, shuffleSeed, ...changes } = copy;
      this.#check(where, where === 'select' ? place : `${place}.from`, from);
      this.#refuseDiverged(where, from);
      return {
        from,
        member: copyOf(`${where}: ${place}`, members[from], { seed, shuffleSeed, changes }, session.ownOrder),
      };
    });
    const all = [...there.map(({ from }) => ({ from, member: members[from] })), ...made];
    if (all.length === 0) throw new RangeError(`${where}: at least one member must stay`);
    const { most, refuse } = this.#limits;
    refuse(where, all.length);
    this.#busy = REPLACING;
    try {
      const { capacity } = session.executor;
      await this.#inTurn(() => waves.replace(all, Math.max(capacity, Math.min(most, all.length))));
    } finally {
      this.#busy = undefined;
    }
  }
}

const REPLACING = 'members are being replaced; await that first';

const inside = new WeakMap<Population, Waves>();

/** The inside of a population, for the room that tunes. */
export function wavesOf(population: Population): Waves {
  const waves = inside.get(population);
  if (!waves) throw new TypeError(`population must be made by createPopulation, got ${show(population)}`);
  return waves;
}

interface Changes {
  readonly seed: MemberOptions['seed'];
  readonly shuffleSeed: MemberOptions['shuffleSeed'];
  readonly changes: HyperParameters;
}

function copyOf(place: string, member: Member, { seed, shuffleSeed, changes }: Changes, ownOrder: boolean): Member {
  if (shuffleSeed !== undefined && !ownOrder) {
    throw new TypeError(`${place}: shuffleSeed is for order: 'own'; members that share an order have one shuffleSeed`);
  }
  const seeds = seedsOf(place, '', seed ?? member.seed, shuffleSeed ?? member.shuffleSeed);
  return { ...seeds, hyper: changeHyperParameters(place, member.hyper, changes) };
}
