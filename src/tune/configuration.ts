import { checkNumber, show } from '../errors/arguments.js';

/** A value that a configuration may have. */
export type ConfigurationValue = number | string | boolean | readonly ConfigurationValue[];

/**
 * One point of a search space: hyper-parameters by name (`l2`, `dropout`, `learningRate`, ...; an array gives one value
 * per layer), and those that the function which makes the model reads, such as `hidden`.
 */
export type Configuration = Readonly<Record<string, ConfigurationValue>>;

/**
 * Returns a copy of `value` if a configuration may have it.
 * @throws TypeError or RangeError naming `where` and `name` if it is not a finite number, string, boolean or array of them
 */
export function checkValue(where: string, name: string, value: unknown): ConfigurationValue {
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
