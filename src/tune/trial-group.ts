import type { Dataset } from '../data/dataset.js';
import type { HyperParameters } from '../nn/hyper-parameters.js';
import { type Population, wavesOf } from '../train/population.js';
import type { EpochReport, PerMember } from '../train/reports.js';
import { type Folds, meanAndError } from './folds.js';
import type { CheckedSearch } from './search-options.js';
import type { TrialEpoch } from './trial.js';

/** What one trial of a group has measured in an epoch, or where it diverged. */
export type TrialReport = Omit<TrialEpoch, 'epoch' | 'seconds'>;

/** Trials of one architecture that have been trained equally long: one population, with a member for each trial and fold. */
export class TrialGroup {
  /** Trials with the same one have the same architecture. */
  readonly key: string;
  readonly population: Population;
  /** Of the trials, in the order of their members. */
  ids: readonly number[];
  /** Epochs trained; and how many of them before the round. */
  epochs: number;
  base: number;
  readonly #search: CheckedSearch;
  readonly #folds: Folds | undefined;

  constructor(
    search: CheckedSearch,
    folds: Folds | undefined,
    group: { key: string; population: Population; ids: readonly number[]; epochs: number; base: number },
  ) {
    this.key = group.key;
    this.population = group.population;
    this.ids = group.ids;
    this.epochs = group.epochs;
    this.base = group.base;
    this.#search = search;
    this.#folds = folds;
  }

  /** Members of a trial. */
  get each(): number {
    return Math.max(this.#search.folds, 1);
  }

  /** Trains one epoch of all trials; returns what each has measured, undefined for one that diverged. */
  async train(): Promise<(TrialReport | undefined)[]> {
    const { train, validation, signal } = this.#search;
    const folds = this.#folds;
    const data: Dataset = validation ?? train;
    const reports = this.population.fit(train, {
      epochs: 1,
      validation: data,
      ...(signal && { signal }),
      ...(folds && { weights: this.#repeat(folds.training), validationWeights: this.#repeat(folds.heldOut) }),
    });
    let last: PerMember<EpochReport> | undefined;
    for await (const report of reports) last = report;
    this.epochs++;
    return this.ids.map((_, trial) => (last ? this.#report(last, trial) : undefined));
  }

  /** Where a trial diverged, if it has. */
  divergedAt(trial: number) {
    return this.population.diverged.slice(trial * this.each, (trial + 1) * this.each).find((each) => each);
  }

  /** Goes on with these trials, by their places: copies of what they are, under new ids. */
  async replace(copies: readonly { from: number; id: number; changes?: HyperParameters | undefined }[]): Promise<void> {
    const { each } = this;
    await this.population.replace(
      copies.flatMap(({ from, changes }) =>
        Array.from({ length: each }, (_, fold) => ({ ...changes, from: from * each + fold })),
      ),
    );
    this.ids = copies.map(({ id }) => id);
  }

  /** Remembers trials as they are as the best that they have been. */
  remember(trials: readonly number[]): Promise<void> {
    return wavesOf(this.population).remember(this.#members(trials));
  }

  /** Puts the best that trials have been back. */
  recall(trials: readonly number[]): Promise<void> {
    return wavesOf(this.population).recall(this.#members(trials));
  }

  /** The network of a trial as it is, or as it was at its best, as a trainer's file. */
  networkOf(trial: number, atBest: boolean): Promise<Uint8Array> {
    return atBest ? wavesOf(this.population).saveBest(trial) : this.population.save(trial);
  }

  dispose(): void {
    this.population.dispose();
  }

  #members(trials: readonly number[]): number[] {
    return trials.flatMap((trial) => Array.from({ length: this.each }, (_, fold) => trial * this.each + fold));
  }

  #repeat(folds: readonly Float32Array[]): Float32Array[] {
    return this.ids.flatMap(() => folds);
  }

  #report(report: PerMember<EpochReport>, trial: number): TrialReport | undefined {
    if (this.divergedAt(trial)) return undefined;
    const own = (values: readonly number[] = []) => values.slice(trial * this.each, (trial + 1) * this.each);
    const mean = (values: readonly number[] | undefined) => meanAndError(own(values)).mean;
    const { trainLoss, trainAccuracy, validationLoss, validationAccuracy } = report;
    const accuracies = own(validationAccuracy);
    const scores = own(validationLoss).map((loss, i) => scoreOf(this.#search, loss, accuracies[i]));
    const { mean: score, error } = meanAndError(scores);
    return {
      trainLoss: mean(trainLoss),
      ...(trainAccuracy && { trainAccuracy: mean(trainAccuracy) }),
      validationLoss: mean(validationLoss),
      ...(validationAccuracy && { validationAccuracy: mean(validationAccuracy) }),
      score,
      ...(this.each > 1 && { standardError: error }),
    };
  }
}

function scoreOf({ metric }: CheckedSearch, loss: number, accuracy: number | undefined): number {
  if (metric === 'loss') return loss;
  if (metric === 'accuracy') return accuracy === undefined ? Number.NaN : 1 - accuracy;
  return metric({ loss, ...(accuracy !== undefined && { accuracy }) });
}
