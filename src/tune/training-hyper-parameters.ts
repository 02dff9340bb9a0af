import { dropoutThreshold } from '../random/source.js';
import type { HyperParameters } from '../train/hyper-parameters.js';

/** What a hyper-parameter must do, and whether a number does. */
export interface Bound {
  readonly must: string;
  holds(value: number): boolean;
}

const atLeast0: Bound = { must: 'be at least 0', holds: (x) => x >= 0 };
const below1: Bound = { must: 'lie in [0, 1)', holds: (x) => x >= 0 && x < 1 };

const share: Bound = { must: 'lie in (0, 1]', holds: (x) => x > 0 && x <= 1 };
const steps: Bound = { must: 'be a positive integer', holds: (x) => Number.isSafeInteger(x) && x > 0 };

const BOUNDS: Readonly<Record<keyof HyperParameters, Bound>> = {
  l2: atLeast0,
  learningRate: atLeast0,
  weightDecay: atLeast0,
  momentum: below1,
  beta1: below1,
  beta2: below1,
  epsilon: { must: 'be above 0', holds: (x) => x > 0 },
  slope: share,
  gamma: share,
  floor: { must: 'lie in [0, 1]', holds: (x) => x >= 0 && x <= 1 },
  every: steps,
  decaySteps: steps,
  warmupSteps: steps,
  // A rate that rounds to 1 in the words of the random source would drop everything.
  dropout: { must: below1.must, holds: (p) => p >= 0 && dropoutThreshold(p) < 2 ** 32 },
};

/** The bound of the hyper-parameter of that name, if it has one; those of `set` and of the optimisers do. */
export function boundOf(name: string): Bound | undefined {
  return isTrainingHyperParameter(name) ? BOUNDS[name] : undefined;
}

/**
 * Whether a network that is trained already can go on with another value: true of what concerns its training, false of what
 * its layers are made from, such as `hidden`.
 */
export function isTrainingHyperParameter(name: string): name is keyof HyperParameters {
  return Object.hasOwn(BOUNDS, name);
}
