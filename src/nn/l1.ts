import { checkBoolean, checkNumber, checkOptions } from '../errors/arguments.js';
import { abs, constant, maximum, multiply, sign, subtract, sumAll, type Tensor } from '../ops/index.js';
import { asKnown } from './described.js';
import { AT_LEAST_0 } from './hyper-parameters.js';
import type { LayerContext, Regularizer } from './layer.js';

/** Options of `l1` and of `elasticNet`. */
export interface L1Options {
  /** Take the penalty's proximal step after the optimizer's, in place of its gradient. Default false. */
  proximal?: boolean | undefined;
  /** Penalise biases too, and whatever else is not penalised otherwise. Default false. */
  biases?: boolean | undefined;
}

/**
 * The lasso, λ · Σ|θ| over the weights, whose gradient at 0 is 0. λ is the hyper-parameter `l1`.
 *
 * With `proximal` the optimizer follows the loss alone, and then θ <- sign(θ) · max(|θ| - rate·λ, 0): weights become exactly 0
 * where the gradient only makes them small. The rate is the plain learning rate of the optimizer at that step. After SGD
 * without momentum the fixed points are the minimisers of loss and penalty; a momentum μ makes the gradient's steps 1 / (1-μ)
 * times as long and not this one, so that λ counts as (1-μ)·λ. Adaptive optimizers (`adam`, `rmsprop`, `lion`, ...) scale every
 * weight's gradient and not this step: λ stands against a direction of size about 1, and the zeros are not those of loss
 * and penalty.
 * Source: Tibshirani (1996); the proximal step: Parikh and Boyd, "Proximal algorithms" (2014), section 6.5.2.
 * @param strength λ, at least 0
 * @throws TypeError or RangeError naming the argument that is wrong
 */
export function l1(strength: number, options: L1Options = {}): Regularizer {
  checkNumber('l1', 'strength', strength, AT_LEAST_0);
  const { proximal, biases } = checkL1Options('l1', options);
  const declare = (layer: string, context: LayerContext) => {
    context.hyper(`${layer}.l1`, strength, AT_LEAST_0);
    return `${layer}.l1`;
  };
  return asKnown({
    kind: 'l1',
    options: { strength, proximal, biases },
    starts: ['strength'],
    penalty({ penalised, tensor, layer }, context) {
      if (!penalised && !biases) return undefined;
      return multiply(sumAll(abs(tensor)), context.scalar(declare(layer, context)));
    },
    ...(proximal && {
      proximal({ penalised, layer }, value, context) {
        if (!penalised && !biases) return value;
        const name = declare(layer, context);
        return softThreshold(
          value,
          context.scalar(`rate · ${name}`, (host) => [context.rate(host) * host.hyper[name]]),
        );
      },
    }),
  });
}

/** Returns the options with their defaults. @throws TypeError naming the option that is wrong */
export function checkL1Options(
  where: string,
  options: L1Options,
  more: readonly string[] = [],
): Required<Pick<L1Options, 'proximal' | 'biases'>> {
  checkOptions(where, options, ['proximal', 'biases', ...more]);
  const { proximal = false, biases = false } = options;
  checkBoolean(where, 'proximal', proximal);
  checkBoolean(where, 'biases', biases);
  return { proximal, biases };
}

/** Returns sign(x) · max(|x| - threshold, 0): exactly 0 where |x| is at most the threshold, however a device rounds. */
export function softThreshold(x: Tensor, threshold: Tensor): Tensor {
  return multiply(sign(x), maximum(subtract(abs(x), threshold), constant(x.trace, 0)));
}
