import { asTargets } from '../data/as-targets.js';
import { checkDataset, type Dataset } from '../data/dataset.js';
import { isList, isNested, type Numbers } from '../data/matrix.js';
import {
  checkBoolean,
  checkChoice,
  checkNumber,
  checkOptions,
  checkPositiveInteger,
  checkSignal,
  show,
} from '../errors/arguments.js';
import type { HyperParameters } from '../nn/hyper-parameters.js';
import type { Session } from './session.js';

/** Weights of the examples of a data set: one list per member. */
export type MemberWeights = readonly Float32Array[];

/** Options of early stopping: `fit` ends with the best weights. */
export interface EarlyStoppingOptions {
  /** Training stops after so many epochs without improvement; at least 1. */
  patience: number;
  /** The measure on the validation set that must improve. Default 'loss'. */
  metric?: 'loss' | 'accuracy' | undefined;
  /** The least improvement over the best so far that counts. Default 0. */
  minDelta?: number | undefined;
}

/** Options of `fit`, of a trainer or a population. */
export interface FitOptions {
  /** Passes over the data. */
  epochs: number;
  /** Measured after every epoch. */
  validation?: Dataset | undefined;
  /** A new order every epoch, from `shuffleSeed`. Default true. */
  shuffle?: boolean | undefined;
  /** Stops the training; it can go on later. */
  signal?: AbortSignal | undefined;
  /** Report every step too. Default false. */
  steps?: boolean | undefined;
  /** Ends after so many steps, even in the middle of an epoch. Default: no limit. */
  maxSteps?: number | undefined;
  /** Ends after too many epochs without improvement, with the best weights. Default: off. */
  earlyStopping?: EarlyStoppingOptions | undefined;
  /** Returns the hyper-parameters that differ at a step; the trainer's own do not change. By member in a population. */
  schedule?: ((step: number, member: number) => HyperParameters) | undefined;
  /**
   * Weights of the examples, at least 0: a batch's mean is divided by the sum of its weights. One list for all members, or
   * one list per member, as for the folds of a cross-validation. Default: all 1.
   */
  weights?: Numbers | undefined;
  /** The same for the validation set. */
  validationWeights?: Numbers | undefined;
}

/** Options of `fit`, checked. */
export interface CheckedFit
  extends Required<Pick<FitOptions, 'epochs' | 'shuffle' | 'steps' | 'maxSteps'>>,
    Pick<FitOptions, 'validation' | 'signal' | 'schedule'> {
  /** The data to train on, with targets as the loss takes them. */
  readonly data: Dataset;
  readonly earlyStopping: Required<EarlyStoppingOptions> | undefined;
  readonly weights: MemberWeights | undefined;
  readonly validationWeights: MemberWeights | undefined;
}

const KNOWN = 'epochs validation shuffle signal steps maxSteps earlyStopping schedule weights validationWeights'.split(
  ' ',
);

/** Returns the options of `fit`, checked. @throws TypeError or RangeError naming the option or what in the data is wrong */
export function checkFitOptions(session: Session, data: Dataset, options: FitOptions): CheckedFit {
  checkOptions('fit', options, KNOWN);
  const { epochs, shuffle = true, steps = false, signal, maxSteps = Number.POSITIVE_INFINITY, schedule } = options;
  const { validation, earlyStopping } = options;
  checkPositiveInteger('fit', 'epochs', epochs);
  checkBoolean('fit', 'shuffle', shuffle);
  checkBoolean('fit', 'steps', steps);
  if (maxSteps !== Number.POSITIVE_INFINITY) checkPositiveInteger('fit', 'maxSteps', maxSteps);
  checkSignal('fit', signal);
  if (schedule !== undefined && typeof schedule !== 'function') {
    throw new TypeError(`fit: schedule must be a function of the step, got ${show(schedule)}`);
  }
  const stopping = earlyStopping === undefined ? undefined : checkEarlyStopping(earlyStopping);
  if (stopping && validation === undefined) throw new TypeError('fit: earlyStopping needs a validation set');
  const weights = weightsPerMember(session.members.length, 'fit', 'weights', options.weights);
  const validationWeights = weightsPerMember(
    session.members.length,
    'fit',
    'validationWeights',
    options.validationWeights,
  );
  const trained = checkData(session, 'fit', 'data', data);
  const validated = validation && checkData(session, 'fit', 'validation', validation);
  if (validation) checkSameClasses(data, validation);
  if (weights) checkWeights('fit', 'weights', weights, data);
  if (validationWeights) {
    if (!validation) throw new TypeError('fit: validationWeights are those of a validation set, and there is none');
    checkWeights('fit', 'validationWeights', validationWeights, validation);
  }
  return {
    data: trained,
    epochs,
    shuffle,
    steps,
    signal,
    maxSteps,
    schedule,
    validation: validated,
    earlyStopping: stopping,
    weights,
    validationWeights,
  };
}

/** Returns the options of early stopping, checked. @throws TypeError or RangeError naming the option */
function checkEarlyStopping(options: EarlyStoppingOptions): Required<EarlyStoppingOptions> {
  const place = 'fit: earlyStopping';
  checkOptions(place, options, ['patience', 'metric', 'minDelta']);
  const { patience, metric = 'loss', minDelta = 0 } = options;
  checkPositiveInteger(place, 'patience', patience);
  checkChoice(place, 'metric', metric, ['loss', 'accuracy']);
  checkNumber(place, 'minDelta', minDelta, { min: 0 });
  return { patience, metric, minDelta };
}

/** Returns data with targets as the session's loss takes them. @throws TypeError or RangeError naming `name` if they do not fit the model */
export function checkData({ options, compiled }: Session, where: string, name: string, given: Dataset): Dataset {
  checkDataset(where, name, given);
  const data = asTargets(given, options.loss.targets);
  if (data.features !== options.features) {
    throw new RangeError(`${where}: ${name} has ${data.features} features, the model's input has ${options.features}`);
  }
  const { loss } = options;
  loss.check(compiled.outputs, data.classes, data.outputs);
  const names = loss.targets === 'classes' ? data.classNames : undefined;
  if (names && names.length < compiled.outputs) {
    throw new RangeError(
      `${where}: ${name} names ${names.length} classes, the model has ${compiled.outputs} outputs; give it as many, or a name for each`,
    );
  }
  const fault = data.y instanceof Float32Array ? loss.fault?.(data.y, data.outputs) : undefined;
  if (fault !== undefined) throw new RangeError(`${where}: ${name}: ${fault}`);
  return data;
}

/** Refuses a validation set whose class indices have other names. @throws RangeError */
function checkSameClasses({ classNames: ours }: Dataset, { classNames: theirs }: Dataset): void {
  if (!ours || !theirs) return;
  const all = ours.length > theirs.length ? ours : theirs;
  const at = all.findIndex((_, i) => ours[i] !== theirs[i]);
  if (at < 0) return;
  throw new RangeError(
    `fit: class ${at} is ${show(ours[at])} in data and ${show(theirs[at])} in validation; make validation with classNames: data.classNames`,
  );
}

/**
 * The smallest and the largest weight beside 0. Float32 reaches from 1.2e-38 to 3.4e38: this leaves 10^8 on either side for
 * a row's loss and for the sum over a batch, so that neither a product nor the inverse of the sum is lost.
 */
const [LEAST_WEIGHT, MOST_WEIGHT] = [1e-30, 1e30];

/** Returns one list of weights for each of `size` members, from one for all. @throws TypeError or RangeError naming `name` */
export function weightsPerMember(
  size: number,
  where: string,
  name: string,
  weights: Numbers | undefined,
): MemberWeights | undefined {
  if (weights === undefined) return undefined;
  const place = `${where}: ${name}`;
  if (!isList(weights)) {
    const or = size > 1 ? ', or an array with one per member' : '';
    throw new TypeError(`${place} must be an array of numbers${or}, got ${show(weights)}`);
  }
  if (!isNested(weights)) {
    const own = float32Of(weights);
    return Array.from({ length: size }, () => own);
  }
  if (weights.length !== size) {
    const each = size > 1 ? ` for all members, or one list for each of the ${size}` : '';
    throw new RangeError(`${place} must be one list${each}, got ${weights.length}`);
  }
  return Array.from(weights, (own, member) => {
    if (isList(own)) return float32Of(own);
    throw new TypeError(`${place}[${member}] must be an array of numbers, got ${show(own)}`);
  });
}

/** The smallest number above 0 in float32. */
const SMALLEST = 2 ** -149;

/** Returns numbers as float32, NaN for anything else; no number but 0 becomes 0. */
function float32Of(list: ArrayLike<unknown>): Float32Array {
  if (list instanceof Float32Array) return list;
  return Float32Array.from(list, (element) => {
    const value = typeof element === 'bigint' || typeof element === 'number' ? Number(element) : Number.NaN;
    return Math.fround(value) || Math.sign(value) * SMALLEST;
  });
}

/**
 * Refuses weights that are not one finite number >= 0 per example, or that leave a member without examples.
 * @throws TypeError or RangeError naming `where`, `name`, the member and the row
 */
export function checkWeights(where: string, name: string, weights: MemberWeights, { examples }: Dataset): void {
  for (const [member, own] of weights.entries()) {
    const place = `${where}: ${weights.length > 1 ? `${name}[${member}]` : name}`;
    if (own.length !== examples) {
      throw new RangeError(`${place} must have one weight for each of ${examples} examples, got ${own.length}`);
    }
    const bad = own.findIndex((weight) => !(weight >= 0 && weight < Number.POSITIVE_INFINITY));
    if (bad >= 0) throw new RangeError(`${place} must hold finite numbers >= 0, got ${own[bad]} at row ${bad}`);
    const lost = own.findIndex(
      (weight) => weight !== 0 && !(weight >= Math.fround(LEAST_WEIGHT) && weight <= Math.fround(MOST_WEIGHT)),
    );
    if (lost >= 0) {
      const range = `0 or in [${LEAST_WEIGHT}, ${MOST_WEIGHT}], so that float32 can add up weighted losses`;
      throw new RangeError(`${place} must be ${range}, got ${own[lost]} at row ${lost}`);
    }
    if (own.every((weight) => weight === 0)) throw new RangeError(`${place} must not all be 0`);
  }
}
