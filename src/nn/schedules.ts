import { checkNumber, checkOptions, show } from '../errors/arguments.js';
import { asKnown, type Described } from './described.js';
import { AT_LEAST_0, FRACTION, type HyperTable, SHARE, STEPS, startsOf } from './hyper-parameters.js';

/** Hyper-parameters by name. */
type Hyper = Readonly<Record<string, number>>;

/** A learning rate, or a dropout rate, as a function of the optimiser's steps: rate(step) = base · factor(step). */
export interface Schedule extends Described {
  /** The base rate, a hyper-parameter that `set` changes: `learningRate`, or a layer's `dropout`. */
  readonly base: number;
  /** Its own hyper-parameters, which `set` changes too. Default: none. */
  readonly hyper?: HyperTable;
  /** Returns the factor at optimiser step `step`, counted from 0, for the current hyper-parameters. */
  factor(step: number, hyper?: Hyper): number;
}

function schedule(
  kind: string,
  base: number,
  options: Record<string, number>,
  hyper: HyperTable,
  factor: (step: number, hyper: Hyper) => number,
): Schedule {
  checkNumber(kind, 'base', base, AT_LEAST_0);
  const starts = startsOf(hyper);
  return asKnown({
    kind,
    base,
    options: { base, ...options },
    hyper,
    factor: (step, now = starts) => factor(step, now),
  });
}

/** Returns a rate as a schedule. @throws TypeError or RangeError naming `where` and `name` */
export function rateOf(where: string, name: string, rate: unknown): Schedule {
  if (isSchedule(rate)) return rate;
  if (typeof rate === 'number') return constantRate(checkNumber(where, name, rate, AT_LEAST_0));
  throw new TypeError(
    `${where}: ${name} must be a number or a schedule such as cosineDecay(1e-3, { steps }), got ${show(rate)}`,
  );
}

/** True for a schedule. */
export const isSchedule = (value: unknown): value is Schedule =>
  typeof value === 'object' && value !== null && typeof Reflect.get(value, 'factor') === 'function';

/** Returns a schedule as it is saved: a number if it is constant. */
export function describeRate(rate: Schedule): Schedule | number {
  return rate.kind === 'constantRate' ? rate.base : rate;
}

/** The same rate at every step. */
export function constantRate(base: number): Schedule {
  return schedule('constantRate', base, {}, {}, () => 1);
}

/** base · gamma^floor(step / every). */
export function stepDecay(base: number, options: { every: number; gamma?: number }): Schedule {
  checkOptions('stepDecay', options, ['every', 'gamma']);
  const { every, gamma = 0.1 } = options;
  checkNumber('stepDecay', 'every', every, STEPS);
  checkNumber('stepDecay', 'gamma', gamma, SHARE);
  const hyper = { every: { start: every, range: STEPS }, gamma: { start: gamma, range: SHARE } };
  const factor = (step: number, { every, gamma }: Hyper) => gamma ** Math.floor(step / every);
  return schedule('stepDecay', base, { every, gamma }, hyper, factor);
}

/** base · gamma^step. */
export function exponentialDecay(base: number, options: { gamma: number }): Schedule {
  checkOptions('exponentialDecay', options, ['gamma']);
  const { gamma } = options;
  checkNumber('exponentialDecay', 'gamma', gamma, SHARE);
  const hyper = { gamma: { start: gamma, range: SHARE } };
  return schedule('exponentialDecay', base, { gamma }, hyper, (step, { gamma }) => gamma ** step);
}

/**
 * base · (floor + (1 - floor) · (1 + cos(π · step / steps)) / 2), and base · floor after `steps`.
 * Source: Loshchilov and Hutter, "SGDR" (2017), equation 5, without restarts.
 */
export function cosineDecay(base: number, options: { steps: number; floor?: number }): Schedule {
  checkOptions('cosineDecay', options, ['steps', 'floor']);
  const { steps, floor = 0 } = options;
  checkNumber('cosineDecay', 'steps', steps, STEPS);
  checkNumber('cosineDecay', 'floor', floor, FRACTION);
  const factor = (step: number, { decaySteps, floor }: Hyper) =>
    floor + ((1 - floor) * (1 + Math.cos((Math.PI * Math.min(step, decaySteps)) / decaySteps))) / 2;
  const hyper = { decaySteps: { start: steps, range: STEPS }, floor: { start: floor, range: FRACTION } };
  return schedule('cosineDecay', base, { steps, floor }, hyper, factor);
}

/** base · (1 - (1 - floor) · step / steps), and base · floor after `steps`. */
export function linearDecay(base: number, options: { steps: number; floor?: number }): Schedule {
  checkOptions('linearDecay', options, ['steps', 'floor']);
  const { steps, floor = 0 } = options;
  checkNumber('linearDecay', 'steps', steps, STEPS);
  checkNumber('linearDecay', 'floor', floor, FRACTION);
  const factor = (step: number, { decaySteps, floor }: Hyper) => 1 - (1 - floor) * Math.min(step / decaySteps, 1);
  const hyper = { decaySteps: { start: steps, range: STEPS }, floor: { start: floor, range: FRACTION } };
  return schedule('linearDecay', base, { steps, floor }, hyper, factor);
}

/** The rate of `after`, times (step + 1) / steps during the first `steps` steps; `after` counts from the start too. */
export function warmup(after: Schedule | number, options: { steps: number }): Schedule {
  checkOptions('warmup', options, ['steps']);
  const { steps } = options;
  checkNumber('warmup', 'steps', steps, STEPS);
  const target = rateOf('warmup', 'after', after);
  if (target.kind === 'warmup') throw new RangeError('warmup: after must not be a warmup itself');
  const hyper = { ...target.hyper, warmupSteps: { start: steps, range: STEPS } };
  const starts = startsOf(hyper);
  return asKnown({
    kind: 'warmup',
    base: target.base,
    options: { steps, after: target },
    hyper,
    factor: (step, now = starts) => Math.min(1, (step + 1) / now.warmupSteps) * target.factor(step, now),
  });
}
