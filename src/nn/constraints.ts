import { checkNumber } from '../errors/arguments.js';
import { divide, maximum, multiply, relu, sqrt, sumRows, type Tensor } from '../ops/index.js';
import { constant } from '../ops/leaves.js';
import { asKnown } from './described.js';
import { ABOVE_0 } from './hyper-parameters.js';
import type { Constraint } from './layer.js';

/** Returns the norm of the weights into each unit: [features, units] -> [1, units]. */
const unitNorms = (w: Tensor) => sqrt(sumRows(multiply(w, w)));

/**
 * Scales the weights into a unit to the norm `norm` wherever theirs is greater, to the accuracy of float32; biases are left
 * alone. Source: Srivastava et al., JMLR 15 (2014), section 5.1.
 * @param norm above 0; the hyper-parameter `maxNorm`
 */
export function maxNorm(norm: number): Constraint {
  checkNumber('maxNorm', 'norm', norm, ABOVE_0);
  return asKnown({
    kind: 'maxNorm',
    options: { norm },
    starts: ['norm'],
    constrain({ penalised, layer }, value, context) {
      if (!penalised) return value;
      context.hyper(`${layer}.maxNorm`, norm, ABOVE_0);
      const most = context.scalar(`${layer}.maxNorm`);
      return multiply(value, divide(most, maximum(unitNorms(value), most)));
    },
  });
}

/** The least norm that `unitNorm` divides by: weights that are all 0 stay 0. */
const LEAST = 2 ** -60;

/** Scales the weights into each unit to the norm 1; biases are left alone. */
export function unitNorm(): Constraint {
  return asKnown({
    kind: 'unitNorm',
    options: {},
    constrain({ penalised }, value) {
      if (!penalised) return value;
      return divide(value, maximum(unitNorms(value), constant(value.trace, LEAST)));
    },
  });
}

/** Sets negative weights to 0; biases are left alone. */
export function nonNegative(): Constraint {
  return asKnown({
    kind: 'nonNegative',
    options: {},
    constrain: ({ penalised }, value) => (penalised ? relu(value) : value),
  });
}
