import descendWgsl from '../../shaders/ops/descend.wgsl?raw';
import { elementwise } from './elementwise.js';
import type { Tensor } from './tensor.js';

export const descendOp = elementwise({
  name: 'descend',
  wgsl: descendWgsl,
});

/** theta - rate · d: a step of `rate` against the direction d. */
export function descend(theta: Tensor, d: Tensor, rate: Tensor): Tensor {
  return theta.trace.apply(descendOp, [theta, d, rate]);
}
