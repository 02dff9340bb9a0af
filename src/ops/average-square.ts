import { elementwise } from './elementwise.js';
import { rounded, roundedProduct } from './rounding.js';
import type { Tensor } from './tensor.js';

export const averageSquareOp = elementwise({
  name: 'averageSquare',
  value: (x) => x[2] * x[0] + x[3] * (x[1] * x[1]),
  error(x, e, y) {
    const square = x[1] * x[1];
    const squareError = roundedProduct(x[1], e[1], x[1], e[1]);
    return rounded(y, roundedProduct(x[2], e[2], x[0], e[0]) + roundedProduct(x[3], e[3], square, squareError));
  },
});

/** beta · v + oneMinusBeta · g²: the running mean of squared gradients. Source: Kingma and Ba, ICLR 2015, algorithm 1. */
export function averageSquare(v: Tensor, g: Tensor, beta: Tensor, oneMinusBeta: Tensor): Tensor {
  return v.trace.apply(averageSquareOp, [v, g, beta, oneMinusBeta]);
}
