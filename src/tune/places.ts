import { type ConfigurationValue, type Distribution, isSameValue } from './distributions.js';
import type { CheckedSpace, Configuration } from './space.js';
import type { Trial } from './trial.js';

/** Below 1, which no distribution takes. */
const LAST = 1 - 2 ** -32;

/** Returns the values that a choice is among; undefined for a range of numbers. */
export function choicesOf({ kind, options }: Distribution): readonly ConfigurationValue[] | undefined {
  return kind === 'choice' && Array.isArray(options.values) ? options.values : undefined;
}

/** Returns the place of a value in its range, in [0, 1], in the logarithm for `logUniform`; for a choice its number, from 0. */
export function placeOf(distribution: Distribution, value: ConfigurationValue): number {
  const choices = choicesOf(distribution);
  if (choices) return choices.findIndex((each) => isSameValue(each, value));
  const [low, high, x] = [distribution.options.low, distribution.options.high, value].map(Number);
  if (distribution.kind === 'logUniform') return Math.log(x / low) / Math.log(high / low);
  return distribution.kind === 'integer' ? (x - low + 0.5) / (high - low + 1) : (x - low) / (high - low);
}

/** Returns the places of a configuration, one a dimension. */
export function placesOf(space: CheckedSpace, config: Configuration): number[] {
  const values = space.values(config);
  return space.dimensions.map(({ distribution }, i) => placeOf(distribution, values[i]));
}

/** Returns the configuration at these places; those of ranges are clipped to [0, 1). */
export function configurationAt(space: CheckedSpace, places: readonly number[]): Configuration {
  return space.configuration(
    space.dimensions.map(({ distribution }, i) => {
      const choices = choicesOf(distribution);
      return choices ? choices[places[i]] : distribution.at(Math.min(LAST, Math.max(0, places[i])));
    }),
  );
}

/** A trial that is over, as a strategy that learns from trials sees it. */
export interface Observation {
  /** One a dimension, as `placeOf` has them. */
  readonly places: readonly number[];
  /** The trial's score; Infinity for one that diverged. */
  readonly score: number;
}

/** Returns what the trials so far have shown, in the order of their ids. */
export function observed(space: CheckedSpace, trials: readonly Trial[]): Observation[] {
  return trials.map(({ config, status, score = Number.POSITIVE_INFINITY }) => ({
    places: placesOf(space, config),
    score: status === 'diverged' || !Number.isFinite(score) ? Number.POSITIVE_INFINITY : score,
  }));
}
