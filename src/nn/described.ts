import { show } from '../errors/arguments.js';

/** Options as they are saved: numbers, strings, flags, descriptions of other parts, and lists. */
export type Config = {
  readonly [key: string]: Config | number | string | boolean | undefined | readonly (Config | number)[];
};

/** A plain object with its kind and the options it was made with, so that it can be saved and made again. */
export interface Described {
  readonly kind: string;
  readonly options: Config;
}

/** Refuses anything but an object with the method that its kind of part has. @throws TypeError */
export function checkDescribed(where: string, name: string, value: unknown, method: string, example: string): void {
  const found = typeof value === 'object' && value !== null && typeof Reflect.get(value, method) === 'function';
  if (!found)
    throw new TypeError(`${where}: ${name} must be made by a function such as ${example}, got ${show(value)}`);
}

/** Returns kind and options as one plain object. */
export function describe({ kind, options }: { kind: string; options: object }) {
  return { kind, ...options };
}
