import { checkNumber } from '../errors/arguments.js';
import {
  gelu as geluOf,
  leakyRelu as leakyReluOf,
  relu as reluOf,
  sigmoid as sigmoidOf,
  softplus as softplusOf,
  tanh as tanhOf,
} from '../ops/index.js';
import type { Tensor } from '../ops/tensor.js';
import { RANGES } from './hyper-parameters.js';
import type { Layer } from './layer.js';

const activation = (kind: string, apply: (x: Tensor) => Tensor): Layer => ({ kind, options: {}, apply });

/** max(x, 0). */
export function relu(): Layer {
  return activation('relu', reluOf);
}

/** x where it is positive, slope · x elsewhere. @param slope in (0, 1], default 0.01 */
export function leakyRelu(slope = 0.01): Layer {
  checkNumber('leakyRelu', 'slope', slope, RANGES.slope);
  return {
    kind: 'leakyRelu',
    options: { slope },
    apply(x, context) {
      const name = `slope.${context.layerNumber('leakyRelu')}`;
      context.hyper(name, slope);
      return leakyReluOf(x, context.scalar(name));
    },
  };
}

/** The hyperbolic tangent. */
export function tanh(): Layer {
  return activation('tanh', tanhOf);
}

/** 1 / (1 + e^-x). */
export function sigmoid(): Layer {
  return activation('sigmoid', sigmoidOf);
}

/** x · Φ(x) with the normal distribution's Φ (the exact form). Source: Hendrycks and Gimpel (2016). */
export function gelu(): Layer {
  return activation('gelu', geluOf);
}

/** log(1 + e^x). */
export function softplus(): Layer {
  return activation('softplus', softplusOf);
}
