import adamDirectionWgsl from '../../shaders/ops/adam-direction.wgsl?raw';
import { elementwise } from './elementwise.js';
import type { Tensor } from './tensor.js';

export const adamDirectionOp = elementwise({
  name: 'adamDirection',
  wgsl: adamDirectionWgsl,
});

/**
 * m / (√v · rootCorrection + epsilon), with rootCorrection = 1 / √(1 - beta2^t): the direction of an Adam step but for
 * the factor 1 / (1 - beta1^t), which the host puts into the rate. Finite also where m = v = 0.
 * Source: Kingma and Ba, "Adam", ICLR 2015, algorithm 1, epsilon added as in PyTorch.
 */
export function adamDirection(m: Tensor, v: Tensor, rootCorrection: Tensor, epsilon: Tensor): Tensor {
  return m.trace.apply(adamDirectionOp, [m, v, rootCorrection, epsilon]);
}
