import type { Dataset } from '../data/dataset.js';
import { changeHyperParameters, type HyperParameters } from '../nn/hyper-parameters.js';
import type { Model } from '../nn/layer.js';
import { type Folds, meanAndError } from './folds.js';
import type { CheckedSearch } from './search-options.js';
import { type Trial, type TrialEpoch, waited } from './trial.js';
import type { MemberEpoch, Turns } from './turns.js';

/** The measures of a trial of a group in an epoch. */
type TrialReport = Omit<TrialEpoch, 'epoch' | 'seconds'>;

/** Trials of one architecture that have been trained equally long, with a member for each trial and fold. */
export class TrialGroup {
  /** Equal for trials of one architecture. */
  readonly key: string;
  readonly turns: Turns;
  /** The ids of the trials, in the order of their members. */
  ids: readonly number[];
  /** Epochs trained; and how many of them before the round. */
  epochs: number;
  base: number;
  readonly #search: CheckedSearch;
  readonly #folds: Folds | undefined;

  constructor(
    search: CheckedSearch,
    folds: Folds | undefined,
    group: { key: string; turns: Turns; ids: readonly number[]; epochs: number; base: number },
  ) {
    this.key = group.key;
    this.turns = group.turns;
    this.ids = group.ids;
    this.epochs = group.epochs;
    this.base = group.base;
    this.#search = search;
    this.#folds = folds;
  }

  /** The number of members of a trial. */
  get each(): number {
    return Math.max(this.#search.folds, 1);
  }

  /**
   * Trains one epoch of all trials, given as they are; returns them as they are then: running, diverged, or stopped early with
   * their best states put back.
   */
  async trainEpoch(trials: readonly Trial[]): Promise<Trial[]> {
    const started = performance.now();
    const reports = await this.#measure();
    const seconds = (performance.now() - started) / 1000 / trials.length;
    const noted = trials.map((trial, place) => this.#noted(trial, reports[place], place, seconds));
    if (this.#search.patience === undefined) return noted;
    const better = noted.flatMap(({ status, rungs }, place) =>
      status === 'running' && waited(rungs) === 0 ? [place] : [],
    );
    const stopping = noted.flatMap(({ status }, place) => (status === 'stopped early' ? [place] : []));
    if (better.length > 0) await this.remember(better);
    if (stopping.length > 0) await this.recall(stopping);
    return noted;
  }

  /** Returns a trial after an epoch. */
  #noted(trial: Trial, report: TrialReport | undefined, place: number, seconds: number): Trial {
    const { patience } = this.#search;
    const noted = { ...trial, epochs: this.epochs, seconds: trial.seconds + seconds };
    if (!report || !Number.isFinite(report.score)) {
      const diverged = this.divergedAt(place) ?? { step: this.turns.steps - 1, what: 'the score' };
      return { ...noted, status: 'diverged', diverged };
    }
    const rungs = [...trial.rungs, { epoch: this.epochs, seconds, ...report }];
    if (patience === undefined) return { ...noted, rungs, score: report.score };
    const score = Math.min(report.score, trial.score ?? report.score);
    return { ...noted, rungs, score, status: waited(rungs) >= patience ? 'stopped early' : 'running' };
  }

  /** Trains one epoch of all trials; returns the measures of each, undefined for one that diverged. */
  async #measure(): Promise<(TrialReport | undefined)[]> {
    const { train, validation, signal, weights, validationWeights } = this.#search;
    const folds = this.#folds;
    const data: Dataset = validation ?? train;
    const measured = await this.turns.train(train, {
      epochs: 1,
      validation: data,
      signal,
      weights: this.#repeat(folds ? folds.training : weights && [weights]),
      validationWeights: this.#repeat(folds ? folds.heldOut : validationWeights && [validationWeights]),
    });
    this.epochs++;
    return this.ids.map((_, trial) => this.#report(this.#own(measured, trial), trial));
  }

  /** Returns the divergence of a trial, if it has diverged. */
  divergedAt(trial: number) {
    return this.#own(this.turns.diverged, trial).find((each) => each);
  }

  /** Goes on with copies of these trials, given by their places, under new ids. */
  async replace(copies: readonly { from: number; id: number; changes?: HyperParameters | undefined }[]): Promise<void> {
    const { each } = this;
    const { members, hyperTable: table } = this.turns;
    await this.turns.replace(
      copies.flatMap(({ from, id, changes = {} }) =>
        Array.from({ length: each }, (_, fold) => {
          const member = members[from * each + fold];
          const hyper = changeHyperParameters(`search: trial ${id}`, table, member.hyper, changes);
          return { from: from * each + fold, member: { ...member, hyper } };
        }),
      ),
    );
    this.ids = copies.map(({ id }) => id);
  }

  /** Remembers the present states of trials as their best. */
  remember(trials: readonly number[]): Promise<void> {
    return this.turns.remember(this.#members(trials));
  }

  /** Puts the best states of trials back. */
  recall(trials: readonly number[]): Promise<void> {
    return this.turns.recall(this.#members(trials));
  }

  /** Returns the network of a trial, as it is or at its best, as a trainer's file with the trial's own model. */
  networkOf(trial: number, model: Model, atBest = false): Promise<Uint8Array<ArrayBuffer>> {
    return this.turns.save(trial, model, atBest, this.#search.train.classNames);
  }

  dispose(): void {
    this.turns.dispose();
  }

  #members(trials: readonly number[]): number[] {
    return trials.flatMap((trial) => Array.from({ length: this.each }, (_, fold) => trial * this.each + fold));
  }

  /** Returns one list of weights per member, from those of a trial's members. */
  #repeat(weights: readonly Float32Array[] | undefined): Float32Array[] | undefined {
    return weights && this.ids.flatMap(() => weights);
  }

  /** Returns a trial's part of a list with one entry per member. */
  #own<T>(list: readonly T[], trial: number): T[] {
    return list.slice(trial * this.each, (trial + 1) * this.each);
  }

  #report(folds: readonly MemberEpoch[], trial: number): TrialReport | undefined {
    if (this.divergedAt(trial)) return undefined;
    const mean = (name: keyof MemberEpoch) => meanAndError(folds.map((fold) => fold[name] ?? Number.NaN)).mean;
    const [{ trainAccuracy, validationAccuracy }] = folds;
    const scores = folds.map((fold) => scoreOf(this.#search, fold.validationLoss, fold.validationAccuracy));
    const { mean: score, error } = meanAndError(scores);
    return {
      trainLoss: mean('trainLoss'),
      trainAccuracy: trainAccuracy === undefined ? undefined : mean('trainAccuracy'),
      validationLoss: mean('validationLoss'),
      validationAccuracy: validationAccuracy === undefined ? undefined : mean('validationAccuracy'),
      score,
      standardError: this.each > 1 ? error : undefined,
    };
  }
}

/** Returns the number that a search compares: smaller is better. */
export function scoreOf({ metric }: CheckedSearch, loss: number, accuracy: number | undefined): number {
  if (metric === 'loss') return loss;
  if (metric === 'accuracy') return accuracy === undefined ? Number.NaN : 1 - accuracy;
  return metric({ loss, accuracy });
}
