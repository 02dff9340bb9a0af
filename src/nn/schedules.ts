import { checkNumber, checkOptions, show } from '../errors/arguments.js';
import type { Described } from './described.js';
import { RANGES } from './hyper-parameters.js';

/** Hyper-parameters by name. */
type Hyper = Readonly<Record<string, number>>;

/** A learning rate as a function of the optimiser's steps: rate(step) = base · factor(step). */
export interface Schedule extends Described {
  /** The base rate, the hyper-parameter `learningRate` that `set` changes. */
  readonly base: number;
  /** The initial values of its own hyper-parameters, which `set` changes too. Default: none. */
  readonly hyper?: Hyper;
  /** Returns the factor at optimiser step `step`, counted from 0, for the current hyper-parameters. */
  factor(step: number, hyper?: Hyper): number;
}

function schedule(
  kind: string,
  base: number,
  options: Record<string, number>,
  hyper: Hyper,
  factor: (step: number, hyper: Hyper) => number,
): Schedule {
  checkNumber(kind, 'base', base, RANGES.learningRate);
  return { kind, base, options: { base, ...options }, hyper, factor: (step, now = hyper) => factor(step, now) };
}

/** Returns a rate as a schedule. @throws TypeError or RangeError naming `where` and `name` */
export function rateOf(where: string, name: string, rate: unknown): Schedule {
  if (isSchedule(rate)) return rate;
  if (typeof rate === 'number') return constantRate(checkNumber(where, name, rate, RANGES.learningRate));
  throw new TypeError(
    `${where}: ${name} must be a number or a schedule such as cosineDecay(1e-3, { steps }), got ${show(rate)}`,
  );
}

const isSchedule = (value: unknown): value is Schedule =>
  typeof value === 'object' && value !== null && typeof Reflect.get(value, 'factor') === 'function';

/** The same rate at every step. */
export function constantRate(base: number): Schedule {
  return schedule('constantRate', base, {}, {}, () => 1);
}

/** base · gamma^floor(step / every). */
export function stepDecay(base: number, options: { every: number; gamma?: number }): Schedule {
  checkOptions('stepDecay', options, ['every', 'gamma']);
  const { every, gamma = 0.1 } = options;
  checkNumber('stepDecay', 'every', every, RANGES.every);
  checkNumber('stepDecay', 'gamma', gamma, RANGES.gamma);
  const own = { every, gamma };
  return schedule('stepDecay', base, own, own, (step, { every, gamma }) => gamma ** Math.floor(step / every));
}

/** base · gamma^step. */
export function exponentialDecay(base: number, options: { gamma: number }): Schedule {
  checkOptions('exponentialDecay', options, ['gamma']);
  const { gamma } = options;
  checkNumber('exponentialDecay', 'gamma', gamma, RANGES.gamma);
  return schedule('exponentialDecay', base, { gamma }, { gamma }, (step, { gamma }) => gamma ** step);
}

/**
 * base · (floor + (1 - floor) · (1 + cos(π · step / steps)) / 2), and base · floor after `steps`.
 * Source: Loshchilov and Hutter, "SGDR" (2017), equation 5, without restarts.
 */
export function cosineDecay(base: number, options: { steps: number; floor?: number }): Schedule {
  checkOptions('cosineDecay', options, ['steps', 'floor']);
  const { steps, floor = 0 } = options;
  checkNumber('cosineDecay', 'steps', steps, RANGES.decaySteps);
  checkNumber('cosineDecay', 'floor', floor, RANGES.floor);
  const factor = (step: number, { decaySteps, floor }: Hyper) =>
    floor + ((1 - floor) * (1 + Math.cos((Math.PI * Math.min(step, decaySteps)) / decaySteps))) / 2;
  return schedule('cosineDecay', base, { steps, floor }, { decaySteps: steps, floor }, factor);
}

/** The rate of `after`, times (step + 1) / steps during the first `steps` steps; `after` counts from the start too. */
export function warmup(after: Schedule | number, options: { steps: number }): Schedule {
  checkOptions('warmup', options, ['steps']);
  const { steps } = options;
  checkNumber('warmup', 'steps', steps, RANGES.warmupSteps);
  const target = rateOf('warmup', 'after', after);
  if (target.kind === 'warmup') throw new RangeError('warmup: after must not be a warmup itself');
  const hyper = { ...target.hyper, warmupSteps: steps };
  return {
    kind: 'warmup',
    base: target.base,
    options: { steps, after: { kind: target.kind, ...target.options } },
    hyper,
    factor: (step, now = hyper) => Math.min(1, (step + 1) / now.warmupSteps) * target.factor(step, now),
  };
}
