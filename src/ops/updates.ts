import adamDirectionWgsl from '../../shaders/ops/adam-direction.wgsl?raw';
import averageWgsl from '../../shaders/ops/average.wgsl?raw';
import averageSquareWgsl from '../../shaders/ops/average-square.wgsl?raw';
import descendWgsl from '../../shaders/ops/descend.wgsl?raw';
import velocityWgsl from '../../shaders/ops/velocity.wgsl?raw';
import { elementwise, type Tensor } from './tensor.js';

export const velocityOp = elementwise('velocity(v, g, momentum)', velocityWgsl);

/**
 * momentum · v + g: the velocity of SGD with momentum, and, of the new velocity, the direction of Nesterov's SGD.
 * Source: PyTorch, torch.optim.SGD (dampening 0).
 */
export function velocity(v: Tensor, g: Tensor, momentum: Tensor): Tensor {
  return v.trace.apply(velocityOp, [v, g, momentum]);
}

export const averageOp = elementwise('average(m, g, beta, one_minus_beta)', averageWgsl);

/**
 * beta · m + oneMinusBeta · g: the running mean of gradients. 1 - beta comes from the host, where it does not cancel.
 * Source: Kingma and Ba, "Adam", ICLR 2015, algorithm 1.
 */
export function average(m: Tensor, g: Tensor, beta: Tensor, oneMinusBeta: Tensor): Tensor {
  return m.trace.apply(averageOp, [m, g, beta, oneMinusBeta]);
}

export const averageSquareOp = elementwise('averageSquare(v, g, beta, one_minus_beta)', averageSquareWgsl);

/** beta · v + oneMinusBeta · g²: the running mean of squared gradients. Source: Kingma and Ba, ICLR 2015, algorithm 1. */
export function averageSquare(v: Tensor, g: Tensor, beta: Tensor, oneMinusBeta: Tensor): Tensor {
  return v.trace.apply(averageSquareOp, [v, g, beta, oneMinusBeta]);
}

export const adamDirectionOp = elementwise('adamDirection(m, v, root_correction, epsilon)', adamDirectionWgsl);

/**
 * m / (√v · rootCorrection + epsilon), with rootCorrection = 1 / √(1 - beta2^t): the direction of an Adam step but for
 * the factor 1 / (1 - beta1^t), which the host puts into the rate. Finite also where m = v = 0.
 * Source: Kingma and Ba, "Adam", ICLR 2015, algorithm 1, epsilon added as in PyTorch.
 */
export function adamDirection(m: Tensor, v: Tensor, rootCorrection: Tensor, epsilon: Tensor): Tensor {
  return m.trace.apply(adamDirectionOp, [m, v, rootCorrection, epsilon]);
}

export const descendOp = elementwise('descend(theta, d, rate)', descendWgsl);

/** theta - rate · d: a step of `rate` against the direction d. */
export function descend(theta: Tensor, d: Tensor, rate: Tensor): Tensor {
  return theta.trace.apply(descendOp, [theta, d, rate]);
}
