import { checkNumber, isRecord, type NumberRange, show, suggestion } from '../errors/arguments.js';

/**
 * Hyper-parameters that may change while training; an array gives one value per place that has it. The parts of a model
 * declare theirs: `l2` means all places whose last part it is, `'dense0.l2'` one of them.
 */
export interface HyperParameters {
  /** λ of the L2 penalty, at least 0. */
  l2?: number | readonly number[];
  /** λ of the lasso, of the elastic net, of the group lasso and of activity penalties, at least 0. */
  l1?: number | readonly number[];
  elasticNet?: number | readonly number[];
  groupLasso?: number | readonly number[];
  activity?: number | readonly number[];
  /** The share of l1 in the elastic net, in [0, 1]. */
  l1Ratio?: number | readonly number[];
  /** Rates in [0, 1) of dropout of any kind: the base of a scheduled one. */
  dropout?: number | readonly number[];
  /** Deviations of `gaussianNoise`, at least 0. */
  noise?: number | readonly number[];
  /** Factors of the terms of `concreteDropout`, at least 0, and the temperature of its masks, above 0. */
  weights?: number | readonly number[];
  entropy?: number | readonly number[];
  temperature?: number | readonly number[];
  /** The numbers of `standout`. */
  scale?: number | readonly number[];
  shift?: number | readonly number[];
  /** The base learning rate, at least 0; a schedule goes on from there. */
  learningRate?: number;
  /** In [0, 1). */
  momentum?: number;
  /** Decoupled weight decay, at least 0. */
  weightDecay?: number;
  /** Adam's and Lion's decays, in [0, 1), and the ε beside a root, above 0. */
  beta1?: number;
  beta2?: number;
  epsilon?: number;
  /** RMSprop's decay, in [0, 1). */
  alpha?: number;
  /** Slopes of leaky ReLUs, in (0, 1]. */
  slope?: number | readonly number[];
  /** The `alpha` of ELUs, minus the least output, above 0. */
  saturation?: number | readonly number[];
  /** The share of `softmaxCrossEntropy`'s label smoothing, in [0, 1). */
  labelSmoothing?: number;
  /** The limit of `huber`, above 0, and the exponent of `focal`, in [0, 100]. */
  delta?: number;
  focusing?: number;
  /** The α of `mixup`, at least 0. */
  mixup?: number;
  /** Steps of a schedule: of `warmup`, of `cosineDecay`, between two decays of `stepDecay`. */
  warmupSteps?: number;
  decaySteps?: number;
  every?: number;
  /** The factor of `stepDecay` and `exponentialDecay`, in (0, 1]; the floor of `cosineDecay`, in [0, 1]. */
  gamma?: number;
  floor?: number;
  /** Limits of clipping and norms of `maxNorm`, above 0. */
  clipNorm?: number;
  clipValue?: number;
  maxNorm?: number | readonly number[];
  /** The decay of averages, in [0, 1). */
  emaDecay?: number;
  /** The number of one place, such as `'dense0.l2'`. A part of your own adds its names to this interface. */
  [place: `${string}.${string}`]: unknown;
}

/** A hyper-parameter as a part of the model declares it. */
export interface HyperParameter {
  /** The value that it starts with. */
  readonly start: number;
  readonly range: NumberRange;
}

/** The hyper-parameters of a model by name, in the order of their declaration. */
export type HyperTable = Readonly<Record<string, HyperParameter>>;

/** Returns the values that the hyper-parameters of a table start with. */
export function startsOf(table: HyperTable): Record<string, number> {
  return Object.fromEntries(Object.entries(table).map(([name, { start }]) => [name, start]));
}

/** The ranges that several parts declare. */
export const AT_LEAST_0: NumberRange = { min: 0, float32: true };
export const ABOVE_0: NumberRange = { min: 0, exclusive: 'min', float32: true };
export const BELOW_1: NumberRange = { min: 0, max: 1, exclusive: 'max', float32: true };
export const SHARE: NumberRange = { min: 0, max: 1, exclusive: 'min', float32: true };
export const FRACTION: NumberRange = { min: 0, max: 1, float32: true };
export const STEPS: NumberRange = { min: 1, integer: true };

/** Returns the last part of a hyper-parameter's name: `l2` of `dense0.l2`. */
const lastPart = (place: string) => place.slice(place.lastIndexOf('.') + 1);

/** Returns the names in `table` that `name` means: the place of that name, or all whose last part it is. */
export function placesOf(table: HyperTable, name: string): string[] {
  return Object.keys(table).filter((place) => place === name || lastPart(place) === name);
}

/** Returns the names of a table without their places, each once. */
export function namesIn(table: HyperTable): string[] {
  return [...new Set(Object.keys(table).map(lastPart))];
}

/** Returns `value` if the hyper-parameter at `place` may have it. @throws TypeError or RangeError */
export function checkHyperParameter(where: string, table: HyperTable, place: string, value: unknown): number {
  return checkNumber(where, place, value, table[place].range);
}

/**
 * Returns `hyper` with `changes` made, of a model whose hyper-parameters are in `table`.
 * @throws TypeError or RangeError if a value is out of range, or the model has no such hyper-parameter
 */
export function changeHyperParameters(
  where: string,
  table: HyperTable,
  hyper: Readonly<Record<string, number>>,
  changes: HyperParameters,
): Record<string, number> {
  if (!isRecord(changes)) {
    throw new TypeError(`${where}: changes must be an object such as { learningRate: 0.01 }, got ${show(changes)}`);
  }
  const changed = { ...hyper };
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) continue;
    const places = placesOf(table, name);
    if (places.length === 0) {
      const known = namesIn(table);
      throw new RangeError(
        `${where}: this model has no ${name}${suggestion(name, known)}; known: ${known.join(', ') || 'none'}`,
      );
    }
    if (Array.isArray(value) && value.length !== places.length) {
      throw new RangeError(`${where}: ${name} must have ${places.length} values, one a layer, got ${show(value)}`);
    }
    for (const [i, place] of places.entries()) {
      const { range } = table[place];
      changed[place] = Array.isArray(value)
        ? checkNumber(where, `${name}[${i}]`, value[i], range)
        : checkNumber(where, name, value, range);
    }
  }
  return changed;
}
