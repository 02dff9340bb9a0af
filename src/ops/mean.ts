import { constant } from './leaves.js';
import { multiply } from './multiply.js';
import { sumAll, sumCols, sumRows } from './sum.js';
import type { Tensor } from './tensor.js';

/** sum · f32(1 / count). */
function over(sum: Tensor, count: number): Tensor {
  return multiply(sum, constant(sum.trace, 1 / count));
}

/** The mean over the rows, one a column: [m, n] -> [1, n]. */
export function meanRows(x: Tensor): Tensor {
  return over(sumRows(x), x.rows);
}

/** The mean over the columns, one a row: [m, n] -> [m, 1]. */
export function meanCols(x: Tensor): Tensor {
  return over(sumCols(x), x.cols);
}

/** The mean of all elements: [m, n] -> [1, 1]. */
export function meanAll(x: Tensor): Tensor {
  return over(sumAll(x), x.rows * x.cols);
}
