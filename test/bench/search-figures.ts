import type { Trial } from '../../src/tune.js';

/** The outcome of a search. */
export interface Found {
  readonly configurations: number;
  /** Epochs of all trials. */
  readonly epochs: number;
  /** The lowest score of any trial after any epoch. */
  readonly best: number;
}

/** Returns the outcome of a search with these trials. */
export function foundBy(trials: readonly Pick<Trial, 'epochs' | 'rungs'>[]): Found {
  return {
    configurations: trials.length,
    epochs: trials.reduce((sum, { epochs }) => sum + epochs, 0),
    best: Math.min(...trials.flatMap(({ rungs }) => rungs.map(({ score }) => score))),
  };
}

export interface Quartiles {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

/** Returns median and quartiles, linear between neighbours. @throws RangeError if there is nothing to take the middle of */
export function quartilesOf(values: readonly number[]): Quartiles {
  if (values.length === 0) throw new RangeError('quartilesOf: there are no values');
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => {
    const place = share * (sorted.length - 1);
    const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
    return below + (above - below) * (place - Math.floor(place));
  };
  return { low: at(0.25), median: at(0.5), high: at(0.75) };
}

/** Returns the epochs of all trials that successive halving takes for `population` configurations. Source: as `successiveHalving`. */
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

/** Returns the number of configurations with which halving takes at most `budget` epochs of all trials. */
export function populationFor(budget: number, epochs: number, eta: number): number {
  let population = 1;
  while (epochsOfHalving(population + 1, epochs, eta) <= budget) population++;
  return population;
}
