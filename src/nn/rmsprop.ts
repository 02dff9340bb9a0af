import { checkNumber, checkOptions } from '../errors/arguments.js';
import type { Update } from '../graph/step.js';
import { adamDirection, averageSquare, constant, descend, velocity } from '../ops/index.js';
import { ABOVE_0, BELOW_1 } from './hyper-parameters.js';
import { type Optimizer, optimizerOfRate, rateScalar } from './optimizers.js';
import type { Schedule } from './schedules.js';

/** Options of `rmsprop`. */
export interface RmspropOptions {
  /** Default 0.01. */
  learningRate?: number | Schedule | undefined;
  /** Decay of the mean of squared gradients, in [0, 1). Default 0.99. */
  alpha?: number | undefined;
  /** Added to the root of that mean; > 0. Default 1e-8. */
  epsilon?: number | undefined;
  /** μ of the velocity, in [0, 1). Default 0, which is a step without one. */
  momentum?: number | undefined;
}

/**
 * RMSprop with PyTorch's formulas: v <- α·v + (1-α)·g², d = g / (sqrt(v) + ε), θ <- θ - lr·d; with momentum
 * b <- μ·b + d, θ <- θ - lr·b. It has no centered form, whose variance E[g²] - E[g]² cancels in float32.
 * Source: Tieleman and Hinton, "Lecture 6.5 - rmsprop", Neural Networks for Machine Learning (2012).
 * @throws TypeError or RangeError naming the option that is wrong
 */
export function rmsprop(options: RmspropOptions = {}): Optimizer {
  checkOptions('rmsprop', options, ['learningRate', 'alpha', 'epsilon', 'momentum']);
  const { learningRate = 0.01, alpha = 0.99, epsilon = 1e-8, momentum = 0 } = options;
  checkNumber('rmsprop', 'momentum', momentum, BELOW_1);
  return optimizerOfRate('rmsprop', learningRate, {
    numbers: { alpha: { start: alpha, range: BELOW_1 }, epsilon: { start: epsilon, range: ABOVE_0 } },
    options: { momentum },
    update(gradients, context, rate) {
      if (momentum > 0) context.hyper('momentum', momentum, BELOW_1);
      const lr = rateScalar(context, rate);
      const rest = context.scalar('1 - alpha', ({ hyper }) => [1 - hyper.alpha]);
      return gradients.flatMap(({ parameter, gradient }): Update[] => {
        const { tensor } = parameter;
        const state = context.optimizerState(parameter, 'averageSquare');
        const v = averageSquare(state, gradient, context.scalar('alpha'), rest);
        const direction = adamDirection(gradient, v, constant(context.trace, 1), context.scalar('epsilon'));
        const updates = [{ state, value: v }];
        if (momentum === 0) return [...updates, { state: tensor, value: descend(tensor, direction, lr) }];
        const buffer = context.optimizerState(parameter, 'velocity');
        const b = velocity(buffer, direction, context.scalar('momentum'));
        return [...updates, { state: buffer, value: b }, { state: tensor, value: descend(tensor, b, lr) }];
      });
    },
  });
}
