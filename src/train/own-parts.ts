import { isRecord, show } from '../errors/arguments.js';
import { asFormatError } from '../errors/engine-error.js';
import type { Described } from '../nn/described.js';

/**
 * Functions that make parts of your own, by kind. Each gets the options that its part was saved with; parts among them are
 * made.
 */
export type Parts = Readonly<Record<string, (options: never) => Described>>;

/** Options of a function that makes parts from their descriptions. */
export interface PartsOptions {
  /** Makes the parts of your own, by kind: `{ swish: ({ beta }) => swish(beta) }`. Default: none. */
  parts?: Parts | undefined;
}

/** A part of the user's own in the place of its description. */
export class OwnPart {
  readonly kind: string;
  readonly made: unknown;

  constructor(kind: string, made: unknown) {
    this.kind = kind;
    this.made = made;
  }
}

/** Returns parts of the user's own as they were given. @throws TypeError or RangeError naming the one that is wrong */
export function checkParts(where: string, parts: Parts, taken: readonly string[]): Parts {
  if (!isRecord(parts)) {
    throw new TypeError(`${where}: parts must be an object of functions by kind, got ${show(parts)}`);
  }
  for (const [kind, make] of Object.entries<unknown>(parts)) {
    if (typeof make !== 'function') {
      throw new TypeError(`${where}: parts.${kind} must be a function of options that makes a part, got ${show(make)}`);
    }
    if (taken.includes(kind))
      throw new RangeError(`${where}: parts.${kind}: the library makes the kind '${kind}' itself`);
  }
  return parts;
}

/** Makes a part of the library from its description. */
type MakeKnown = (at: string, description: { readonly kind: string }) => unknown;

/**
 * Returns a configuration with the parts of the user's own in the places of their descriptions.
 * @throws EngineError of kind `format` naming the place of a part that could not be made
 */
export function withOwnParts(where: string, config: object, parts: Parts, makeKnown: MakeKnown): unknown {
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => [name, walk(`${where}: ${name}`, value, false)]),
  );

  /** @param within true: in the options of one of the user's own, which gets parts and not their descriptions */
  function walk(at: string, value: unknown, within: boolean): unknown {
    if (Array.isArray(value)) return value.map((each, i) => walk(`${at}[${i}]`, each, within));
    if (typeof value !== 'object' || value === null) return value;
    const { kind, ...options } = value as Readonly<Record<string, unknown>>;
    const walked = (within: boolean) =>
      Object.fromEntries(Object.entries(options).map(([name, each]) => [name, walk(`${at}.${name}`, each, within)]));
    if (typeof kind !== 'string') return kind === undefined ? walked(within) : value;
    if (!Object.hasOwn(parts, kind)) {
      const description = { kind, ...walked(false) };
      return within ? makeKnown(at, description) : description;
    }
    const own = walked(true);
    const made: unknown = asFormatError(() => parts[kind](own as never), `${at}: `);
    return within ? made : new OwnPart(kind, made);
  }
}
