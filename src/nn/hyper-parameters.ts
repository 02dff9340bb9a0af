import { checkNumber, checkOptions, type NumberRange, show } from '../errors/arguments.js';
import { dropoutThreshold } from '../random/source.js';

/** Hyper-parameters that may change while training; an array gives one value per layer that has it. */
export interface HyperParameters {
  /** λ of the L2 penalty, at least 0. */
  l2?: number | readonly number[];
  /** Dropout rates in [0, 1). */
  dropout?: number | readonly number[];
  /** The base learning rate, at least 0; a schedule goes on from there. */
  learningRate?: number;
  /** In [0, 1). */
  momentum?: number;
  /** Decoupled weight decay, at least 0. */
  weightDecay?: number;
  /** Adam's decays, in [0, 1), and its ε, above 0. */
  beta1?: number;
  beta2?: number;
  epsilon?: number;
  /** Slopes of leaky ReLUs, in (0, 1]. */
  slope?: number | readonly number[];
  /** Steps of a schedule: of `warmup`, of `cosineDecay`, between two decays of `stepDecay`. */
  warmupSteps?: number;
  decaySteps?: number;
  every?: number;
  /** The factor of `stepDecay` and `exponentialDecay`, in (0, 1]; the floor of `cosineDecay`, in [0, 1]. */
  gamma?: number;
  floor?: number;
}

const atLeast0: NumberRange = { min: 0, float32: true };
const below1: NumberRange = { min: 0, max: 1, exclusive: 'max', float32: true };
const share: NumberRange = { min: 0, max: 1, exclusive: 'min', float32: true };
const steps: NumberRange = { min: 1, integer: true };

/** The range of every hyper-parameter. Factories, `set`, loading, searches and the command line all check against it. */
export const RANGES: Readonly<Record<keyof HyperParameters, NumberRange>> = {
  l2: atLeast0,
  // A rate that rounds to 1 in 32 bits would drop everything.
  dropout: { ...below1, float32: false, accepts: (p) => dropoutThreshold(p) < 2 ** 32 },
  learningRate: atLeast0,
  momentum: below1,
  weightDecay: atLeast0,
  beta1: below1,
  beta2: below1,
  epsilon: { min: 0, exclusive: 'min', float32: true },
  slope: share,
  warmupSteps: steps,
  decaySteps: steps,
  every: steps,
  gamma: share,
  floor: { min: 0, max: 1, float32: true },
};

/** The option of a layer or penalty that its hyper-parameter starts with, by kind. */
export const STARTS: Readonly<Record<string, string | undefined>> = {
  dropout: 'p',
  leakyRelu: 'slope',
  l2: 'strength',
};

/** The names that `HyperParameters` knows. */
export const HYPER_PARAMETERS: readonly string[] = Object.keys(RANGES);

/**
 * True if a network that is already trained can go on with another value of `name`; false for what its layers are made
 * from, such as `hidden`.
 */
export function isHyperParameter(name: string): name is keyof HyperParameters {
  return Object.hasOwn(RANGES, name);
}

/** Returns `value` if the hyper-parameter at `place`, such as `l2.0`, may have it. @throws TypeError or RangeError */
export function checkHyperParameter(where: string, place: string, value: unknown): number {
  const name = place.split('.')[0];
  return checkNumber(where, place, value, isHyperParameter(name) ? RANGES[name] : {});
}

/**
 * Returns `hyper` with `changes` made; `l2` and `dropout` stand for all layers that have one.
 * @throws TypeError or RangeError if a value is out of range, or the model has no such hyper-parameter
 */
export function changeHyperParameters(
  where: string,
  hyper: Readonly<Record<string, number>>,
  changes: HyperParameters,
): Record<string, number> {
  checkOptions(where, changes, HYPER_PARAMETERS);
  const changed = { ...hyper };
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) continue;
    const range = RANGES[name as keyof HyperParameters];
    const places = Object.keys(hyper).filter((key) => key === name || key.startsWith(`${name}.`));
    if (places.length === 0) throw new RangeError(`${where}: this model has no ${name}`);
    if (!Array.isArray(value)) {
      const checked = checkNumber(where, name, value, range);
      for (const place of places) changed[place] = checked;
      continue;
    }
    if (value.length !== places.length) {
      throw new RangeError(`${where}: ${name} must have ${places.length} values, one a layer, got ${show(value)}`);
    }
    for (const [i, place] of places.entries()) changed[place] = checkNumber(where, `${name}[${i}]`, value[i], range);
  }
  return changed;
}
