import { checkNumber, checkOptions, checkPositiveInteger, show } from '../errors/arguments.js';
import { checkDropoutRate } from '../nn/dropout.js';

/** Hyper-parameters that may change while training; an array gives one value a layer that has it. */
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
  /** Of leaky ReLUs, in (0, 1]. */
  slope?: number | readonly number[];
  /** Of a schedule, steps: of `warmup`, of `cosineDecay`, between two decays of `stepDecay`. */
  warmupSteps?: number;
  decaySteps?: number;
  every?: number;
  /** Of a schedule: the factor of `stepDecay` and `exponentialDecay`, in (0, 1]; the floor of `cosineDecay`, in [0, 1]. */
  gamma?: number;
  floor?: number;
}

type Check = (where: string, name: string, value: unknown) => number;

const atLeast0: Check = (where, name, value) => checkNumber(where, name, value, { min: 0 });
const below1: Check = (where, name, value) => checkNumber(where, name, value, { min: 0, max: 1, exclusive: 'max' });
const share: Check = (where, name, value) => checkNumber(where, name, value, { min: 0, max: 1, exclusive: 'min' });
const CHECKS: Record<keyof HyperParameters, Check> = {
  l2: atLeast0,
  dropout: checkDropoutRate,
  learningRate: atLeast0,
  momentum: below1,
  weightDecay: atLeast0,
  beta1: below1,
  beta2: below1,
  epsilon: (where, name, value) => checkNumber(where, name, value, { min: 0, exclusive: 'min' }),
  slope: share,
  warmupSteps: checkPositiveInteger,
  decaySteps: checkPositiveInteger,
  every: checkPositiveInteger,
  gamma: share,
  floor: (where, name, value) => checkNumber(where, name, value, { min: 0, max: 1 }),
};

/** The names that `HyperParameters` knows. */
export const HYPER_PARAMETERS: readonly string[] = Object.keys(CHECKS);

/** Returns `value` if the hyper-parameter at `place`, such as `l2.0`, may have it. @throws TypeError or RangeError */
export function checkHyperParameter(where: string, place: string, value: unknown): number {
  const name = place.split('.')[0];
  const check: Check = name in CHECKS ? CHECKS[name as keyof HyperParameters] : checkNumber;
  return check(where, place, value);
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
    const check = CHECKS[name as keyof HyperParameters];
    const places = Object.keys(hyper).filter((key) => key === name || key.startsWith(`${name}.`));
    if (places.length === 0) throw new RangeError(`${where}: this model has no ${name}`);
    if (!Array.isArray(value)) {
      const checked = check(where, name, value);
      for (const place of places) changed[place] = checked;
      continue;
    }
    if (value.length !== places.length) {
      throw new RangeError(`${where}: ${name} must have ${places.length} values, one a layer, got ${show(value)}`);
    }
    for (const [i, place] of places.entries()) changed[place] = check(where, `${name}[${i}]`, value[i]);
  }
  return changed;
}
