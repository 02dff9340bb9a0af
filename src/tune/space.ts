import type { Configuration, ConfigurationValue } from './configuration.js';

/** The values that a hyper-parameter is drawn from; made by `uniform`, `logUniform`, `integer`, `choice` or `fixed`. */
export interface Distribution {
  readonly kind: 'uniform' | 'logUniform' | 'integer' | 'choice' | 'fixed';
  /** The call that made it, as plain data. */
  readonly options: Readonly<Record<string, ConfigurationValue>>;
  /** The value at u in [0, 1): its inverse distribution function. Never out of bounds. */
  at(u: number): ConfigurationValue;
  /** `count` values spread evenly from end to end (evenly in the logarithm for `logUniform`), fewer if there are not so many. */
  grid(count: number): readonly ConfigurationValue[];
  /** A value near `value`, for u in [0, 1), never out of bounds. Source: Jaderberg et al. (2017), section 4.1. */
  perturb(value: ConfigurationValue, u: number): ConfigurationValue;
}

/** A distribution, or a value that is always the same: short for `fixed`. */
export type SpaceEntry = Distribution | number | string | boolean;

/** A distribution or a value for each name; an array gives one per layer. */
export type Space = Readonly<Record<string, SpaceEntry | readonly SpaceEntry[]>>;

/** One axis of a space. */
export interface Dimension {
  readonly name: string;
  /** Which of the array under that name it is, if there is one. */
  readonly index?: number;
  readonly distribution: Distribution;
}

/** A space, checked. */
export interface CheckedSpace {
  /** In the order of the space; what is fixed is not among them. */
  readonly dimensions: readonly Dimension[];
  /** The configuration whose dimensions have these values. @throws RangeError if they are too few or too many */
  configuration(values: readonly ConfigurationValue[]): Configuration;
  /** The values of the dimensions of a configuration. @throws RangeError if it lacks one */
  values(config: Configuration): readonly ConfigurationValue[];
  /** As plain data, which `spaceFromJson` reads. */
  toJSON(): Readonly<Record<string, unknown>>;
}
