import { checkNumber } from '../errors/arguments.js';
import * as ops from '../ops/activations.js';
import type { Tensor } from '../ops/tensor.js';
import { asActivation } from './described.js';
import { SHARE } from './hyper-parameters.js';
import type { Layer } from './layer.js';

const activation = (kind: string, apply: (x: Tensor) => Tensor): Layer => asActivation({ kind, options: {}, apply });

/** max(x, 0). */
export function relu(): Layer {
  return activation('relu', ops.relu);
}

/** x where it is positive, slope · x elsewhere. @param slope in (0, 1], default 0.01 */
export function leakyRelu(slope = 0.01): Layer {
  checkNumber('leakyRelu', 'slope', slope, SHARE);
  return {
    kind: 'leakyRelu',
    options: { slope },
    starts: ['slope'],
    apply(x, context) {
      const name = `${context.layerName('leakyRelu')}.slope`;
      context.hyper(name, slope, SHARE);
      return ops.leakyRelu(x, context.scalar(name));
    },
  };
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
