import { checkNumber, checkOptions, checkPositiveInteger } from '../errors/arguments.js';
import { normalCdf, normalDensity, quantile } from '../random/normal.js';
import { type BatchOptions, checkBatchOptions, inBatches } from './in-batches.js';
import { choicesOf, configurationAt, type Observation } from './places.js';
import type { SearchState, Strategy } from './strategy.js';

/** Options of `tpe`. */
export interface TpeOptions extends BatchOptions {
  /** The share of the trials that counts as good, in (0, 1). Default 0.1; at least one trial, at most 25. */
  gamma?: number | undefined;
  /** Values drawn for each dimension, of which the best is taken. Default 24. */
  candidates?: number | undefined;
}

const MOST_GOOD = 25;

/**
 * The tree-structured Parzen estimator: of each dimension it draws values as the good trials have them, and takes the one
 * that is the most likelier among the good ones than among the others. As many configurations as the search's `population`
 * says, all trained to the end, a batch at a time. Dimensions count as independent, a choice as having no order. What is chosen
 * for a batch counts as no good until it has been tried, so that its configurations differ.
 * Source: Bergstra et al., "Algorithms for hyper-parameter optimization" (2011), section 4, with the widths, the share and
 * the candidates of Optuna 4 (Akiba et al. 2019).
 * @throws TypeError or RangeError if an option is out of range or unknown
 */
export function tpe(options: TpeOptions = {}): Strategy {
  const where = 'tpe';
  checkOptions(where, options, ['start', 'batch', 'gamma', 'candidates']);
  const { gamma = 0.1, candidates = 24 } = options;
  checkNumber(where, 'gamma', gamma, { min: 0, max: 1, exclusive: 'both' });
  checkPositiveInteger(where, 'candidates', candidates);
  return inBatches(where, { ...checkBatchOptions(where, options), gamma, candidates }, (state, observations, count) => {
    const sorted = [...observations].sort((a, b) => (a.score === b.score ? 0 : a.score - b.score));
    const good = Math.min(MOST_GOOD, Math.ceil(gamma * sorted.length));
    const others = sorted.slice(good);
    return Array.from({ length: count }, () => {
      const places = chosen(state, sorted.slice(0, good), others, candidates);
      others.push({ places, score: Number.POSITIVE_INFINITY });
      return { config: configurationAt(state.space, places) };
    });
  });
}

/** A distribution of places of a dimension. */
interface Estimate {
  /** Returns a place, drawn. */
  draw(random: () => number): number;
  /** The density or probability of a place. */
  density(place: number): number;
}

function chosen(
  { space, random }: SearchState,
  good: readonly Observation[],
  others: readonly Observation[],
  candidates: number,
): number[] {
  return space.dimensions.map(({ distribution }, i) => {
    const estimates = [good, others].map((list) => {
      const places = list.map((each) => each.places[i]);
      const choices = choicesOf(distribution);
      return choices ? frequencies(places, choices.length) : parzen(places);
    });
    const [likely, unlikely] = estimates;
    let [best, most] = [0, Number.NEGATIVE_INFINITY];
    for (let n = 0; n < candidates; n++) {
      const place = likely.draw(random);
      const ratio = Math.log(likely.density(place)) - Math.log(unlikely.density(place));
      if (ratio > most) [best, most] = [place, ratio];
    }
    return best;
  });
}

/** Returns the shares of the numbers below `count` among some of them, one more spread over all. */
export function frequencies(numbers: readonly number[], count: number): Estimate {
  const shares = Array.from({ length: count }, () => 1 / count);
  for (const each of numbers) shares[each] += 1;
  const density = (place: number) => shares[place] / (numbers.length + 1);
  return {
    density,
    draw(random) {
      let rest = random();
      for (let place = 0; place < count - 1; place++) {
        rest -= density(place);
        if (rest < 0) return place;
      }
      return count - 1;
    },
  };
}

/**
 * Returns a mixture of normal distributions, cut off at 0 and 1, all of the same weight: one around each place, as wide as the
 * farther of its neighbours is away, but between 1 / min(100, n + 2) and 1; and one of width 1 around the middle.
 */
export function parzen(places: readonly number[]): Estimate {
  const prior = { middle: 0.5, isPrior: true };
  const middles = [...places.map((middle) => ({ middle, isPrior: false })), prior].sort((a, b) => a.middle - b.middle);
  const least = 1 / Math.min(100, middles.length + 1);
  const parts = middles.map(({ middle, isPrior }, i) => {
    const farther = Math.max(middle - (middles[i - 1]?.middle ?? 0), (middles[i + 1]?.middle ?? 1) - middle);
    const width = isPrior ? 1 : Math.min(1, Math.max(least, farther));
    const from = normalCdf(-middle / width);
    return { middle, width, from, share: normalCdf((1 - middle) / width) - from };
  });
  return {
    density(place) {
      const each = parts.map(({ middle, width, share }) => normalDensity((place - middle) / width) / (width * share));
      return each.reduce((sum, density) => sum + density, 0) / parts.length;
    },
    draw(random) {
      const { middle, width, from, share } = parts[Math.floor(random() * parts.length)];
      const u = from + share * (random() + 2 ** -33); // above 0
      return Math.min(1, Math.max(0, middle + width * quantile(u)));
    },
  };
}
