import { show } from '../errors/arguments.js';

/** Plain data, as it is saved. */
export type Config = {
  readonly [key: string]: Config | number | string | boolean | undefined | readonly (Config | number | string)[];
};

/** The options that a part was made with; parts among them are described too. */
export type Options = { readonly [key: string]: Config[string] | Described | readonly Described[] };

/** A plain object with its kind and the options it was made with, so that it can be saved and made again. */
export interface Described {
  readonly kind: string;
  readonly options: Options;
  /** The options that hyper-parameters start with: networks that differ in nothing else may train side by side. */
  readonly starts?: readonly string[];
}

/** Refuses anything but an object with the method that its kind of part has. @throws TypeError */
export function checkDescribed(where: string, name: string, value: unknown, method: string, example: string): void {
  const found = typeof value === 'object' && value !== null && typeof Reflect.get(value, method) === 'function';
  if (!found)
    throw new TypeError(`${where}: ${name} must be made by a function such as ${example}, got ${show(value)}`);
}

/** The parts that the library made: their kind alone tells how to make them again. */
const known = new WeakSet<object>();

/** Returns a part, remembered as one of the library's. */
export function asKnown<T extends Described>(part: T): T {
  known.add(part);
  return part;
}

/** True for a part that `asKnown` returned. */
export function isKnown(part: object): boolean {
  return known.has(part);
}

/** True for a part among the options of another. */
export const isDescribed = (value: unknown): value is Described => typeof Object(value).options === 'object';

/** Returns kind and options as one plain object. */
export function describe({ kind, options }: Described): Config {
  const plain = (value: Options[string] | number): unknown => {
    if (Array.isArray(value)) return value.map(plain);
    return isDescribed(value) ? describe(value) : value;
  };
  return { kind, ...Object.fromEntries(Object.entries(options).map(([name, value]) => [name, plain(value)])) };
}
