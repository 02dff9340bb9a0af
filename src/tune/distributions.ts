import { checkNumber, type NumberRange, show } from '../errors/arguments.js';

/** A value that a configuration may have. */
export type ConfigurationValue = number | string | boolean | readonly ConfigurationValue[];

/**
 * Returns a copy of `value` if a configuration may have it.
 * @throws TypeError or RangeError naming `where` and `name` if it is not a finite number, string, boolean or array of them
 */
function checkValue(where: string, name: string, value: unknown): ConfigurationValue {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return checkNumber(where, name, value) + 0; // not -0, which JSON does not know
  if (Array.isArray(value)) return Array.from(value, (each, i) => checkValue(where, `${name}[${i}]`, each));
  throw new TypeError(
    `${where}: ${name} must be a number, a string, a boolean or an array of them, got ${show(value)}`,
  );
}

/** True if two values are equal, arrays element by element. */
export function isSameValue(a: ConfigurationValue, b: ConfigurationValue): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return a === b;
  return a.length === b.length && a.every((each, i) => isSameValue(each, b[i]));
}

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

/**
 * Uniform in [low, high]. `perturb` multiplies by 0.8 or 1.2; what is 0 is drawn anew.
 * @throws TypeError or RangeError if a bound is not finite, or `high` is not above `low`
 */
export function uniform(low: number, high: number): Distribution {
  [low, high] = checkBounds('uniform', low, high);
  checkNumber('uniform', 'high - low', high - low);
  const at = (u: number) => low + (high - low) * u; // at most high, rounding included, for every u < 1
  return {
    kind: 'uniform',
    options: { low, high },
    at,
    grid: (count) => spread(count, low, high, at),
    perturb(value, u) {
      const x = checkNumber('uniform', 'value', value);
      return x === 0 ? at(u) : clip(x * factor(u), low, high);
    },
  };
}

/**
 * In [low, high], uniform in the logarithm: of a rate over decades. `perturb` multiplies by 0.8 or 1.2.
 *
 * JavaScript does not fix the last bit of a power: two browsers may differ by some roundings of float64.
 * @param low > 0
 * @throws TypeError or RangeError if a bound is not finite, `low` is not above 0, or `high` is not above `low`
 */
export function logUniform(low: number, high: number): Distribution {
  [low, high] = checkBounds('logUniform', low, high, { min: 0, exclusive: 'min' });
  const at = (u: number) => clip(low ** (1 - u) * high ** u, low, high);
  return {
    kind: 'logUniform',
    options: { low, high },
    at,
    grid: (count) => spread(count, low, high, at),
    perturb: (value, u) => clip(checkNumber('logUniform', 'value', value) * factor(u), low, high),
  };
}

/**
 * Integers from `low` to `high`, both included, all equally likely. `perturb` multiplies by 0.8 or 1.2 and rounds, and
 * moves by one where that would change nothing.
 * @throws TypeError or RangeError if a bound is not an integer, or `high` is not above `low`
 */
export function integer(low: number, high: number): Distribution {
  [low, high] = checkBounds('integer', low, high, { integer: true });
  checkNumber('integer', 'high - low', high - low, { max: Number.MAX_SAFE_INTEGER });
  return {
    kind: 'integer',
    options: { low, high },
    at: (u) => low + Math.floor((high - low + 1) * u),
    grid(count) {
      const n = Math.min(count, high - low + 1);
      if (n === 1) return [low + Math.floor((high - low) / 2)];
      // At least 1 apart before rounding, so they differ after it.
      return Array.from({ length: n }, (_, i) => low + Math.round((high - low) * (i / (n - 1))));
    },
    perturb(value, u) {
      const x = checkNumber('integer', 'value', value);
      const moved = Math.round(x * factor(u));
      const away = u < 0.5 === x < 0 ? 1 : -1;
      return clip(moved === x ? x + away : moved, low, high);
    },
  };
}

/**
 * One of some values, all equally likely, in an order in which neighbours should be alike: `perturb` goes to the one
 * before or after. Its `grid` has all of them, whatever the count.
 * @param values numbers, strings, booleans or arrays of them, such as the widths of hidden layers
 * @throws TypeError or RangeError if there are none, one is there twice, or one is nothing of that kind
 */
export function choice(values: readonly ConfigurationValue[]): Distribution {
  const all = checkValues(values);
  return {
    kind: 'choice',
    options: { values: all },
    at: (u) => all[Math.floor(all.length * u)],
    grid: () => all,
    perturb(value, u) {
      const i = all.findIndex((each) => isSameValue(each, value));
      if (i < 0) throw new RangeError(`choice: value must be one of ${show(all)}, got ${show(value)}`);
      const neighbours = [all[i - 1], all[i + 1]].filter((each) => each !== undefined);
      return neighbours[Math.floor(neighbours.length * u)] ?? value;
    },
  };
}

/**
 * Always the same value; no dimension of the space. A plain number, string or boolean in a space is short for it.
 * @throws TypeError or RangeError if it is not a finite number, a string, a boolean or an array of them
 */
export function fixed(value: ConfigurationValue): Distribution {
  const only = checkValue('fixed', 'value', value);
  return { kind: 'fixed', options: { value: only }, at: () => only, grid: () => [only], perturb: () => only };
}

/** A distribution as it is written in code, such as `uniform(0, 0.8)`. */
export function distributionText({ kind, options }: Distribution): string {
  return `${kind}(${Object.values(options).map(show).join(', ')})`;
}

/** Source: Jaderberg et al., "Population based training of neural networks" (2017), section 4.1. */
const factor = (u: number) => (u < 0.5 ? 0.8 : 1.2);

/** For what rounding has carried over a bound. */
const clip = (x: number, low: number, high: number) => Math.min(high, Math.max(low, x));

/** Points from end to end, the middle for one; both ends exact, and those between without the digits that are but rounding. */
function spread(count: number, low: number, high: number, at: (u: number) => number): number[] {
  const between = (u: number) => clip(Number(at(u).toPrecision(15)), low, high);
  if (count === 1) return [between(0.5)];
  return Array.from({ length: count }, (_, i) => {
    if (i === 0) return low;
    return i === count - 1 ? high : between(i / (count - 1));
  });
}

function checkBounds(kind: string, low: number, high: number, range: NumberRange = {}): [low: number, high: number] {
  checkNumber(kind, 'low', low, range);
  checkNumber(kind, 'high', high, range);
  if (low === high) {
    throw new RangeError(
      `${kind}: high must be above low, got ${high} for both; for a single value use fixed(${high})`,
    );
  }
  if (low > high) throw new RangeError(`${kind}: high must be above low, got low ${low} and high ${high}`);
  return [low + 0, high + 0]; // not -0, which JSON does not know
}

function checkValues(values: unknown): readonly ConfigurationValue[] {
  if (!Array.isArray(values)) throw new TypeError(`choice: values must be an array, got ${show(values)}`);
  if (values.length === 0) throw new RangeError('choice: values must not be empty');
  const all = Array.from(values, (each, i) => checkValue('choice', `values[${i}]`, each));
  for (const [i, value] of all.entries()) {
    const first = all.findIndex((each) => isSameValue(each, value));
    if (first < i) {
      throw new RangeError(`choice: values must differ, but values[${first}] and values[${i}] are both ${show(value)}`);
    }
  }
  return all;
}
