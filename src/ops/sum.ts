import { expand } from './expand.js';
import type { StructuralOp } from './op.js';
import type { Shape, Tensor } from './tensor.js';

const summation = (name: string, shape: (x: Shape) => Shape): StructuralOp => ({
  name,
  kind: 'structural',
  shape: ([x]) => ({ ...shape(x), dtype: 'f32' }),
  gradient: (dy, _y, [x]) => [expand(dy, x)],
});

export const sumRowsOp = summation('sumRows', ({ cols }) => ({ rows: 1, cols }));

export const sumColsOp = summation('sumCols', ({ rows }) => ({ rows, cols: 1 }));

export const sumAllOp = summation('sumAll', () => ({ rows: 1, cols: 1 }));

/** The sum over the rows, one a column: [m, n] -> [1, n]. */
export function sumRows(x: Tensor): Tensor {
  return x.trace.apply(sumRowsOp, [x]);
}

/** The sum over the columns, one a row: [m, n] -> [m, 1]. */
export function sumCols(x: Tensor): Tensor {
  return x.trace.apply(sumColsOp, [x]);
}

/** The sum of all elements: [m, n] -> [1, 1]. */
export function sumAll(x: Tensor): Tensor {
  return x.trace.apply(sumAllOp, [x]);
}
