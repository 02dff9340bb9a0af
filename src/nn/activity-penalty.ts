import { checkChoice, checkNumber, checkOptions } from '../errors/arguments.js';
import { abs, constant, multiply, sumCols } from '../ops/index.js';
import { asKnown } from './described.js';
import { AT_LEAST_0 } from './hyper-parameters.js';
import type { Layer } from './layer.js';

/** Options of `activityPenalty`. */
export interface ActivityPenaltyOptions {
  /** 'l1' (default): λ · Σ|x|; 'l2': (λ/2) · Σx². */
  norm?: 'l1' | 'l2' | undefined;
}

/**
 * A layer that returns x and adds a penalty on it to the objective: λ · Σ|x| over the columns, as the mean over the examples
 * (weighted as their losses are). After `relu()` it makes units silent for most examples. λ is the hyper-parameter `activity`.
 * Reports of losses and penalties leave it out, since it depends on the data.
 * Source: Glorot, Bordes and Bengio, "Deep sparse rectifier neural networks" (2011), section 3.2; Keras, `ActivityRegularization`.
 * @param strength λ, at least 0
 * @throws TypeError or RangeError naming the argument that is wrong
 */
export function activityPenalty(strength: number, options: ActivityPenaltyOptions = {}): Layer {
  checkNumber('activityPenalty', 'strength', strength, AT_LEAST_0);
  checkOptions('activityPenalty', options, ['norm']);
  const { norm = 'l1' } = options;
  checkChoice('activityPenalty', 'norm', norm, ['l1', 'l2']);
  return asKnown({
    kind: 'activityPenalty',
    options: { strength, norm },
    starts: ['strength'],
    apply(x, context) {
      const name = `${context.layerName('activityPenalty')}.activity`;
      context.hyper(name, strength, AT_LEAST_0);
      const each = norm === 'l1' ? abs(x) : multiply(multiply(x, x), constant(x.trace, 0.5));
      if (context.training) context.penalty(multiply(sumCols(each), context.scalar(name)));
      return x;
    },
  });
}
