import averageSquareWgsl from '../../shaders/ops/average-square.wgsl?raw';
import { elementwise } from './elementwise.js';
import type { Tensor } from './tensor.js';

export const averageSquareOp = elementwise({
  name: 'averageSquare',
  wgsl: averageSquareWgsl,
});

/** beta · v + oneMinusBeta · g²: the running mean of squared gradients. Source: Kingma and Ba, ICLR 2015, algorithm 1. */
export function averageSquare(v: Tensor, g: Tensor, beta: Tensor, oneMinusBeta: Tensor): Tensor {
  return v.trace.apply(averageSquareOp, [v, g, beta, oneMinusBeta]);
}
