import type { Trial } from '../../src/tune.js';

/** The best loss found within a number of epochs of all trials. */
export interface Found {
  readonly epochs: number;
  /** The lowest score of any trial after any epoch so far. */
  readonly best: number;
}

/** Epochs of all trials, and the best that any of them has ever been. */
export function foundBy(trials: readonly Pick<Trial, 'epochs' | 'rungs'>[]): Found {
  return {
    epochs: trials.reduce((sum, { epochs }) => sum + epochs, 0),
    best: Math.min(...trials.flatMap(({ rungs }) => rungs.map(({ score }) => score))),
  };
}

/** Returns the same for trials trained one after another, each to its end, in the order of their ids. */
export function foundInTurn(trials: readonly Pick<Trial, 'epochs' | 'rungs'>[]): Found[] {
  let [epochs, best] = [0, Number.POSITIVE_INFINITY];
  return trials.flatMap((trial) => {
    const before = epochs;
    epochs += trial.epochs;
    return trial.rungs.map(({ score }, i): Found => {
      best = Math.min(best, score);
      return { epochs: before + i + 1, best };
    });
  });
}

/** The best by so many epochs; Infinity before anything was found. */
export function bestAt(curve: readonly Found[], epochs: number): number {
  return curve.findLast((found) => found.epochs <= epochs)?.best ?? Number.POSITIVE_INFINITY;
}

/** Returns the number of epochs until a loss at least as good was found; Infinity if it never was. */
export function epochsTo(curve: readonly Found[], score: number): number {
  return curve.find(({ best }) => best <= score)?.epochs ?? Number.POSITIVE_INFINITY;
}

export interface Quartiles {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

/** Median and quartiles, linear between neighbours. @throws RangeError if there is nothing to take the middle of */
export function quartilesOf(values: readonly number[]): Quartiles {
  if (values.length === 0) throw new RangeError('quartilesOf: there are no values');
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => {
    const place = share * (sorted.length - 1);
    const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
    return below === above ? below : below + (above - below) * (place - Math.floor(place)); // Infinity stays Infinity
  };
  return { low: at(0.25), median: at(0.5), high: at(0.75) };
}

/**
 * Epochs of all trials that successive halving takes for `population` configurations. Source: as `successiveHalving`.
 */
export function epochsOfHalving(population: number, epochs: number, eta: number): number {
  let [places, done, total] = [population, 0, 0];
  for (let rung = 1; done < epochs; rung *= eta) {
    const upTo = Math.min(rung, epochs);
    total += places * (upTo - done);
    done = upTo;
    places = Math.max(1, Math.floor(places / eta));
  }
  return total;
}

/** With how many configurations halving takes at most `budget` epochs of all trials. */
export function populationFor(budget: number, epochs: number, eta: number): number {
  let population = 1;
  while (epochsOfHalving(population + 1, epochs, eta) <= budget) population++;
  return population;
}
