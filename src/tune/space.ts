import { checkOptions, describeRange, isInRange, isRecord, show, suggestion } from '../errors/arguments.js';
import { asFormatError, EngineError } from '../errors/engine-error.js';
import { type HyperTable, placesOf } from '../nn/hyper-parameters.js';
import {
  type ConfigurationValue,
  choice,
  type Distribution,
  distributionText,
  fixed,
  integer,
  logUniform,
  uniform,
} from './distributions.js';

/**
 * One point of a search space: hyper-parameters by name (`l2`, `dropout`, `learningRate`, ...; an array gives one value
 * per layer), and those that the function which makes the model reads, such as `hidden`.
 */
export type Configuration = Readonly<Record<string, ConfigurationValue>>;

/** A distribution, or a value that is always the same: short for `fixed`. */
export type SpaceEntry = Distribution | number | string | boolean;

/** A distribution or a value for each name; an array gives one per layer. */
export type Space = Readonly<Record<string, SpaceEntry | readonly SpaceEntry[]>>;

/** One axis of a space. */
export interface Dimension {
  readonly name: string;
  /** Its place in the array under that name, if there is one. */
  readonly index?: number;
  readonly distribution: Distribution;
}

/** A space, checked. */
export interface CheckedSpace {
  /** In the order of the space; what is fixed is not among them. */
  readonly dimensions: readonly Dimension[];
  /** The dimensions, and what is fixed. */
  readonly all: readonly Dimension[];
  /** The configuration whose dimensions have these values. @throws RangeError if they are too few or too many */
  configuration(values: readonly ConfigurationValue[]): Configuration;
  /** The values of the dimensions of a configuration. @throws RangeError if it lacks one */
  values(config: Configuration): readonly ConfigurationValue[];
  /** As plain data, which `spaceFromJson` reads. */
  toJSON(): Readonly<Record<string, unknown>>;
}

/** The entry of a name. */
interface Entry {
  readonly name: string;
  /** True if it is an array with one distribution per layer. */
  readonly layered: boolean;
  readonly distributions: readonly Distribution[];
}

/**
 * Returns a space of distributions, arrays of them and plain values, checked.
 * @throws TypeError or RangeError naming `where` and the entry: if there are none, or one is no distribution
 */
export function checkSpace(where: string, space: unknown): CheckedSpace {
  if (!isRecord(space) || isDistribution(space)) {
    const given = isDistribution(space) ? distributionText(space) : show(space);
    throw new TypeError(`${where}: space must be an object such as { l2: logUniform(1e-6, 1e-2) }, got ${given}`);
  }
  const entries = Object.entries(space).map(([name, value]) => checkEntry(where, name, value));
  if (entries.length === 0) {
    throw new RangeError(`${where}: space must not be empty; try { l2: logUniform(1e-6, 1e-2) }`);
  }
  const all = entries.flatMap(dimensionsOf);
  const dimensions = all.filter(({ distribution }) => distribution.kind !== 'fixed');
  return {
    dimensions,
    all,
    configuration(values) {
      checkCount(dimensions, values);
      let next = 0;
      return byName(entries, (each) => (each.kind === 'fixed' ? each.at(0) : values[next++]));
    },
    values: (config) => dimensions.map((dimension) => valueIn(config, dimension)),
    toJSON: () => byName(entries, ({ kind, options }) => ({ kind, ...options })),
  };
}

/** Something for every distribution, in the order of the space and as it lies there. */
function byName<T>(entries: readonly Entry[], of: (each: Distribution) => T): Record<string, T | T[]> {
  return Object.fromEntries(
    entries.map(({ name, layered, distributions }) => {
      const all = distributions.map(of);
      return [name, layered ? all : all[0]];
    }),
  );
}

/** A dimension as its value is reached in a configuration, such as `l2` or `dropout[1]`. */
export function dimensionPlace({ name, index }: Omit<Dimension, 'distribution'>): string {
  return index === undefined ? name : `${name}[${index}]`;
}

/** Refuses a name that no dimension has, which the message calls `what`. @throws RangeError naming `where` and the nearest one */
export function checkDimensionName(where: string, what: string, name: string, dimensions: readonly Dimension[]): void {
  const known = [...new Set(dimensions.map((dimension) => dimension.name))];
  if (known.includes(name)) return;
  throw new RangeError(
    `${where}: ${what} is no dimension of the space${suggestion(name, known)}; known: ${known.join(', ')}`,
  );
}

function checkEntry(where: string, name: string, value: unknown): Entry {
  const layered = Array.isArray(value);
  if (!layered) return { name, layered, distributions: [checkDistribution(where, { name }, value)] };
  if (value.length === 0) {
    throw new RangeError(`${where}: space.${name} must not be empty; it has one distribution a layer`);
  }
  return {
    name,
    layered,
    distributions: Array.from(value, (each, index) => checkDistribution(where, { name, index }, each)),
  };
}

/**
 * Refuses a space whose hyper-parameters could leave the ranges that a model's parts declare for them.
 * @throws RangeError naming `where` and the entry
 */
export function checkRanges(where: string, { all }: CheckedSpace, table: HyperTable): void {
  for (const { distribution, ...at } of all) {
    const [place] = placesOf(table, at.name);
    if (place === undefined) continue;
    const { range } = table[place];
    // A grid of two has both ends, of a choice everything; what lies between them may not be the integer that is needed.
    for (const reached of [...distribution.grid(2), distribution.at(0.381966)].flatMap(leaves)) {
      if (isInRange(reached, range)) continue;
      const { kind } = distribution;
      const but =
        kind === 'fixed' ? `got ${show(reached)}` : `but ${distributionText(distribution)} reaches ${show(reached)}`;
      throw new RangeError(`${where}: space.${dimensionPlace(at)} must be ${describeRange(range, reached)}, ${but}`);
    }
  }
}

/** Refuses a list that is not as long as the model has layers with that name. @throws RangeError naming `where` and the entry */
export function checkLists(where: string, { all }: CheckedSpace, table: HyperTable): void {
  for (const { name, index } of all) {
    const layers = placesOf(table, name).length;
    const listed = all.filter((each) => each.name === name).length;
    if (index === undefined || layers === 0 || listed === layers) continue;
    throw new RangeError(
      `${where}: space.${name} lists ${listed} entries, one a layer, where this model has ${layers}; ` +
        'to try several values, use choice([0.1, 0.2])',
    );
  }
}

function checkDistribution(where: string, at: Omit<Dimension, 'distribution'>, value: unknown): Distribution {
  const place = `space.${dimensionPlace(at)}`;
  if (isDistribution(value)) return value;
  if (typeof value === 'string' || typeof value === 'boolean') return fixed(value);
  if (typeof value === 'number' && Number.isFinite(value)) return fixed(value);
  const hint = Array.isArray(value) ? `; to choose among arrays, use choice([${show(value)}, ...])` : '';
  throw new TypeError(
    `${where}: ${place} must be a distribution such as uniform(0, 1), or a number, string or boolean, got ${show(value)}${hint}`,
  );
}

function isDistribution(value: unknown): value is Distribution {
  if (typeof value !== 'object' || value === null) return false;
  const functions = ['at', 'grid', 'perturb'].map((name) => typeof Reflect.get(value, name));
  return typeof Reflect.get(value, 'kind') === 'string' && functions.every((type) => type === 'function');
}

function dimensionsOf({ name, layered, distributions }: Entry): Dimension[] {
  return distributions.map((distribution, index) => ({ name, ...(layered && { index }), distribution }));
}

function checkCount(dimensions: readonly Dimension[], values: readonly ConfigurationValue[]): void {
  if (values.length === dimensions.length) return;
  const places = dimensions.map(dimensionPlace).join(', ');
  throw new RangeError(
    `space: expected ${dimensions.length} values, one a dimension (${places}), got ${values.length}`,
  );
}

function valueIn(config: Configuration, { name, index }: Dimension): ConfigurationValue {
  const entry = config[name];
  const value = index === undefined ? entry : Array.isArray(entry) ? entry[index] : undefined;
  if (value === undefined) throw new RangeError(`space: the configuration has no ${dimensionPlace({ name, index })}`);
  return value;
}

/** The numbers, strings and booleans of a value. */
function leaves(value: ConfigurationValue): readonly ConfigurationValue[] {
  return Array.isArray(value) ? value.flatMap(leaves) : [value];
}

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
  if (!isRecord(json)) {
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
  if (!isRecord(entry)) return entry;
  const { kind, ...options } = entry;
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
