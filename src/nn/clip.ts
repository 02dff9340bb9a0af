import { checkNumber } from '../errors/arguments.js';
import { add, divide, maximum, minimum, multiply, negate, sqrt, sumAll } from '../ops/index.js';
import { asKnown, checkDescribed } from './described.js';
import { ABOVE_0 } from './hyper-parameters.js';
import type { Optimizer } from './optimizers.js';

/**
 * Scales all gradients by one factor wherever the norm of them together is greater than `norm`, so that it becomes `norm`,
 * and hands them to an optimiser. Source: Pascanu et al., "On the difficulty of training recurrent neural networks" (2013).
 * @param norm above 0; the hyper-parameter `clipNorm`
 */
export function clipByGlobalNorm(optimizer: Optimizer, norm: number): Optimizer {
  const kind = 'clipByGlobalNorm';
  checkDescribed(kind, 'optimizer', optimizer, 'update', 'adam()');
  checkNumber(kind, 'norm', norm, ABOVE_0);
  return asKnown({
    ...optimizer,
    kind,
    options: { optimizer, norm },
    update(gradients, context) {
      context.hyper('clipNorm', norm, ABOVE_0);
      const limit = context.scalar('clipNorm');
      const squares = gradients.map(({ gradient }) => sumAll(multiply(gradient, gradient)));
      const scale = divide(limit, maximum(sqrt(squares.reduce(add)), limit));
      const clipped = gradients.map((each) => ({ ...each, gradient: multiply(each.gradient, scale) }));
      return optimizer.update(clipped, context);
    },
  });
}

/**
 * Moves every element of the gradients into [-limit, limit] and hands them to an optimiser.
 * @param limit above 0; the hyper-parameter `clipValue`
 */
export function clipByValue(optimizer: Optimizer, limit: number): Optimizer {
  const kind = 'clipByValue';
  checkDescribed(kind, 'optimizer', optimizer, 'update', 'adam()');
  checkNumber(kind, 'limit', limit, ABOVE_0);
  return asKnown({
    ...optimizer,
    kind,
    options: { optimizer, limit },
    update(gradients, context) {
      context.hyper('clipValue', limit, ABOVE_0);
      const most = context.scalar('clipValue');
      const clipped = gradients.map((each) => ({
        ...each,
        gradient: maximum(minimum(each.gradient, most), negate(most)),
      }));
      return optimizer.update(clipped, context);
    },
  });
}
