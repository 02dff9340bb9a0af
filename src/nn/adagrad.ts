import { checkOptions } from '../errors/arguments.js';
import type { Update } from '../graph/step.js';
import { adamDirection, averageSquare, constant, descend } from '../ops/index.js';
import { ABOVE_0 } from './hyper-parameters.js';
import { type Optimizer, optimizerOfRate, rateScalar } from './optimizers.js';
import type { Schedule } from './schedules.js';

/** Options of `adagrad`. */
export interface AdagradOptions {
  /** Default 0.01. */
  learningRate?: number | Schedule | undefined;
  /** Added to the root of the sum of squared gradients; > 0. Default 1e-10. */
  epsilon?: number | undefined;
}

/**
 * Adagrad with PyTorch's formulas: s <- s + g², θ <- θ - lr·g / (sqrt(s) + ε).
 * Source: Duchi, Hazan and Singer, "Adaptive subgradient methods", JMLR 12 (2011), the diagonal form of section 1.1.
 * @throws TypeError or RangeError naming the option that is wrong
 */
export function adagrad(options: AdagradOptions = {}): Optimizer {
  checkOptions('adagrad', options, ['learningRate', 'epsilon']);
  const { learningRate = 0.01, epsilon = 1e-10 } = options;
  return optimizerOfRate('adagrad', learningRate, {
    numbers: { epsilon: { start: epsilon, range: ABOVE_0 } },
    update(gradients, context, rate) {
      const lr = rateScalar(context, rate);
      const one = constant(context.trace, 1);
      return gradients.flatMap(({ parameter, gradient }): Update[] => {
        const state = context.optimizerState(parameter, 'sumOfSquares');
        const sum = averageSquare(state, gradient, one, one);
        const direction = adamDirection(gradient, sum, one, context.scalar('epsilon'));
        return [
          { state, value: sum },
          { state: parameter.tensor, value: descend(parameter.tensor, direction, lr) },
        ];
      });
    },
  });
}
