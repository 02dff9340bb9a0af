import { checkNumber } from '../errors/arguments.js';
import { abs, add, l2Penalty, multiply, sumAll } from '../ops/index.js';
import { asKnown } from './described.js';
import { AT_LEAST_0, FRACTION } from './hyper-parameters.js';
import { checkL1Options, type L1Options, softThreshold } from './l1.js';
import type { LayerContext, Regularizer } from './layer.js';

/** Options of `elasticNet`. */
export interface ElasticNetOptions extends L1Options {
  /** α, the share of the l1 term, in [0, 1]. Default 0.5. */
  l1Ratio?: number | undefined;
}

/**
 * The elastic net, λ · (α·Σ|θ| + (1-α)/2 · Σθ²) over the weights. λ and α are the hyper-parameters `elasticNet` and
 * `l1Ratio`. With `proximal` the optimizer follows the loss alone, and then
 * θ <- sign(θ) · max(|θ| - rate·λα, 0) / (1 + rate·λ(1-α)); `l1` says what that means for adaptive optimizers.
 * Source: Zou and Hastie (2005), with the λ and α of Friedman, Hastie and Tibshirani (2010), equation 2, and scikit-learn; the
 * proximal step: Parikh and Boyd, "Proximal algorithms" (2014), section 6.5.3.
 * @param strength λ, at least 0
 * @throws TypeError or RangeError naming the argument that is wrong
 */
export function elasticNet(strength: number, options: ElasticNetOptions = {}): Regularizer {
  checkNumber('elasticNet', 'strength', strength, AT_LEAST_0);
  const { proximal, biases } = checkL1Options('elasticNet', options, ['l1Ratio']);
  const { l1Ratio = 0.5 } = options;
  checkNumber('elasticNet', 'l1Ratio', l1Ratio, FRACTION);
  const declare = (layer: string, context: LayerContext) => {
    context.hyper(`${layer}.elasticNet`, strength, AT_LEAST_0);
    context.hyper(`${layer}.l1Ratio`, l1Ratio, FRACTION);
  };
  const shares = (layer: string, hyper: Readonly<Record<string, number>>) => {
    const [lambda, alpha] = [hyper[`${layer}.elasticNet`], hyper[`${layer}.l1Ratio`]];
    return { ofL1: lambda * alpha, ofL2: lambda * (1 - alpha) };
  };
  return asKnown({
    kind: 'elasticNet',
    options: { strength, l1Ratio, proximal, biases },
    starts: ['strength', 'l1Ratio'],
    penalty({ penalised, tensor, layer }, context) {
      if (!penalised && !biases) return undefined;
      declare(layer, context);
      const ofL1 = context.scalar(`${layer}.elasticNet, l1`, ({ hyper }) => [shares(layer, hyper).ofL1]);
      const ofL2 = context.scalar(`${layer}.elasticNet, l2`, ({ hyper }) => [shares(layer, hyper).ofL2]);
      return add(multiply(sumAll(abs(tensor)), ofL1), l2Penalty(tensor, ofL2));
    },
    ...(proximal && {
      proximal({ penalised, layer }, value, context) {
        if (!penalised && !biases) return value;
        declare(layer, context);
        const at = `rate · ${layer}.elasticNet`;
        const threshold = context.scalar(`${at}, l1`, (host) => [context.rate(host) * shares(layer, host.hyper).ofL1]);
        const shrink = context.scalar(`${at}, l2`, (host) => [
          1 / (1 + context.rate(host) * shares(layer, host.hyper).ofL2),
        ]);
        return multiply(softThreshold(value, threshold), shrink);
      },
    }),
  });
}
