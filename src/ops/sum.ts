import { expand } from './expand.js';
import type { StructuralOp, Values } from './op.js';
import { sumError } from './rounding.js';
import type { Shape, Tensor } from './tensor.js';

/** Which elements of x meet in which element of y: that at (row, col) is added to y[toRow(row) + col · perCol]. */
interface Destination {
  toRow(row: number): number;
  perCol: 0 | 1;
  /** Rows of x that count; default all. */
  rows?: number;
}

/** Fills y with sums of x's elements and, where `y.error` is there, with the bound of a sum in any order. */
export function sumInto(x: Values, y: Values, { toRow, perCol, rows = x.rows }: Destination): void {
  const size = y.rows * y.cols;
  const sum = new Float64Array(size); // y.data may be f32
  const magnitude = new Float64Array(size);
  const error = new Float64Array(size);
  const terms = new Uint32Array(size);
  for (let row = 0; row < rows; row++) {
    const start = toRow(row);
    for (let col = 0; col < x.cols; col++) {
      const from = row * x.cols + col;
      const to = start + col * perCol;
      sum[to] += x.data[from];
      terms[to]++;
      magnitude[to] += Math.abs(x.data[from]);
      if (x.error) error[to] += x.error[from];
    }
  }
  for (let i = 0; i < size; i++) {
    y.data[i] = sum[i];
    if (y.error) y.error[i] = sumError(terms[i], magnitude[i], error[i]);
  }
}

const summation = (name: string, shape: (x: Shape) => Shape, to: Destination): StructuralOp => ({
  name,
  kind: 'structural',
  shape: ([x]) => ({ ...shape(x), dtype: 'f32' }),
  evaluate: ([x], y) => sumInto(x, y, to),
  gradient: (dy, _y, [x]) => [expand(dy, x)],
});

export const sumRowsOp = summation('sumRows', ({ cols }) => ({ rows: 1, cols }), { toRow: () => 0, perCol: 1 });

export const sumColsOp = summation('sumCols', ({ rows }) => ({ rows, cols: 1 }), { toRow: (row) => row, perCol: 0 });

export const sumAllOp = summation('sumAll', () => ({ rows: 1, cols: 1 }), { toRow: () => 0, perCol: 0 });

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
