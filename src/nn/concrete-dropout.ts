import { checkNumber, checkOptions, type NumberRange } from '../errors/arguments.js';
import { sigmoid, softplus } from '../ops/activations.js';
import { add, divide, multiply, negate, subtract } from '../ops/arithmetic.js';
import { log } from '../ops/elementary.js';
import { constant } from '../ops/leaves.js';
import { randomUniform } from '../ops/random.js';
import { l2Penalty } from '../ops/reductions.js';
import { maximum } from '../ops/selection.js';
import type { Tensor } from '../ops/tensor.js';
import { asKnown, checkDescribed } from './described.js';
import { ABOVE_0, AT_LEAST_0 } from './hyper-parameters.js';
import type { Layer, Regularizer } from './layer.js';
import { random } from './random-source.js';

/** Options of `concreteDropout`. */
export interface ConcreteDropoutOptions {
  /** The rate that p starts with, in (0, 1). Default 0.1. */
  start?: number | undefined;
  /** The hyper-parameter `weights`: the factor of ‖W‖² / (1 - p), l² / N for a prior length scale l. Default 1e-6. */
  weights?: number | undefined;
  /**
   * The hyper-parameter `entropy`: the factor of K · (p·ln p + (1 - p)·ln(1 - p)), K being the layer's inputs: 2 / N for mean
   * squared errors, 1 / N for cross-entropies. Default 1e-5.
   */
  entropy?: number | undefined;
  /** The temperature t of the relaxed mask, above 0: the lower, the closer it is to 0 and 1. Default 0.1. */
  temperature?: number | undefined;
}

const KNOWN = ['start', 'weights', 'entropy', 'temperature'];
const OPEN: NumberRange = { min: 0, max: 1, exclusive: 'both', float32: true };

/**
 * Concrete dropout of the inputs of `layer`, whose rate p = σ(logit) is learned with the weights W: in training each element
 * of x is multiplied by (1 - z) / (1 - p) with z = σ((logit + ln u - ln(1 - u)) / t) and u uniform; the objective has the
 * terms weights · ‖W‖² / (1 - p) and entropy · K · (p·ln p + (1 - p)·ln(1 - p)). In evaluation nothing happens.
 * Source: Gal, Hron, Kendall, "Concrete dropout" (2017), equations 3 to 5, with the scaled masks of their code.
 * @param layer a layer with weights, such as `dense(64)`, which needs no other penalty
 */
export function concreteDropout(layer: Layer, options: ConcreteDropoutOptions = {}): Layer {
  const kind = 'concreteDropout';
  checkDescribed(kind, 'layer', layer, 'apply', 'dense(10)');
  checkOptions(kind, options, KNOWN);
  const { start = 0.1, weights = 1e-6, entropy = 1e-5, temperature = 0.1 } = options;
  checkNumber(kind, 'start', start, OPEN);
  checkNumber(kind, 'weights', weights, AT_LEAST_0);
  checkNumber(kind, 'entropy', entropy, AT_LEAST_0);
  checkNumber(kind, 'temperature', temperature, ABOVE_0);
  return asKnown({
    kind,
    options: { layer, start, weights, entropy, temperature },
    starts: ['weights', 'entropy', 'temperature'],
    apply(x, context) {
      const own = context.layerName(kind);
      context.hyper(`${own}.weights`, weights, AT_LEAST_0);
      context.hyper(`${own}.entropy`, entropy, AT_LEAST_0);
      context.hyper(`${own}.temperature`, temperature, ABOVE_0);
      const W: Tensor[] = [];
      const regularizer: Regularizer = {
        kind,
        options: {},
        penalty({ tensor: logit }, { scalar }) {
          const kept = sigmoid(negate(logit));
          // p·ln p + (1 - p)·ln(1 - p), with ln p = -softplus(-logit) and ln(1 - p) = -softplus(logit).
          const dropped = multiply(sigmoid(logit), softplus(negate(logit)));
          const information = negate(add(dropped, multiply(kept, softplus(logit))));
          const factor = scalar(`${own}.information`, ({ hyper }) => [x.cols * hyper[`${own}.entropy`]]);
          const twice = scalar(`${own}.twice`, ({ hyper }) => [2 * hyper[`${own}.weights`]]);
          const norms = W.map((w) => divide(l2Penalty(w, twice), kept));
          return norms.reduce(add, multiply(factor, information));
        },
      };
      const logit = context.parameter(`${own}.logit`, {
        rows: 1,
        cols: 1,
        layer: own,
        decays: false,
        penalised: false,
        initializer: { kind, options: {}, fill: (out) => out.fill(Math.log(start / (1 - start))) },
        regularizer,
      });
      const inner = {
        ...context,
        parameter(name: string, request: Parameters<typeof context.parameter>[1]) {
          const tensor = context.parameter(name, request);
          if (request.decays) W.push(tensor);
          return tensor;
        },
      };
      if (!context.random) return layer.apply(x, inner);
      // u is a multiple of 2^-24 below 1: 1 - u is exact and not 0, and half a step stands for u = 0.
      const u = randomUniform(random(context, own), x);
      const noise = subtract(log(maximum(u, constant(x.trace, 2 ** -25))), log(subtract(constant(x.trace, 1), u)));
      const z = divide(add(logit, noise), context.scalar(`${own}.temperature`));
      const mask = divide(sigmoid(negate(z)), sigmoid(negate(logit)));
      return layer.apply(multiply(x, mask), inner);
    },
  });
}
