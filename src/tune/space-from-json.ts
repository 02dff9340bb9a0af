import { checkOptions, show, suggestion } from '../errors/arguments.js';
import { asFormatError, EngineError } from '../errors/engine-error.js';
import { checkSpace } from './check-space.js';
import { choice, fixed, integer, logUniform, uniform } from './distributions.js';
import type { Distribution, Space } from './space.js';

/** Options as a file has them. Their types are unknown here: every distribution checks its own. */
type Options = Readonly<Record<string, never>>;

interface Maker {
  readonly options: readonly string[];
  make(options: Options): Distribution;
}

const MAKERS: Readonly<Record<Distribution['kind'], Maker>> = {
  uniform: { options: ['low', 'high'], make: ({ low, high }) => uniform(low, high) },
  logUniform: { options: ['low', 'high'], make: ({ low, high }) => logUniform(low, high) },
  integer: { options: ['low', 'high'], make: ({ low, high }) => integer(low, high) },
  choice: { options: ['values'], make: ({ values }) => choice(values) },
  fixed: { options: ['value'], make: ({ value }) => fixed(value) },
};
const KINDS = Object.keys(MAKERS);

/**
 * Returns the space that plain data describe, as `toJSON` of a space writes them: by name a distribution such as
 * `{ kind: 'uniform', low: 0, high: 0.8 }` or a plain value, or an array of them.
 * @param json what `JSON.parse` returns
 * @throws EngineError of kind `format` naming the entry that is none
 */
export function spaceFromJson(json: unknown): Space {
  const where = 'spaceFromJson';
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    const example = '{ "l2": { "kind": "logUniform", "low": 1e-6, "high": 1e-2 } }';
    throw new EngineError('format', `${where}: the space must be an object such as ${example}, got ${show(json)}`);
  }
  const space = Object.fromEntries(
    Object.entries(json).map(([name, entry]) => [
      name,
      Array.isArray(entry)
        ? entry.map((each, i) => parse(`${where}: ${name}[${i}]`, each))
        : parse(`${where}: ${name}`, entry),
    ]),
  );
  asFormatError(() => checkSpace(where, space));
  return space as Space;
}

/** A distribution, or whatever else is there: `checkSpace` says what may be. */
function parse(where: string, entry: unknown): unknown {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return entry;
  const { kind, ...options } = entry as Readonly<Record<string, unknown>>;
  const maker = Object.entries(MAKERS).find(([name]) => name === kind)?.[1];
  if (!maker) {
    const near = typeof kind === 'string' ? suggestion(kind, KINDS) : '';
    throw new EngineError('format', `${where}: unknown kind ${show(kind)}${near}; known: ${KINDS.join(', ')}`);
  }
  return asFormatError(() => {
    checkOptions(String(kind), options, maker.options);
    return maker.make(options as Options);
  }, `${where}: `);
}
