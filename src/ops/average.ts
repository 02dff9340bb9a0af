import averageWgsl from '../../shaders/ops/average.wgsl?raw';
import { elementwise } from './elementwise.js';
import type { Tensor } from './tensor.js';

export const averageOp = elementwise({
  name: 'average',
  wgsl: averageWgsl,
});

/**
 * beta · m + oneMinusBeta · g: the running mean of gradients. 1 - beta comes from the host, where it does not cancel.
 * Source: Kingma and Ba, "Adam", ICLR 2015, algorithm 1.
 */
export function average(m: Tensor, g: Tensor, beta: Tensor, oneMinusBeta: Tensor): Tensor {
  return m.trace.apply(averageOp, [m, g, beta, oneMinusBeta]);
}
