import { checkBoolean, checkNumber, checkOptions } from '../errors/arguments.js';
import { descend, velocity as velocityOf } from '../ops/index.js';
import { RANGES } from './hyper-parameters.js';
import { decayed, declareRate, describeRate, type Optimizer } from './optimizer.js';
import { rateOf, type Schedule } from './schedules.js';

/** Options of `sgd`. */
export interface SgdOptions {
  /** Default 0.01. */
  learningRate?: number | Schedule;
  /** μ of the velocity v <- μ·v + g, in [0, 1). Default 0, which is plain gradient descent without a state. */
  momentum?: number;
  /** Step along g + μ·v instead of v. Default false. */
  nesterov?: boolean;
  /** Decoupled weight decay wd: θ <- θ - lr·v - lr·wd·θ (SGDW). Biases do not decay. Default 0. */
  weightDecay?: number;
}

/**
 * Stochastic gradient descent with PyTorch's formulas: v <- μ·v + g, θ <- θ - lr·v.
 * `weightDecay` is the decoupled one: Loshchilov and Hutter, "Decoupled weight decay regularization" (2019), algorithm 1.
 */
export function sgd(options: SgdOptions = {}): Optimizer {
  checkOptions('sgd', options, ['learningRate', 'momentum', 'nesterov', 'weightDecay']);
  const { learningRate = 0.01, momentum = 0, nesterov = false, weightDecay } = options;
  const rate = rateOf('sgd', 'learningRate', learningRate);
  checkNumber('sgd', 'momentum', momentum, RANGES.momentum);
  checkBoolean('sgd', 'nesterov', nesterov);
  if (weightDecay !== undefined) checkNumber('sgd', 'weightDecay', weightDecay, RANGES.weightDecay);
  if (nesterov && momentum === 0) throw new RangeError('sgd: nesterov needs a momentum > 0, got 0');
  return {
    kind: 'sgd',
    options: {
      learningRate: describeRate(rate),
      momentum,
      nesterov,
      weightDecay,
    },
    update(parameter, gradient, context) {
      const { tensor } = parameter;
      const at = declareRate(rate, context);
      const lr = context.scalar('learningRate', (host) => [at(host)]);
      const theta = decayed(parameter, weightDecay, at, context);
      if (momentum === 0) return [{ state: tensor, value: descend(theta, gradient, lr) }];
      context.hyper('momentum', momentum);
      const mu = context.scalar('momentum');
      const state = context.optimizerState(parameter, 'velocity');
      const v = velocityOf(state, gradient, mu);
      const direction = nesterov ? velocityOf(v, gradient, mu) : v;
      return [
        { state, value: v },
        { state: tensor, value: descend(theta, direction, lr) },
      ];
    },
  };
}
