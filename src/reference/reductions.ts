import { inverseCount, TILE_ROWS, validRows } from '../ops/leaves.js';
import type { ElementwiseReference, StructuralReference, Values } from '../ops/tensor.js';
import { any } from './draws.js';
import { productError, rounded, roundedProduct, sumError } from './rounding.js';

/** The place in y of each element of x: that at (row, col) is added to y[toRow(row) + col · perCol]. */
interface Destination {
  toRow(row: number): number;
  perCol: 0 | 1;
  /** Rows of x that count; default all. */
  rows?: number;
}

/** Fills y with sums of x's elements and, where `y.error` is there, with the bound of a sum in any order. */
function sumInto(x: Values, y: Values, { toRow, perCol, rows = x.rows }: Destination): void {
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

const sums = (to: Destination): StructuralReference => ({ evaluate: ([x], y) => sumInto(x, y, to) });

const sumRows = sums({ toRow: () => 0, perCol: 1 });

const sumCols = sums({ toRow: (row) => row, perCol: 0 });

const sumAll = sums({ toRow: () => 0, perCol: 0 });

const tileSums: StructuralReference = {
  evaluate([x, batch], y) {
    const rows = validRows(batch.data, x.rows);
    sumInto(x, y, { toRow: (row) => Math.floor(row / TILE_ROWS), perCol: 0, rows });
  },
};

const l2Penalty: StructuralReference = {
  evaluate([theta, lambda], y) {
    let sum = 0;
    let error = 0;
    for (let i = 0; i < theta.data.length; i++) {
      const x = theta.data[i];
      const e = theta.error?.[i] ?? 0;
      sum += x * x;
      error += productError(x, e, x, e);
    }
    const half = lambda.data[0] / 2;
    y.data[0] = half * sum;
    if (!y.error) return;
    const sumBound = sumError(theta.data.length + 1, sum, error);
    y.error[0] = roundedProduct(half, (lambda.error?.[0] ?? 0) / 2, sum, sumBound);
  },
};

const perExample: ElementwiseReference = {
  draw: [any],
  words: 'batch',
  value: (x, at) => (at.row < at.words[0] ? x[0] * inverseCount(at.words) : 0),
  error: (_x, e, y, at) => (at.row < at.words[0] ? rounded(y, e[0] * inverseCount(at.words)) : 0),
};

const batchMean: StructuralReference = {
  evaluate([x, batch], y) {
    const rows = validRows(batch.data, x.rows);
    const sum = { rows: 1, cols: 1, data: new Float64Array(1), error: new Float64Array(1) };
    sumInto(x, sum, { toRow: () => 0, perCol: 0, rows });
    const inverse = inverseCount(batch.data);
    y.data[0] = sum.data[0] * inverse;
    if (y.error) y.error[0] = roundedProduct(sum.data[0], sum.error[0], inverse, 0);
  },
};

export const reductions = { sumRows, sumCols, sumAll, tileSums, l2Penalty, batchMean, perExample };
