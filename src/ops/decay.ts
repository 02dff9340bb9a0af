import decayWgsl from '../../shaders/ops/decay.wgsl?raw';
import { elementwise } from './elementwise.js';
import type { Tensor } from './tensor.js';

export const decayOp = elementwise({
  name: 'decay',
  wgsl: decayWgsl,
});

/**
 * theta · factor, with factor = 1 - rate · weight decay from the host: decoupled weight decay.
 * Source: Loshchilov and Hutter, "Decoupled weight decay regularization", ICLR 2019.
 */
export function decay(theta: Tensor, factor: Tensor): Tensor {
  return theta.trace.apply(decayOp, [theta, factor]);
}
