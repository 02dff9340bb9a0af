import { checkNumber } from '../errors/arguments.js';
import { add, multiply, subtract } from '../ops/arithmetic.js';
import { constant } from '../ops/leaves.js';
import { dropout, randomNormal } from '../ops/random.js';
import { asKnown } from './described.js';
import { layerOfRate, maskSource } from './dropout-rate.js';
import { AT_LEAST_0 } from './hyper-parameters.js';
import type { Layer } from './layer.js';
import { random } from './random-source.js';
import type { Schedule } from './schedules.js';

/**
 * Gaussian dropout: in training each element is multiplied by 1 + √(p / (1 - p)) · z with z standard normal, which has the mean
 * and the variance of dropout's factors; in evaluation nothing happens. Source: Srivastava et al., JMLR 15 (2014), section 10.
 * @param p the rate of the dropout that it stands for, in [0, 1), or a schedule with such a base
 */
export function gaussianDropout(p: number | Schedule): Layer {
  return layerOfRate('gaussianDropout', p, (x, { context, layer, rate }) => {
    const deviation = context.scalar(`${layer}.deviation`, (host) => {
      const p = rate(host);
      return [Math.sqrt(p / (1 - p))];
    });
    const z = randomNormal(random(context, layer), x);
    return multiply(x, add(constant(x.trace, 1), multiply(deviation, z)));
  });
}

/**
 * Gaussian noise: in training each element gets deviation · z added, with z standard normal; in evaluation nothing happens. As
 * the first layer it is noise of the inputs, which penalises the network's slopes. Source: Bishop, "Training with noise is
 * equivalent to Tikhonov regularization" (1995).
 * @param deviation at least 0; the hyper-parameter `noise`
 */
export function gaussianNoise(deviation: number): Layer {
  checkNumber('gaussianNoise', 'deviation', deviation, AT_LEAST_0);
  return asKnown({
    kind: 'gaussianNoise',
    options: { deviation },
    starts: ['deviation'],
    apply(x, context) {
      const layer = context.layerName('gaussianNoise');
      const name = `${layer}.noise`;
      context.hyper(name, deviation, AT_LEAST_0);
      if (!context.random) return x;
      return add(x, multiply(context.scalar(name), randomNormal(random(context, layer), x)));
    },
  });
}

/** The value α' = -λ·α to which selu falls. */
const FLOOR = -1.0507009873554805 * 1.6732632423543772;

/** Returns the factor a by which alpha dropout of rate p keeps the variance. */
const alphaScale = (p: number) => 1 / Math.sqrt((1 - p) * (1 + p * FLOOR ** 2));

/**
 * Alpha dropout, for networks of `selu`: in training each element becomes α' ≈ -1.758 with probability p, and then all become
 * a·x + b with the a and b that keep mean 0 and variance 1; in evaluation nothing happens. Computed as a·(x - α') with the
 * mask of `dropout`, plus a·α'·(1 - p). Source: Klambauer et al., "Self-normalizing neural networks" (2017), section 2.
 * @param p the probability of an element to become α', in [0, 1), or a schedule with such a base
 */
export function alphaDropout(p: number | Schedule): Layer {
  return layerOfRate('alphaDropout', p, (x, { context, layer, rate }) => {
    const kept = dropout(subtract(x, constant(x.trace, FLOOR)), maskSource(context, rate, { scale: alphaScale }));
    const shift = context.scalar(`${layer}.shift`, (host) => {
      const p = rate(host);
      return [alphaScale(p) * FLOOR * (1 - p)];
    });
    return add(kept, shift);
  });
}
