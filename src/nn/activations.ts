import { checkNumber } from '../errors/arguments.js';
import * as ops from '../ops/activations.js';
import { add, divide, multiply } from '../ops/arithmetic.js';
import { abs } from '../ops/elementary.js';
import { constant } from '../ops/leaves.js';
import type { Tensor } from '../ops/tensor.js';
import { asKnown } from './described.js';
import { ABOVE_0, SHARE } from './hyper-parameters.js';
import type { Layer } from './layer.js';

const KINDS = ['elu', 'gelu', 'leakyRelu', 'relu', 'selu', 'sigmoid', 'silu', 'softplus', 'softsign', 'tanh'] as const;

/** The kinds of the activations below, sorted. No entry exports it, because `export *` leaves out a default. */
export default KINDS;

const activation = (kind: string, apply: (x: Tensor) => Tensor): Layer => asKnown({ kind, options: {}, apply });

/** max(x, 0). */
export function relu(): Layer {
  return activation('relu', ops.relu);
}

/** x where it is positive, slope · x elsewhere. @param slope in (0, 1], default 0.01 */
export function leakyRelu(slope = 0.01): Layer {
  checkNumber('leakyRelu', 'slope', slope, SHARE);
  return asKnown({
    kind: 'leakyRelu',
    options: { slope },
    starts: ['slope'],
    apply(x, context) {
      const name = `${context.layerName('leakyRelu')}.slope`;
      context.hyper(name, slope, SHARE);
      return ops.leakyRelu(x, context.scalar(name));
    },
  });
}

/** The hyperbolic tangent. */
export function tanh(): Layer {
  return activation('tanh', ops.tanh);
}

/** 1 / (1 + e^-x). */
export function sigmoid(): Layer {
  return activation('sigmoid', ops.sigmoid);
}

/** x · Φ(x) with the normal distribution's Φ (the exact form). Source: Hendrycks and Gimpel (2016). */
export function gelu(): Layer {
  return activation('gelu', ops.gelu);
}

/** log(1 + e^x). */
export function softplus(): Layer {
  return activation('softplus', ops.softplus);
}

/**
 * x where it is positive, alpha · (e^x - 1) elsewhere. Source: Clevert, Unterthiner, Hochreiter, ICLR 2016, equation 16.
 * @param alpha minus the least output, above 0, default 1: the hyper-parameter `saturation`
 */
export function elu(alpha = 1): Layer {
  checkNumber('elu', 'alpha', alpha, ABOVE_0);
  return asKnown({
    kind: 'elu',
    options: { alpha },
    starts: ['alpha'],
    apply(x, context) {
      const name = `${context.layerName('elu')}.saturation`;
      context.hyper(name, alpha, ABOVE_0);
      return ops.elu(x, context.scalar(name));
    },
  });
}

/** The alpha and the factor of `selu`, with which a mean of 0 and a variance of 1 are a fixed point. */
const [SELU_ALPHA, SELU_SCALE] = [1.6732632423543772, 1.0507009873554805];

/**
 * 1.0507 · elu(x, 1.6733), which keeps mean 0 and variance 1 from layer to layer with `lecun` weights.
 * Source: Klambauer et al., "Self-normalizing neural networks", NeurIPS 2017, equation 2.
 */
export function selu(): Layer {
  return activation('selu', (x) => {
    const y = ops.elu(x, constant(x.trace, SELU_ALPHA));
    return multiply(y, constant(x.trace, SELU_SCALE));
  });
}

/** x · sigmoid(x), also called swish. Source: Elfwing, Uchibe, Doya, arXiv 1702.03118, equation 5. */
export function silu(): Layer {
  return activation('silu', (x) => multiply(x, ops.sigmoid(x)));
}

/** x / (1 + |x|). Source: Bergstra et al., "Quadratic polynomials learn better image features" (2009). */
export function softsign(): Layer {
  return activation('softsign', (x) => divide(x, add(abs(x), constant(x.trace, 1))));
}
